/** Blocks of markers by chance, from a seed. */
import type { InForce, MarkerBlock } from "../../../../modules/cardiac/codec/index.js";
import { Random } from "../../../../modules/cardiac/exact.js";
import { type Marker, MODES, NOMINAL, PACE_NOW } from "../../../../modules/cardiac/pacer/index.js";

const NAMES = ["AS", "AP", "AT", "VS", "VP", "PVC"] as const;

export interface Marked {
  readonly firstMs: number;
  readonly block: MarkerBlock;
}

export function marked(seed: number, most = 256): Marked {
  const random = new Random(seed * 7919 + 1);
  const upTo = (end: number) => Math.floor(random.between(0, end));
  const firstMs = upTo(2 ** 40);
  const spanMs = 1 + upTo([1, 40, 1100, 65_536][upTo(4)]!);
  const times = (count: number) =>
    Array.from({ length: upTo(count + 1) }, () => firstMs + upTo(spanMs)).sort((a, b) => a - b);
  const markers = times([2, 6, most][upTo(3)]!).map(
    (atMs): Marker => ({ type: "marker", name: NAMES[upTo(6)]!, refractory: upTo(2) === 1, atMs }),
  );
  const inForce = times(upTo(3) === 0 ? 8 : 0).map((atMs): InForce => {
    const base = upTo(2) === 1 ? NOMINAL : PACE_NOW;
    const parameters = {
      ...base,
      mode: MODES[upTo(MODES.length)]!,
      sensedAvDelayOffsetMs: 10 * (upTo(11) - 10),
    };
    return {
      atMs,
      parameters,
      temporary: upTo(2) === 1,
      paceNow: base === PACE_NOW,
      magnet: upTo(2) === 1,
    };
  });
  return { firstMs, block: { endMs: firstMs + spanMs, markers, inForce } };
}
