/**
 * The messages that PROTOCOL.md shows, made by the code that sends them, from fixed keys and fixed "random" bytes.
 * `npm run docs` writes them between the marks of the page; a test holds the page against them.
 */
import { Authority } from "../host/authority/authority.js";
import { concat, fromHex, toHex } from "../modules/bytes/index.js";
import { CRV } from "../modules/cose/index.js";
import {
  type CredentialKind,
  requestCredential,
  SCOPE,
  Trust,
  verifyCredential,
} from "../modules/credential/index.js";
import type { Crypto } from "../modules/crypto/port.js";
import { createPortableCrypto } from "../modules/crypto/portable/index.js";
import { EdhocHandshake } from "../modules/device/handshake.js";
import { EdhocResponderReceivedM1, encodeError, kcwtIdCred } from "../modules/edhoc/index.js";
import { Fragmenter } from "../modules/gatt/index.js";
import { StreamWriter } from "../modules/reading/index.js";
import {
  CONNECTION_ID,
  chooseVersion,
  deviceSession,
  type Exporter,
  encodeCommand,
  encodeReply,
  LabelInitiatorWaitLabel2,
  LabelResponderWaitLabel3,
  METHOD,
  programmerSession,
  suiteFor,
  VERSION_EAD,
} from "../modules/session/index.js";

export interface Example {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const LABEL = fromHex("000102030405060708090a0b0c0d0e0f");

/** A "generator" that counts: every example can be made again by anyone. */
function countingRandom(): (length: number) => Uint8Array {
  let next = 0;
  return (length) => Uint8Array.from({ length }, () => next++ & 0xff);
}

/** A triangle of 36 samples: enough to see the codec at work. */
function samples(): Int16Array {
  return Int16Array.from({ length: 36 }, (_, i) => 10 * Math.min(i, 36 - i));
}

type Add = (name: string, bytes: Uint8Array) => Uint8Array;

const NOW = 1_800_000_000;
const GROUP = "clinic";
const STATUS = { index: 1, uri: "https://clinic.example/s" };

/** An Authority, a device and a programmer with credentials of it. */
async function parties(crypto: Crypto, add: Add) {
  const seed = (byte: number) => new Uint8Array(32).fill(byte);
  const authority = new Authority(crypto, await crypto.importKey("Ed25519", seed(1)));
  const device = await crypto.importKey("Ed25519", seed(2));
  const programmer = await crypto.importKey("Ed25519", seed(3));
  add("anchor", authority.anchorKey);
  const issued = { audience: [GROUP], status: STATUS, now: NOW };
  const believe = (kind: Exclude<CredentialKind, "hub">, token: Uint8Array) =>
    verifyCredential(crypto, token, { kind, anchor: authority.anchor, time: { floor: NOW } });
  const deviceToken = await authority.issue({ kind: "device", holder: device, ...issued });
  const scope = Object.values(SCOPE);
  const programmerToken = await authority.issue({ kind: "programmer", holder: programmer, scope, ...issued });
  return {
    authority,
    device: { key: device, credential: believe("device", add("device credential", deviceToken)) },
    programmer: {
      key: programmer,
      credential: believe("programmer", add("programmer credential", programmerToken)),
    },
  };
}

type Parties = Awaited<ReturnType<typeof parties>>;

async function labelSession(crypto: Crypto, { authority, device }: Parties, add: Add): Promise<void> {
  const initiator = await LabelInitiatorWaitLabel2.start(crypto, LABEL);
  const responder = await LabelResponderWaitLabel3.answer(crypto, LABEL, add("label_1", initiator.label_1));
  const { label_3, exporter } = await initiator.receive(add("label_2", responder.label_2));
  responder.receive(add("label_3", label_3));
  const none = new Uint8Array(0);
  add("key, commands of the label session", exporter(32768, none, 16));
  add("common IV, commands of the label session", exporter(32769, none, 13));
  const session = programmerSession(crypto, exporter);
  const { key, credential } = device;
  add("command identify", encodeCommand(1, "identify", CRV.Ed25519));
  add("request", await requestCredential(crypto, key, key));
  const provision = encodeCommand(2, "provision", [credential.token, authority.anchorKey]);
  session.commands.seal(new Uint8Array(0));
  add("command provision", provision);
  add("command provision, encrypted", session.commands.seal(provision));
  add("reply to provision", encodeReply({ id: 2, code: 0, result: null }));
}

async function edhoc(
  crypto: Crypto,
  { authority, device, programmer }: Parties,
  add: Add,
): Promise<Exporter> {
  const trust = (kind: CredentialKind) =>
    new Trust(crypto, { anchor: authority.anchor, kinds: [kind], time: () => ({ floor: NOW }) });
  const { key, credential } = device;
  const own = { key, kid: credential.kid, credential };
  const handshake = new EdhocHandshake(crypto, own, trust("programmer"));
  const message_1 = add("message_1", await handshake.begin());
  const options = {
    methods: [METHOD],
    suites: [suiteFor("Ed25519")],
    understood: [VERSION_EAD],
    fetchCredential: trust("device").fetchCredential,
  } as const;
  const received = EdhocResponderReceivedM1.receive(crypto, options, message_1);
  const { token } = programmer.credential;
  const sender = { id_cred: kcwtIdCred(token), cred: token, key: programmer.key };
  const waitM3 = await received.composeMessage2(
    sender,
    CONNECTION_ID.responder,
    chooseVersion(received.ead_1),
  );
  const { answer } = await handshake.receive(add("message_2", waitM3.message_2));
  const verified = await waitM3.receive(add("message_3", answer as Uint8Array));
  const { message_4, session } = verified.composeMessage4();
  await handshake.receive(add("message_4", message_4));
  add("refusal", encodeError(undefined));
  return session.exporter;
}

async function stream(crypto: Crypto, { device }: Parties, exporter: Exporter, add: Add): Promise<void> {
  const none = new Uint8Array(0);
  for (const [flow, name] of ["commands", "replies", "telemetry"].entries()) {
    add(`key, ${name}`, exporter(32768 + 2 * flow, none, 16));
    add(`common IV, ${name}`, exporter(32769 + 2 * flow, none, 13));
  }
  const session = deviceSession(crypto, exporter);
  const start = add("command start", encodeCommand(1, "start", [1, 1000, 10]));
  add("command start, encrypted", programmerSession(crypto, exporter).commands.seal(start));
  const reply = add("reply to start", encodeReply({ id: 1, code: 0, result: null }));
  add("reply to start, encrypted", session.replies.seal(reply));

  const { key, credential } = device;
  const writer = new StreamWriter(
    { crypto, key, kid: add("kid", credential.kid) },
    {
      boot: 1,
      stream: 1,
      firstSequence: 0,
      firstSample: 0,
      format: { rateHz: 360, nanovoltsPerStep: 5000, channels: ["MLII"] },
      time: () => ({ seconds: NOW, uncertainty: 2 }),
    },
  );
  session.telemetry.seal(add("stream header", await writer.header()));
  const message = session.telemetry.seal(add("reading", await writer.reading([samples()])));
  const [first, ...rest] = new Fragmenter().cut(add("reading, encrypted", message), 97);
  add("first fragment at an MTU of 100", first);
  add("second fragment", concat(...rest));
  add("head", await writer.head());
}

export async function examples(): Promise<Example[]> {
  const crypto = createPortableCrypto({ random: countingRandom() });
  const made: Example[] = [];
  const add = (name: string, bytes: Uint8Array): Uint8Array => {
    made.push({ name, bytes });
    return bytes;
  };
  const all = await parties(crypto, add);
  await labelSession(crypto, all, add);
  await stream(crypto, all, await edhoc(crypto, all, add), add);
  return made;
}

/** The page with each example in its place: behind `<!-- example: name -->`, in a block of its own. */
export function withExamples(page: string, made: readonly Example[]): string {
  let text = page;
  for (const { name, bytes } of made) {
    const mark = `<!-- example: ${name} -->\n`;
    const at = text.indexOf(mark);
    if (at < 0) throw new Error(`PROTOCOL.md has no mark for the example "${name}"`);
    const begin = at + mark.length;
    const end = text.indexOf("```\n", text.indexOf("```\n", begin) + 4) + 4;
    const block = `\`\`\`\n${name} (${bytes.length} bytes)\n${wrap(toHex(bytes))}\n\`\`\`\n`;
    const old = text.startsWith("```\n", begin) ? end : begin;
    text = text.slice(0, begin) + block + text.slice(old);
  }
  return text;
}

function wrap(hex: string): string {
  return (hex.match(/.{1,96}/g) ?? [""]).join("\n");
}
