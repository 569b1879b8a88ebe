/** COSE header parameters (RFC 9052 section 3): the two buckets, their labels, and `crit`. */
import { type CborOptions, type CborValue, decode, encode } from "../cbor/index.js";
import { asArray, asBytes, asLabelled } from "../cbor/shape.js";
import { VagusError } from "../error/index.js";

export type Label = number | string;
export type HeaderMap = Map<Label, CborValue>;

/** IANA's COSE header parameters, as far as they occur here. */
export const HEADER = {
  alg: 1,
  crit: 2,
  contentType: 3,
  kid: 4,
  iv: 5,
  partialIv: 6,
  kcwt: 13,
  kccs: 14,
  /** RFC 9596 */
  typ: 16,
} as const;

/** COSE's message tags (RFC 9052 section 2). */
export const COSE_TAG = { encrypt0: 16, mac0: 17, sign1: 18, encrypt: 96 } as const;

export const EMPTY = (): Uint8Array => new Uint8Array(0);

export interface Headers {
  protected: HeaderMap;
  unprotected: HeaderMap;
}

/** The protected bucket as it travels and is authenticated: an empty one is h'', not h'a0' (section 3). */
export function encodeProtected(map: HeaderMap): Uint8Array {
  return map.size === 0 ? EMPTY() : encode(map);
}

/**
 * The buckets of a message, and the protected one as it stands in Sig_structure, Enc_structure and MAC_structure:
 * both h'' and h'a0' come in for an empty bucket (section 3), h'' goes on (section 4.4).
 * @throws VagusError `cose/malformed`, `cose/header` for a label in both buckets or a wrongly typed parameter,
 *   `cose/critical`, `cbor/…`
 */
export function readHeaders(
  protectedBytes: CborValue,
  unprotected: CborValue,
  options: CborOptions,
  understood: readonly Label[] = [],
): { headers: Headers; authenticated: Uint8Array } {
  const bytes = asBytes(protectedBytes, "cose/malformed", "protected");
  const map: HeaderMap =
    bytes.length === 0 ? new Map() : asLabelled(decode(bytes, options), "cose/malformed", "protected");
  const headers = { protected: map, unprotected: asLabelled(unprotected, "cose/malformed", "unprotected") };
  checkHeaders(headers, understood);
  return { headers, authenticated: map.size === 0 ? EMPTY() : bytes };
}

/** The same rules for what is about to be sent. */
export function checkHeaders(headers: Headers, understood: readonly Label[] = []): void {
  for (const label of headers.unprotected.keys()) {
    if (headers.protected.has(label)) {
      throw new VagusError("cose/header", `label ${label} stands in both buckets`);
    }
  }
  for (const bucket of [headers.protected, headers.unprotected]) {
    for (const label of [HEADER.kid, HEADER.iv, HEADER.partialIv]) {
      if (bucket.has(label)) asBytes(bucket.get(label), "cose/header", `parameter ${label}`);
    }
  }
  if (header(headers, HEADER.iv) !== undefined && header(headers, HEADER.partialIv) !== undefined) {
    throw new VagusError("cose/header", "IV and Partial IV exclude each other");
  }
  checkCritical(headers, understood);
}

/** A parameter from whichever bucket has it. */
export function header(headers: Headers, label: Label): CborValue {
  return headers.protected.get(label) ?? headers.unprotected.get(label);
}

/** The `kid` of a message, if it has one. */
export function kidOf(headers: Headers): Uint8Array | undefined {
  return header(headers, HEADER.kid) as Uint8Array | undefined;
}

/**
 * `crit` (section 3.1): a non-empty array in the protected bucket; every label listed is there too, and is one that
 * we understand: 1 to 6 are handled here, others by the caller who names them.
 */
function checkCritical(headers: Headers, understood: readonly Label[]): void {
  if (headers.unprotected.has(HEADER.crit)) throw new VagusError("cose/critical", "crit is not protected");
  if (!headers.protected.has(HEADER.crit)) return;
  const labels = asArray(headers.protected.get(HEADER.crit), "cose/critical", "crit");
  if (labels.length === 0) throw new VagusError("cose/critical", "crit: expected at least one label");
  for (const label of labels) {
    if (typeof label !== "number" && typeof label !== "string") {
      throw new VagusError("cose/critical", "crit: expected integers and text");
    }
    if (!headers.protected.has(label)) {
      throw new VagusError("cose/critical", `label ${label} is critical, but not in the protected bucket`);
    }
    const handled = typeof label === "number" && label >= HEADER.alg && label <= HEADER.partialIv;
    if (!handled && !understood.includes(label)) {
      throw new VagusError("cose/critical", `label ${label} is critical, but not understood`);
    }
  }
}
