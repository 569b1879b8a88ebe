/**
 * The heart alone, and with its pacer in DDD: heart.js SECONDS. Byte codes a second of two channels at 250 Hz, lead II and
 * the ventricle's electrogram, read a second at a time, with the electrodes' noise and the baseline's wander.
 */
import {
  PacedHeart,
  type PacedHeartOptions,
  RHYTHM_NAMES,
  SyntheticSource,
} from "../../modules/cardiac/index.js";
import { argument, metered, report } from "./meter.js";

const RATE_HZ = 250;
const seconds = Number(argument(0));

/** Each rhythm as it is, and the two dearest cases. */
const CASES: Record<string, PacedHeartOptions> = {
  ...Object.fromEntries(RHYTHM_NAMES.map((rhythm) => [rhythm, { rhythm }])),
  "sinus at 220 bpm": { bpm: 220 },
  "vf, all disturbances": { rhythm: "vf", disturbances: { wanderUv: 250, mainsUv: 50, muscleUv: 30 } },
};

const figures: Record<string, { alone: number; paced: number }> = {};
for (const [name, wanted] of Object.entries(CASES)) {
  const options = { ...wanted, rateHz: RATE_HZ, channels: ["II", "EGM-V"] } as const;
  const alone = new SyntheticSource(options);
  const paced = new PacedHeart(options);
  const perSecond = (work: (first: number) => unknown) =>
    Math.round(
      metered(() => {
        for (let first = 0; first < RATE_HZ * seconds; first += RATE_HZ) work(first);
      }) / seconds,
    );
  figures[name] = {
    alone: perSecond((first) => alone.read(first, RATE_HZ)),
    paced: perSecond((first) => {
      paced.read(first, RATE_HZ);
      paced.takeMarkers(((first + RATE_HZ) * 1000) / RATE_HZ);
    }),
  };
}
report(figures);
