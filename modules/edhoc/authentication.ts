/**
 * Signature_or_MAC_2 and _3 (RFC 9528 sections 5.3.2, 5.4.2): the proof that a side holds the private key of its
 * credential and means this session. A static DH key is proved by the MAC, as it went into the PRK; a signature
 * key signs the MAC, as the payload of a COSE_Sign1 of which only the signature travels.
 *
 *   context_2 = << C_R, ID_CRED_R, TH_2, CRED_R, ? EAD_2 >>        context_3 = << ID_CRED_I, TH_3, CRED_I, ? EAD_3 >>
 *   Sig_structure = [ "Signature1", << ID_CRED_x >>, << TH, CRED_x, ? EAD >>, MAC ]
 *
 * The Sign1 of a token has an empty external_aad and a protected `typ`; this one never has either.
 */
import { concat, equal } from "../bytes/index.js";
import { encode } from "../cbor/index.js";
import { sigStructure } from "../cose/sign1.js";
import type { Crypto, PrivateKey, SigningCurve } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import type { EdhocIdentity, IdCred, PeerCredential } from "./credentials.js";
import { encodeIdentifier, malformed } from "./items.js";
import { authenticationCurve, HASH_LENGTH, SIGNATURE_LENGTH, type Suite } from "./suites.js";

/** What one side vouches for. */
export interface Statement {
  /** In message_2 only. */
  readonly c_r?: Uint8Array;
  /** The whole header map, never the compact form. */
  readonly id_cred: Uint8Array;
  /** TH_2 or TH_3. */
  readonly th: Uint8Array;
  readonly cred: Uint8Array;
  /** The encoded items, perhaps none. */
  readonly ead: Uint8Array;
}

/** MAC_2 or MAC_3 over a context. */
export type ComputeMac = (context: Uint8Array, length: number) => Uint8Array;

/** context_2 or context_3, as a sequence. */
export function encodeContext({ c_r, id_cred, th, cred, ead }: Statement): Uint8Array {
  const first = c_r === undefined ? [] : [encodeIdentifier(c_r)];
  return concat(...first, id_cred, encode(th), cred, ead);
}

/** What a signature key signs. */
export function toBeSigned({ id_cred, th, cred, ead }: Statement, mac: Uint8Array): Uint8Array {
  return sigStructure(id_cred, concat(encode(th), cred, ead), mac);
}

/** @param key the side's own signature key, or undefined where it has a static DH key */
export async function composeSignatureOrMac(
  crypto: Crypto,
  suite: Suite,
  statement: Statement,
  computeMac: ComputeMac,
  key: PrivateKey<SigningCurve> | undefined,
): Promise<Uint8Array> {
  const mac = computeMac(encodeContext(statement), macLength(suite, key !== undefined));
  return key === undefined ? mac : crypto.sign(key, toBeSigned(statement, mac));
}

/**
 * @param signingKey the peer's public signature key, or undefined where it has a static DH key
 * @throws VagusError `edhoc/mac`; `edhoc/malformed` for a wrong length
 */
export function verifySignatureOrMac(
  crypto: Crypto,
  suite: Suite,
  statement: Statement,
  computeMac: ComputeMac,
  signingKey: Uint8Array | undefined,
  signature_or_mac: Uint8Array,
): void {
  const signs = signingKey !== undefined;
  const expected = signs ? SIGNATURE_LENGTH : suite.macLength;
  if (signature_or_mac.length !== expected) {
    throw malformed(`Signature_or_MAC: expected ${expected} bytes, came ${signature_or_mac.length}`);
  }
  const mac = computeMac(encodeContext(statement), macLength(suite, signs));
  const good = signs
    ? crypto.verify(suite.signature, signingKey, toBeSigned(statement, mac), signature_or_mac)
    : equal(mac, signature_or_mac);
  if (!good) throw unauthentic();
}

function macLength(suite: Suite, signs: boolean): number {
  return signs ? HASH_LENGTH : suite.macLength;
}

/** The one error of what does not authenticate, whichever part of it does not. */
export function unauthentic(): VagusError {
  return new VagusError("edhoc/mac", "expected a message of the peer in this session, came another");
}

/** The own key as the method and the suite want it. @throws VagusError `edhoc/credential` */
export function ownSigningKey(
  suite: Suite,
  signs: boolean,
  identity: EdhocIdentity,
): PrivateKey<SigningCurve> | undefined {
  const expected = signs ? suite.signing : suite.agreement;
  if (identity.key.curve !== expected) throw wrongCurve(expected, identity.key.curve);
  return signs ? (identity.key as PrivateKey<SigningCurve>) : undefined;
}

/**
 * The peer's key fits the method and the suite, and the credential is the one that came, where it came by value.
 * @throws VagusError `edhoc/credential`
 */
export function checkPeer(suite: Suite, signs: boolean, id_cred: IdCred, peer: PeerCredential): void {
  const expected = authenticationCurve(suite, signs);
  if (peer.key.curve !== expected) throw wrongCurve(expected, peer.key.curve);
  if ("cred" in id_cred && !equal(id_cred.cred, peer.cred)) {
    throw new VagusError("edhoc/credential", "expected the credential that came by value, came another");
  }
}

/** @throws VagusError `edhoc/credential` for a peer that shows our own credential (section 9.2) */
export function checkNotSelf(identity: EdhocIdentity, peer: PeerCredential): void {
  if (equal(identity.cred, peer.cred) || equal(identity.key.publicKey, peer.key.publicKey)) {
    throw new VagusError("edhoc/credential", "expected a peer's credential, came our own");
  }
}

function wrongCurve(expected: string, came: string): VagusError {
  return new VagusError("edhoc/credential", `expected a key on ${expected}, came one on ${came}`);
}
