/**
 * The heart alone, and with its pacer in DDD: heart.js SECONDS. Byte codes a second of two channels at 250 Hz, lead II and
 * the ventricle's electrogram, read a second at a time, with the electrodes' noise and the baseline's wander.
 */
import { PacedHeart, RHYTHM_NAMES, SyntheticSource } from "../../modules/cardiac/index.js";
import { argument, metered, report } from "./meter.js";

const RATE_HZ = 250;
const seconds = Number(argument(0));

const figures: Record<string, { alone: number; paced: number }> = {};
for (const rhythm of RHYTHM_NAMES) {
  const options = { rhythm, rateHz: RATE_HZ, channels: ["II", "EGM-V"] } as const;
  const alone = new SyntheticSource(options);
  const paced = new PacedHeart(options);
  const perSecond = (work: (first: number) => unknown) =>
    Math.round(
      metered(() => {
        for (let first = 0; first < RATE_HZ * seconds; first += RATE_HZ) work(first);
      }) / seconds,
    );
  figures[rhythm] = {
    alone: perSecond((first) => alone.read(first, RATE_HZ)),
    paced: perSecond((first) => {
      paced.read(first, RATE_HZ);
      paced.takeMarkers(first + RATE_HZ);
    }),
  };
}
report(figures);
