/** Methods (RFC 9528 section 3.2) and cipher suites (section 3.6), and the choice between suites (section 6.3). */
import type { AeadAlgorithm } from "../cose/algorithms.js";
import { TAG_LENGTH } from "../cose/algorithms.js";
import type { KeyCurve } from "../cose/key.js";
import type { AgreementCurve, Crypto, SignatureAlgorithm, SigningCurve } from "../crypto/port.js";
import { VagusError } from "../error/index.js";

/** 0: both sign. 1: I signs, R has a static DH key. 2: the other way about. 3: both have static DH keys. */
export type Method = 0 | 1 | 2 | 3;
export type SuiteNumber = 0 | 1 | 2 | 3;

/** All of them hash with SHA-256. */
export interface Suite {
  readonly number: SuiteNumber;
  /** The EDHOC AEAD algorithm, by its COSE number. */
  readonly aead: AeadAlgorithm;
  readonly tagLength: number;
  /** Bytes of MAC_2 or MAC_3 where the side that makes it has a static DH key. */
  readonly macLength: number;
  readonly agreement: AgreementCurve;
  readonly signing: SigningCurve;
  readonly signature: SignatureAlgorithm;
  /** The algorithms that the suite proposes to the application, by their COSE numbers. Vagus takes AEAD 30 instead. */
  readonly applicationAead: 10;
  readonly applicationHash: -16;
}

/** G_X and G_Y: the u coordinate, or P-256's x alone (section 3.7). */
export const G_LENGTH = 32;
export const HASH_LENGTH = 32;
export const SIGNATURE_LENGTH = 64;

// suite: EDHOC AEAD, hash, MAC length, curve, signature, application AEAD, application hash   (section 10.2)
//   0    10, -16,  8, 4, -8, 10, -16        2    10, -16,  8, 1, -7, 10, -16
//   1    30, -16, 16, 4, -8, 10, -16        3    30, -16, 16, 1, -7, 10, -16
const SUITES: readonly Suite[] = ([0, 1, 2, 3] as const).map((number) => {
  const aead = number % 2 === 0 ? 10 : 30;
  const curves =
    number < 2
      ? ({ agreement: "X25519", signing: "Ed25519", signature: "EdDSA" } as const)
      : ({ agreement: "P-256-ECDH", signing: "P-256", signature: "ES256" } as const);
  const tagLength = TAG_LENGTH[aead];
  const application = { applicationAead: 10, applicationHash: -16 } as const;
  return { number, aead, tagLength, macLength: tagLength, ...curves, ...application };
});

/** @throws VagusError `edhoc/suite` for one that is not built in */
export function suiteOf(number: number): Suite {
  const suite = SUITES.find((known) => known.number === number);
  if (suite === undefined) throw new VagusError("edhoc/suite", `expected suite 0 to 3, came ${number}`);
  return suite;
}

export function initiatorSigns(method: Method): boolean {
  return method < 2;
}

export function responderSigns(method: Method): boolean {
  return method % 2 === 0;
}

/** The curve of an authentication key, as a COSE_Key names it. */
export function authenticationCurve(suite: Suite, signs: boolean): KeyCurve {
  if (signs) return suite.signing;
  return suite.agreement === "X25519" ? "X25519" : "P-256";
}

/** G_X or G_Y as it travels, from a public key of the Crypto port. */
export function compactPoint(suite: Suite, publicKey: Uint8Array): Uint8Array {
  return suite.agreement === "X25519" ? publicKey : publicKey.slice(1, 1 + G_LENGTH);
}

/** The other way. Either y will do (appendix B). @throws VagusError `crypto/bad-point` for an x on no point */
export function completePoint(crypto: Crypto, suite: Suite, g: Uint8Array): Uint8Array {
  return suite.agreement === "X25519" ? g : crypto.decompressP256(g);
}

/**
 * SUITES_I: those preferred to the selected one, and that one last (section 5.2.2).
 * @param preferred all of the Initiator's, most preferred first; those before the selected one need not be built in
 * @throws VagusError `edhoc/suite` where the selected one is not among them
 */
export function suitesI(preferred: readonly number[], selected: number): number[] {
  const at = preferred.indexOf(selected);
  if (at < 0) {
    throw new VagusError("edhoc/suite", `expected one of ${preferred.join(", ")} selected, came ${selected}`);
  }
  return preferred.slice(0, at + 1);
}

/**
 * Which suite to select for the next message_1: the most preferred one that SUITES_R names (section 6.3.1). An
 * error message proves nothing, so nothing here drops a suite from the preferences.
 * @throws VagusError `edhoc/suite` where there is none in common
 */
export function selectSuite(preferred: readonly number[], suites_r: readonly number[]): number {
  const selected = preferred.find((suite) => suites_r.includes(suite));
  if (selected !== undefined) return selected;
  throw new VagusError("edhoc/suite", `expected one of ${preferred.join(", ")}, came ${suites_r.join(", ")}`);
}

/**
 * The Responder's side (section 5.2.3): the selected suite is supported, and none that the Initiator prefers to it is.
 * @throws VagusError `edhoc/suite`, to be answered with SUITES_R
 */
export function acceptSuite(suites_i: readonly number[], supported: readonly SuiteNumber[]): Suite {
  const first = suites_i.findIndex((suite) => (supported as readonly number[]).includes(suite));
  if (first < 0 || first !== suites_i.length - 1) {
    throw new VagusError(
      "edhoc/suite",
      `expected the first of ${supported.join(", ")} that the peer has, came ${suites_i.join(", ")}`,
    );
  }
  return suiteOf(suites_i[first]);
}
