/** Two sides that know each other, for every method, suite and kind of ID_CRED. */
import { toHex } from "../../../modules/bytes/index.js";
import { type CborValue, encode } from "../../../modules/cbor/index.js";
import { HEADER, type Label, sign1, toCoseKey } from "../../../modules/cose/index.js";
import type { AgreementCurve, Crypto, PrivateKey, SigningCurve } from "../../../modules/crypto/port.js";
import {
  type EadItem,
  type EdhocIdentity,
  EdhocInitiatorWaitM2,
  EdhocResponderReceivedM1,
  type EdhocSession,
  type IdCred,
  type InitiatorOptions,
  kccsIdCred,
  kcwtIdCred,
  kidIdCred,
  type Method,
  type PeerCredential,
  type ResponderOptions,
  type SuiteNumber,
} from "../../../modules/edhoc/index.js";
import {
  authenticationCurve,
  initiatorSigns,
  responderSigns,
  suiteOf,
} from "../../../modules/edhoc/suites.js";
import { VagusError } from "../../../modules/error/index.js";

export const METHODS = [0, 1, 2, 3] as const;
export const SUITES = [0, 1, 2, 3] as const;
/** How a side names its credential. */
export type By = "kid" | "byte kid" | "kcwt" | "kccs" | "x5t";
export const BY: readonly By[] = ["kid", "byte kid", "kcwt", "kccs", "x5t"];

export interface Party {
  readonly identity: EdhocIdentity;
  readonly credential: PeerCredential;
}

const secretOf = (fill: number) => new Uint8Array(32).fill(fill);

/** A side whose key and credential follow from `fill`; `size` is that of its CWT. */
export async function party(
  crypto: Crypto,
  number: SuiteNumber,
  signs: boolean,
  by: By,
  fill: number,
  size = 340,
): Promise<Party> {
  const suite = suiteOf(number);
  const curve = authenticationCurve(suite, signs);
  const key: PrivateKey<SigningCurve> | PrivateKey<AgreementCurve> = signs
    ? await crypto.importKey(suite.signing, secretOf(fill))
    : await crypto.importKey(suite.agreement, secretOf(fill));
  const coseKey = toCoseKey({ curve, publicKey: key.publicKey });
  const claims = new Map<number, CborValue>([
    [2, `party ${fill}`],
    [8, new Map([[1, coseKey as CborValue]])],
  ]);
  const cred = by === "kccs" ? encode(claims as CborValue) : await cwt(crypto, claims, size);
  const x5t: Map<Label, CborValue> = new Map([[34, [-15, new Uint8Array(8).fill(fill)]]]);
  const id_cred = {
    kid: kidIdCred(new Uint8Array(8).fill(fill)),
    "byte kid": kidIdCred(Uint8Array.of(fill % 24)),
    kcwt: kcwtIdCred(cred),
    kccs: kccsIdCred(cred),
    x5t: encode(x5t as CborValue),
  }[by];
  return { identity: { id_cred, cred, key }, credential: { cred, key: { curve, publicKey: key.publicKey } } };
}

/** A CWT of `size` bytes over these claims and some filling, signed by nobody in particular. */
async function cwt(crypto: Crypto, claims: Map<number, CborValue>, size: number): Promise<Uint8Array> {
  const issuer = await crypto.importKey("Ed25519", secretOf(0x1f));
  const make = (filling: number) =>
    sign1(crypto, issuer, {
      protected: new Map<Label, CborValue>([[HEADER.typ, 65001]]),
      payload: encode(new Map(claims).set(7, new Uint8Array(filling)) as CborValue),
    });
  let filling = 24;
  let token = await make(filling);
  // lengths of lengths may grow by a byte on the way
  for (let i = 0; i < 3 && token.length !== size; i++) {
    filling = Math.max(0, filling + size - token.length);
    token = await make(filling);
  }
  return token;
}

/** Knows these parties and no other; by value it believes what it has seen before. */
export function knows(...parties: readonly Party[]): (id_cred: IdCred) => Promise<PeerCredential> {
  return async (id_cred) => {
    const found = parties.find(({ identity }) => toHex(identity.id_cred) === toHex(id_cred.encoded));
    if (found === undefined) throw new VagusError("edhoc/unknown-credential", "expected a known credential");
    return found.credential;
  };
}

export interface Setup {
  readonly method: Method;
  readonly suite: SuiteNumber;
  readonly I: Party;
  readonly R: Party;
  readonly initiator: InitiatorOptions<PeerCredential>;
  readonly responder: ResponderOptions<PeerCredential>;
}

export async function setup(
  crypto: Crypto,
  method: Method,
  suite: SuiteNumber,
  by: By | readonly [By, By] = "kid",
  understood: readonly number[] = [],
): Promise<Setup> {
  const [byI, byR] = typeof by === "string" ? [by, by] : by;
  const I = await party(crypto, suite, initiatorSigns(method), byI, 0x11);
  const R = await party(crypto, suite, responderSigns(method), byR, 0x22);
  return {
    method,
    suite,
    I,
    R,
    initiator: {
      method,
      suites: [suite],
      selected: suite,
      c_i: Uint8Array.of(0x0e),
      understood,
      fetchCredential: knows(R),
    },
    responder: { methods: [method], suites: [suite], understood, fetchCredential: knows(I) },
  };
}

export const C_R = Uint8Array.of(0x27);

export interface Ead {
  readonly ead_1?: readonly EadItem[];
  readonly ead_2?: readonly EadItem[];
  readonly ead_3?: readonly EadItem[];
  readonly ead_4?: readonly EadItem[];
}

export interface Finished {
  readonly messages: readonly Uint8Array[];
  readonly initiator: EdhocSession;
  readonly responder: EdhocSession;
  /** What each side was handed: EAD_1 to EAD_4. */
  readonly ead: readonly (readonly EadItem[])[];
}

/** A handshake from beginning to end, over each side's own Crypto. */
export async function shake(
  cryptoI: Crypto,
  cryptoR: Crypto,
  { I, R, initiator, responder }: Setup,
  ead: Ead = {},
): Promise<Finished> {
  const wait2 = await EdhocInitiatorWaitM2.start(cryptoI, { ...initiator, ead_1: ead.ead_1 ?? [] });
  const received = EdhocResponderReceivedM1.receive(cryptoR, responder, wait2.message_1);
  const wait3 = await received.composeMessage2(R.identity, C_R, ead.ead_2);
  const verified2 = await wait2.receive(wait3.message_2);
  const wait4 = await verified2.composeMessage3(I.identity, ead.ead_3);
  const verified3 = await wait3.receive(wait4.message_3);
  const { message_4, session } = verified3.composeMessage4(ead.ead_4);
  const initiatorSession = wait4.receive(message_4);
  return {
    messages: [wait2.message_1, wait3.message_2, wait4.message_3, message_4],
    initiator: initiatorSession,
    responder: session,
    ead: [received.ead_1, verified2.ead_2, verified3.ead_3, initiatorSession.ead_4],
  };
}
