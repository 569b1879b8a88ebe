/** RFC 9529 as suites: each trace played as either role, and every named value of it looked for among what was computed. */
import { concat, equal } from "../../modules/bytes/index.js";
import { encode } from "../../modules/cbor/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import {
  type EdhocIdentity,
  EdhocInitiatorWaitM2,
  EdhocResponderReceivedM1,
  type EdhocSession,
  encodeError,
  type IdCred,
  type PeerCredential,
  readError,
  selectSuite,
} from "../../modules/edhoc/index.js";
import { bytesIn, encodeIdentifier, isBytes, splitItems } from "../../modules/edhoc/items.js";
import { encodeMessage1 } from "../../modules/edhoc/message-1.js";
import { G_LENGTH, HASH_LENGTH } from "../../modules/edhoc/suites.js";
import { SpyCrypto } from "./edhoc-spy.js";
import { find, readTraces, type Value } from "./edhoc-traces.js";
import { MISSING, type Suite, Tally } from "./suite.js";

export type Trace = "signatures" | "staticDh";
export type Role = "Initiator" | "Responder";

/** What only the other role ever has: private keys, and the y that it did not send. */
const OTHERS: Record<Role, readonly string[]> = {
  Initiator: ["Y", "SK_R", "Responder's ephemeral public key, one 'y'-coordinate"],
  Responder: ["X", "SK_I", "Initiator's ephemeral public key, one 'y'-coordinate"],
};

const SECOND = "message_1 (second time)";
const OPTIONS = { methods: [0, 1, 2, 3], suites: [0, 1, 2, 3] } as const;
const NONE = new Uint8Array(0);

/** One side of a trace. */
export async function identityOf(
  crypto: Crypto,
  values: readonly Value[],
  trace: Trace,
  side: "I" | "R",
): Promise<EdhocIdentity> {
  const secret = find(values, `SK_${side}`);
  return {
    id_cred: find(values, `ID_CRED_${side}`),
    cred: find(values, `CRED_${side}`, "CBOR Data Item"),
    key:
      trace === "signatures"
        ? await crypto.importKey("Ed25519", secret)
        : await crypto.importKey("P-256-ECDH", secret),
  };
}

/** The public half of the same, from the trace's own values. */
export function credentialOf(values: readonly Value[], trace: Trace, side: "I" | "R"): PeerCredential {
  const cred = find(values, `CRED_${side}`, "CBOR Data Item");
  if (trace === "signatures")
    return { cred, key: { curve: "Ed25519", publicKey: find(values, `PK_${side}`) } };
  const of = side === "I" ? "Initiator's" : "Responder's";
  const [x, y] = ["x", "y"].map((c) => find(values, `${of} public authentication key, '${c}'-coordinate`));
  return { cred, key: { curve: "P-256", publicKey: concat(Uint8Array.of(4), x, y) } };
}

export async function play(
  inner: Crypto,
  values: readonly Value[],
  trace: Trace,
  role: Role,
): Promise<SpyCrypto> {
  const first = trace === "signatures" ? "message_1" : SECOND;
  const get = (name: string, section?: string) => find(values, name, "CBOR Sequence", section);
  const ephemeral = role === "Initiator" ? find(values, "X", undefined, first) : find(values, "Y");
  const spy = new SpyCrypto(inner, [ephemeral]);
  const [ours, theirs] = role === "Initiator" ? (["I", "R"] as const) : (["R", "I"] as const);
  const identity = await identityOf(spy, values, trace, ours);
  const peer = credentialOf(values, trace, theirs);
  const fetchCredential = async (id_cred: IdCred) => {
    spy.note(id_cred.encoded);
    return peer;
  };
  let selected = 0;
  if (trace === "staticDh")
    selected = role === "Initiator" ? await offer6(spy, values) : refuse6(spy, values);

  let session: EdhocSession;
  if (role === "Initiator") {
    const wait2 = await EdhocInitiatorWaitM2.start(spy, {
      method: trace === "signatures" ? 0 : 3,
      suites: trace === "signatures" ? [0] : [6, 2],
      selected: selected as 0 | 2,
      c_i: find(values, "C_I", "Raw Value", first),
      fetchCredential,
    });
    spy.note(wait2.message_1, ...splitItems(wait2.message_1));
    const verified = await wait2.receive(get("message_2"));
    const wait4 = await verified.composeMessage3(identity);
    spy.note(wait4.message_3);
    session = wait4.receive(get("message_4"));
    spy.note(get("message_2"), get("message_2").slice(2 + G_LENGTH));
  } else {
    const received = EdhocResponderReceivedM1.receive(
      spy,
      { ...OPTIONS, fetchCredential },
      get("message_1", first),
    );
    const wait3 = await received.composeMessage2(identity, find(values, "C_R", "Raw Value"));
    const finished = (await wait3.receive(get("message_3"))).composeMessage4();
    session = finished.session;
    spy.note(wait3.message_2, wait3.message_2.slice(2 + G_LENGTH), finished.message_4);
    spy.note(get("message_1", first), ...splitItems(get("message_1", first)));
  }
  notePlaintext2(spy, (role === "Initiator" ? peer : identity).cred);
  finish(spy, session, identity, find(values, "context for KeyUpdate", "Raw Value"));
  return spy;
}

/** PLAINTEXT_2 passes through no operation alone, but it stands in what TH_3 is the hash of. */
function notePlaintext2(spy: SpyCrypto, cred_r: Uint8Array): void {
  const th_3Input = spy.hashed.find((input) => endsWith(input, cred_r));
  if (th_3Input !== undefined) spy.note(th_3Input.slice(2 + HASH_LENGTH, -cred_r.length));
}

function endsWith(bytes: Uint8Array, end: Uint8Array): boolean {
  return bytes.length > end.length && equal(bytes.subarray(bytes.length - end.length), end);
}

/**
 * message_1 with suite 6, which is not built in, and what the Responder's error leads to. The trace made its G_X on
 * P-256, although suite 6 means X25519; nobody ever uses it.
 */
async function offer6(spy: SpyCrypto, values: readonly Value[]): Promise<number> {
  const section = "message_1 (first time)";
  const key = await spy.importKey("P-256-ECDH", find(values, "X", undefined, section));
  const c_i = find(values, "C_I", "Raw Value", section);
  const message_1 = encodeMessage1({ method: 3, suites_i: [6], g_x: key.publicKey.slice(1, 33), c_i }, NONE);
  spy.note(message_1, c_i, ...splitItems(message_1));
  const message = find(values, "error");
  const error = readError(message);
  if (error.code !== 2) throw new Error("expected ERR_CODE 2");
  spy.note(message, encode([...error.suites_r][0]));
  return selectSuite([6, 2], error.suites_r);
}

function refuse6(spy: SpyCrypto, values: readonly Value[]): number {
  const message_1 = find(values, "message_1", undefined, "message_1 (first time)");
  const items = splitItems(message_1);
  spy.note(message_1, ...items, items[2].slice(2));
  const options = { ...OPTIONS, suites: [2] as const, fetchCredential: () => rejected() };
  try {
    EdhocResponderReceivedM1.receive(spy, options, message_1);
  } catch (error) {
    const message = encodeError(error, options.suites);
    spy.note(message, ...splitItems(message));
    return 2;
  }
  throw new Error("expected suite 6 to be refused");
}

async function rejected(): Promise<never> {
  throw new Error("expected no question about a credential");
}

function finish(spy: SpyCrypto, session: EdhocSession, identity: EdhocIdentity, context: Uint8Array): void {
  const { c_i, c_r, suite, peer } = session;
  spy.note(
    c_i,
    c_r,
    encodeIdentifier(c_i),
    encodeIdentifier(c_r),
    identity.id_cred,
    identity.cred,
    peer.cred,
    NONE,
  );
  for (const cred of [identity.cred, peer.cred]) if (isBytes(cred)) spy.note(bytesIn(cred, "CRED"));
  spy.note(encode(suite.applicationAead), encode(suite.applicationHash));
  for (let round = 0; round < 2; round++) {
    session.exporter(0, NONE, 16);
    session.exporter(1, NONE, 8);
    if (round === 0) session.keyUpdate(context);
  }
}

/** `expected` is the number of named values that this role can know. */
function played(trace: Trace, role: Role, section: string, expected: number): Suite {
  return {
    suite: `EDHOC ${section}, as ${role}`,
    source: `RFC 9529 section ${trace === "signatures" ? 2 : 3}`,
    expected,
    async run(crypto) {
      const tally = new Tally();
      const traces = readTraces();
      if (traces === undefined) tally.skip(MISSING, expected);
      else {
        const spy = await play(crypto, traces[trace], trace, role);
        for (const { name, form, bytes, line } of traces[trace]) {
          if (OTHERS[role].includes(name)) continue;
          await tally.case(`line ${line}, ${name} (${form})`, () =>
            spy.saw(bytes) ? undefined : "was not computed",
          );
        }
      }
      return tally;
    },
  };
}

export const edhocSuites: readonly Suite[] = [
  played("signatures", "Initiator", "method 0, suite 0, x5t", 96),
  played("signatures", "Responder", "method 0, suite 0, x5t", 96),
  played("staticDh", "Initiator", "method 3, suite 2, CCS by kid", 109),
  played("staticDh", "Responder", "method 3, suite 2, CCS by kid", 108),
];
