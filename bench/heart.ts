import { inside } from "./inside.js";

/** Byte codes of XS a second, of two channels at 250 Hz. */
export interface HeartFigures {
  /** Of each rhythm: the heart alone, and with its pacer in DDD. */
  readonly heart: Readonly<Record<string, { readonly alone: number; readonly paced: number }>>;
  /** The dearest rhythm with its pacer: at most `HEART_LIMIT`. */
  readonly heartMeterPerSecond: number;
  readonly heartDearest: string;
}

export const HEART_LIMIT = 100_000;
const SECONDS = 60;

/** @param bundle `bench/xs/heart.ts`, bundled for XS */
export async function measureHeart(runner: string, bundle: string): Promise<HeartFigures> {
  const heart = await inside<HeartFigures["heart"]>(runner, bundle, [SECONDS]);
  const [dearest] = Object.entries(heart).sort(([, a], [, b]) => b.paced - a.paced);
  if (dearest === undefined) throw new Error("expected figures of hearts, came none");
  return { heart, heartMeterPerSecond: dearest[1].paced, heartDearest: dearest[0] };
}
