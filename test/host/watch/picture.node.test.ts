/** What a terminal shows of a device that is watched. */
import type { MonitorEvent } from "../../../host/programmer/monitor.js";
import { PictureView } from "../../../host/watch/picture.js";
import { WatchTally } from "../../../host/watch/tally.js";
import { STREAM } from "../../../modules/reading/index.js";
import { ok } from "../../support/assert.js";

const RATE = 250;
const format = { rateHz: RATE, nanovoltsPerStep: 5000, channels: ["II"] };

/** A terminal, and what was written to it since it was looked at. */
function terminal() {
  let text = "";
  const stream = {
    columns: 100,
    rows: 30,
    isTTY: true,
    write: (piece: string) => {
      text += piece;
      return true;
    },
  };
  /** Is it drawn within a second and a half of the trace's time? */
  const shows = async (what: string) => {
    text = "";
    for (let tries = 0; tries < 30 && !text.includes(what); tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    return text.includes(what);
  };
  return { stream, shows };
}

function token(stream: number, token: object): MonitorEvent {
  return { kind: "token", stream, format, token: { stream, ...token } } as unknown as MonitorEvent;
}

/** A second of the trace. */
function second(boot: number, n: number): MonitorEvent {
  const firstSample = n * RATE;
  const channels = [new Int16Array(RATE)];
  return token(STREAM.ecg, {
    kind: "reading",
    cti: { boot, sequence: n + 1 },
    ...{ firstSample, nextSample: firstSample + RATE, channels },
  });
}

function markers(boot: number, fromMs: number): MonitorEvent {
  const at = [0, 250, 500, 750].map((ms) => ({
    type: "marker",
    name: "VP",
    refractory: false,
    atMs: fromMs + ms,
  }));
  return token(STREAM.pacing, { kind: "reading", cti: { boot, sequence: 1 }, markers: at });
}

describe("vagus watch on a terminal", () => {
  it("markers are those of the boot whose trace it is", async () => {
    const { stream, shows } = terminal();
    const view = new PictureView({
      ...{ stream: stream as never, ascii: true, color: false, hint: "", about: () => "a device" },
      clock: { nowMs: () => 0, after: () => () => {} },
      watched: () => ({ staleness: () => ({ kind: "live" }), figures: undefined }) as never,
      tally: new WatchTally(),
    });
    try {
      const header = (boot: number) =>
        token(STREAM.ecg, { kind: "header", cti: { boot, sequence: 0 }, format });
      view.event(header(1));
      for (let n = 0; n < 6; n++) {
        view.event(second(1, n));
        view.event(markers(1, n * 1000));
      }
      ok(await shows("VP"), "the first boot's trace has its markers");
      view.event(header(2));
      for (let n = 0; n < 6; n++) view.event(second(2, n));
      ok(!(await shows("VP")), "the second one has none yet");
      for (let n = 0; n < 6; n++) view.event(markers(2, n * 1000));
      ok(await shows("VP"), "and then its own");
    } finally {
      view.end();
    }
  });
});
