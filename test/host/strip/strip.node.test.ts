import { drawStrip, type Strip } from "../../../host/strip/index.js";
import { NONE, PacedHeart } from "../../../modules/cardiac/index.js";
import { NOMINAL } from "../../../modules/cardiac/pacer/index.js";
import { ok, same } from "../../support/assert.js";

function strip(): Strip {
  const heart = new PacedHeart({
    rhythm: "avb3",
    parameters: { ...NOMINAL, mode: "DDD" },
    channels: ["II", "EGM-V"],
    disturbances: NONE,
  });
  return {
    title: "Title <&>",
    subtitle: "",
    note: "",
    format: heart.format,
    samples: heart.read(0, 2500),
    fromMs: 0,
    markers: heart.takeMarkers(10_000),
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The corners of the long lines in a drawing, in mm. */
const traces = (svg: string): Point[][] =>
  [...svg.matchAll(/<path d="(M[^"]*)" fill="none" stroke="[^"]*" stroke-width=".3" stroke-linejoin/g)].map(
    ([, path]) =>
      [...path!.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) })),
  );

/** What a line through the points has at x. */
function at(points: readonly Point[], x: number): number {
  const next = points.findIndex((point, index) => index > 0 && point.x >= x);
  const [a, b] = [points[next - 1]!, points[next]!];
  return a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x || 1);
}

describe("host/strip", () => {
  const given = strip();
  const svg = drawStrip(given);
  const drawn = traces(svg);

  it("25 mm a second: ten seconds are 250 mm of paper", () => {
    same(drawn.length, 2);
    for (const points of drawn) ok(Math.abs(points.at(-1)!.x - points[0]!.x - 249.9) < 0.01);
  });

  it("10 mm a mV in II, 1 mm a mV in the ventricle's electrogram: every sample within 0.05 mm of the line", () => {
    const lanes = [
      { mmPerMv: 10, above: 20, below: 15 },
      { mmPerMv: 1, above: 10, below: 10 },
    ];
    for (const [lead, points] of drawn.entries()) {
      const { mmPerMv, above, below } = lanes[lead]!;
      const height = (i: number) =>
        Math.max(-below, Math.min(above, given.samples[lead]![i]! * 0.005 * mmPerMv));
      const level = points[0]!.y + height(0);
      ok(Math.abs((level % 5) - 2) < 0.02, "0 mV lies on a strong line, which are 5 mm apart from 17 on");
      for (let i = 1; i < 2500; i++) {
        const y = at(points, points[0]!.x + i * 0.1);
        ok(Math.abs(level - height(i) - y) <= 0.05, `sample ${i} of lead ${lead}: ${y} mm`);
      }
    }
  });

  it("a pulse of 1 mV and 0.2 s before II", () => ok(svg.includes("h2.5v-10h5v10h2.5")));

  it("each marker's tick stands at its time, paced ones thicker", () => {
    const left = drawn[0]![0]!.x;
    const ticks = [
      ...svg.matchAll(/<path d="M([\d.]+) ([\d.]+)L\1 [\d.]+" stroke="[^"]*" stroke-width="([\d.]+)"/g),
    ];
    for (const { atMs, name } of given.markers!) {
      const near = ticks.filter(([, x]) => Math.abs(Number(x) - left - atMs / 40) < 0.011);
      ok(
        near.some(([, , , width]) => Number(width) === (name === "VP" ? 0.6 : 0.3)),
        `${name} at ${atMs} ms`,
      );
    }
    const words = [...svg.matchAll(/>(AS|VP|VS|AP)</g)].map(([, word]) => word);
    same(words.length, given.markers!.length);
  });

  it("says ms from V to V", () => {
    const beats = given.markers!.filter(({ name }) => name.startsWith("V"));
    for (const [index, { atMs }] of beats.slice(1).entries())
      ok(svg.includes(`>${atMs - beats[index]!.atMs}<`));
  });

  it("is XML whatever the words, and has no marker lane without a pacer", () => {
    ok(svg.includes("Title &#60;&#38;&#62;") && !svg.includes("<&"));
    const bare = drawStrip({ ...given, markers: undefined });
    ok(!bare.includes("Markers") && !bare.includes(">VP<"));
    ok(!/NaN|undefined|Infinity/.test(svg + bare));
  });
});
