/** Kids are base64url in the ledger and in `iss`, and hexadecimal wherever people read them. */
import { toBase64url } from "../../modules/bytes/base64url.js";
import { fromHex } from "../../modules/bytes/index.js";

/** @param kid base64url */
export function hexOf(kid: string): string {
  return Buffer.from(kid, "base64url").toString("hex");
}

/** @param hex an even number of digits */
export function kidFromHex(hex: string): string {
  return toBase64url(fromHex(hex.toLowerCase()));
}
