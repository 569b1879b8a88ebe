/** What a token of a stream says, without looking at its signature: it was verified before it was stored. */
import type { CborValue } from "../../modules/cbor/index.js";
import { CLAIM, parseCwtUnverified, TYP } from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import {
  type AcceptedToken,
  type Cti,
  decodeCti,
  decodeGap,
  decodeHeader,
  type Gap,
  PRIVATE_CLAIM,
  type StreamFormat,
} from "../../modules/reading/index.js";

export interface StoredToken {
  readonly kind: AcceptedToken["kind"];
  /** Who signed it. */
  readonly kid: Uint8Array;
  readonly cti: Cti;
  /** Seconds since 1970, the device's own. */
  readonly iat: number;
  /** A header's, and a gap's where it has one. */
  readonly format?: StreamFormat;
  readonly gap?: Gap;
}

const KINDS: readonly [number | string, AcceptedToken["kind"]][] = [
  [TYP.reading, "reading"],
  [TYP.streamHeader, "header"],
  [TYP.head, "head"],
  [TYP.gap, "gap"],
  [TYP.boot, "boot"],
  [TYP.tip, "tip"],
];

/** @throws VagusError `host/store` for a token of no stream, `cose/…`, `cwt/…`, `cbor/…`, `reading/…` */
export function readStored(token: Uint8Array): StoredToken {
  const { typ, kid, claims } = parseCwtUnverified(token);
  const kind = KINDS.find(([known]) => known === typ)?.[1];
  if (kind === undefined || kid === undefined) {
    throw new VagusError("host/store", `expected a token of a stream, came typ ${String(typ)}`);
  }
  const cti = decodeCti(claims.get(CLAIM.cti));
  const stored = { kind, kid, cti, iat: claims.get(CLAIM.iat) as number };
  const claim = (label: number): CborValue => claims.get(label);
  if (kind === "header") return { ...stored, format: formatOf(decodeHeader(claim(PRIVATE_CLAIM.header))) };
  if (kind !== "gap") return stored;
  const gap = decodeGap(claim(PRIVATE_CLAIM.gap));
  return { ...stored, gap, ...(gap.format && { format: gap.format }) };
}

function formatOf({ rateHz, nanovoltsPerStep, channels }: StreamFormat): StreamFormat {
  return { rateHz, nanovoltsPerStep, channels };
}
