import { decodeBlock } from "../../modules/cardiac/codec/index.js";
import { CLAIM, parseCwtUnverified, TYP } from "../../modules/cwt/index.js";
import { decodeCti, decodeReading, PRIVATE_CLAIM, STREAM } from "../../modules/reading/index.js";

/** The samples of a token that was verified before; undefined for one that has none. */
export function readAgain(token: Uint8Array, channels: number): Int16Array[] | undefined {
  const { typ, claims } = parseCwtUnverified(token);
  if (typ !== TYP.reading || decodeCti(claims.get(CLAIM.cti)).stream !== STREAM.ecg) return undefined;
  return decodeBlock(decodeReading(claims.get(PRIVATE_CLAIM.reading)).block, channels);
}
