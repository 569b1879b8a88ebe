/** A display that cannot be drawn on any more: blank, and the device goes on. */
import { simulatedPatient } from "../../../../modules/cardiac/index.js";
import type { DevicePorts } from "../../../../modules/device/index.js";
import { FRAME_MS, withDisplay } from "../../../../modules/platform/display/index.js";
import { deep, ok, same } from "../../../support/assert.js";
import { SteppedClock } from "../../device/bench.js";
import { Paper } from "./paper.js";

/** Refuses once, in the midst of a picture. */
class Torn extends Paper {
  torn = false;

  override text(...[text, size, color, x, y]: Parameters<Paper["text"]>): void {
    if (this.torn) {
      this.torn = false;
      throw new Error("the bus is gone");
    }
    super.text(text, size, color, x, y);
  }
}

describe("a display that fails", () => {
  it("shows nothing that could be taken for now, says so, and draws no more", async () => {
    const clock = new SteppedClock();
    const canvas = new Torn(320, 240);
    const told: unknown[] = [];
    const patient = simulatedPatient();
    const live = () => {
      patient.liveUntil(clock.monotonicMs());
      clock.after(100, live);
    };
    live();
    const ports = { clock, observe() {} } as unknown as DevicePorts;
    const shown = withDisplay(ports, canvas, { samples: patient, patient }, (error) => told.push(error));
    await clock.pass(2000);
    ok(canvas.begun > 10);
    canvas.torn = true;
    shown.observe({ kind: "window" }); // has it say everything anew
    shown.observe({ kind: "fault", error: { code: "flash/record" } as never });
    await clock.pass(2 * FRAME_MS);
    same(told.length, 1);
    same(new Set(canvas.pixels).size, 1, "one ground:");
    deep(canvas.texts.at(-1)?.text, "display failed");
    const { begun } = canvas;
    await clock.pass(5000);
    deep([canvas.begun, clock.timers], [begun, 1], "only the patient lives on:");
  });
});
