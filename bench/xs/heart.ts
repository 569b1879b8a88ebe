/** The heart, its ECG and later its pacer alone: heart.js SECONDS. Byte codes a second, two channels at 250 Hz. */
import { RHYTHM_NAMES, SyntheticSource } from "../../modules/cardiac/index.js";
import { argument, metered, report } from "./meter.js";

const seconds = Number(argument(0));
const figures: Record<string, number> = {};
for (const rhythm of RHYTHM_NAMES) {
  const source = new SyntheticSource({ rhythm, channels: ["II", "EGM-V"] });
  const meter = metered(() => {
    for (let first = 0; first < 250 * seconds; first += 250) source.read(first, 250);
  });
  figures[rhythm] = Math.round(meter / seconds);
}
report(figures);
