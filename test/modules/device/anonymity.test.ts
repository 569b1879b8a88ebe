/** The patient stays anonymous: nothing before message_3 tells one device from another (DESIGN section 5). */
import { cryptos } from "engine";
import { equal, toHex } from "../../../modules/bytes/index.js";
import { decodeSequence, encode, encodeSequence } from "../../../modules/cbor/index.js";
import { keyId } from "../../../modules/cose/index.js";
import { REFUSE_MS } from "../../../modules/device/lifecycle.js";
import { type EadItem, encodeError, kidIdCred } from "../../../modules/edhoc/index.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { VERSION_EAD } from "../../../modules/session/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { type Answer, type Bench, RESTING, ScriptedProgrammer, startDevice } from "./bench.js";
import { Clinic, DAY, GROUP, MADE_AT } from "./clinic.js";

const crypto = cryptos[0]!;
const G_X_LENGTH = 32;

/** All that a passer-by gets of a device: info before and after the connection, and what it sends first. */
async function passBy(bench: Bench) {
  const { peripheral } = bench;
  const idle = peripheral.info;
  const programmer = new ScriptedProgrammer(bench);
  peripheral.connect();
  const busy = peripheral.info;
  peripheral.subscribe();
  const message_1 = await programmer.take();
  const sizes = peripheral.sent.map(({ to, value }) => `${to} ${value.length}`);
  peripheral.lose();
  return { idle, busy, message_1, sizes };
}

describe("Two devices in the same state differ in nothing but G_X (DESIGN section 5, RFC 9528 section 9.1)", () => {
  /** Other keys, labels, credentials, groups, boot counts and Authorities. */
  async function crowd(): Promise<Bench[]> {
    const [own, other] = [await Clinic.open(crypto), await Clinic.open(crypto, 0x40)];
    const subject = new Uint8Array(8).fill(9);
    const older = await startDevice(crypto, await other.provisionedFlash());
    return [
      await startDevice(crypto, await own.provisionedFlash()),
      await startDevice(crypto, await own.provisionedFlash({ subject, audience: ["cardiology", "b"] })),
      await startDevice(crypto, await own.provisionedFlash({ expires: MADE_AT + 1000 * DAY })),
      await startDevice(crypto, older.flash),
    ];
  }

  it("info, and the sizes of what is sent, are the same; message_1 is but for G_X", async () => {
    const seen = [];
    for (const bench of await crowd()) seen.push(await passBy(bench));
    const [first, ...others] = seen;
    for (const { message_1, ...rest } of others) {
      const { message_1: _, ...expected } = first!;
      deep(rest, expected);
      same(message_1.length, first!.message_1.length);
      const [a, b] = [decodeSequence(first!.message_1), decodeSequence(message_1)];
      deep([...a.slice(0, 2), ...a.slice(3)], [...b.slice(0, 2), ...b.slice(3)]);
      same((a[2] as Uint8Array).length, G_X_LENGTH);
      ok(!equal(a[2] as Uint8Array, b[2] as Uint8Array), "G_X is fresh");
    }
    same(others.length, 3);
  });

  it("method 0, suite 1, C_I 00 and the versions are all that message_1 says beside G_X", async () => {
    const [bench] = await crowd();
    const { message_1 } = await passBy(bench!);
    const items = decodeSequence(message_1);
    const [method, suites, g_x, c_i, ...ead_1] = items;
    deep([method, suites, c_i], [0, 1, 0]);
    deep(ead_1, [VERSION_EAD, Uint8Array.of(1)]);
    deep(message_1, encodeSequence(0, 1, g_x!, 0, VERSION_EAD, Uint8Array.of(1)));
  });

  it("one device twice: G_X is another, as two devices' are", async () => {
    const [bench] = await crowd();
    const [a, b] = [await passBy(bench!), await passBy(bench!)];
    ok(!equal(a.message_1, b.message_1));
    same(a.message_1.length, b.message_1.length);
  });
});

describe("Every failure at message_2 looks the same from outside (DESIGN section 5)", () => {
  const REVOKED = new Uint8Array(32).fill(0x66);
  const SENT_AFTER_MS = 1234;

  type Change = (message_2: Uint8Array) => Uint8Array;
  /** A name, what the log says, the parts of message_2 that are not by the book, and what becomes of it on its way. */
  type Case = [string, ErrorCode, (clinic: Clinic) => Promise<Answer>, Change?];
  const byTheBook = async (): Promise<Answer> => ({});
  const cred = (but: Parameters<Clinic["issue"]>[0]) => async (clinic: Clinic) => ({
    cred: await clinic.issue(but),
  });
  const flipLast = (bytes: Uint8Array): Uint8Array => {
    const flipped = bytes.slice();
    flipped[flipped.length - 1]! ^= 1;
    return flipped;
  };
  const version = (...values: number[]): EadItem => ({ label: VERSION_EAD, value: Uint8Array.from(values) });
  const groups = [GROUP, ..."abcdefghijkl".split("").map((letter) => letter.repeat(20))];

  const CASES: Case[] = [
    ["unknown issuer", "cwt/issuer", async () => strangers()],
    ["revoked", "cwt/status", async (clinic) => revoked(clinic)],
    ["expired", "cwt/expired", cred({ expires: MADE_AT })],
    ["wrong audience", "cwt/audience", cred({ audience: ["other"] })],
    ["no scope", "cwt/claim", cred({ scope: undefined as never })],
    ["too large", "cbor/too-large", cred({ audience: groups })],
    ["a hub's credential", "cwt/typ", cred({ kind: "hub" })],
    ["a device's credential", "cwt/typ", async (clinic) => ({ cred: await clinic.issueDevice(clinic.key) })],
    ["a forged one", "cose/bad-signature", async ({ credential }) => ({ cred: flipLast(credential.token) })],
    ["another's key", "edhoc/mac", async () => ({ key: await crypto.generate("Ed25519") })],
    [
      "kid unknown",
      "edhoc/unknown-credential",
      async ({ credential: { kid } }) => ({ id_cred: kidIdCred(kid) }),
    ],
    ["no version", "session/version", async () => ({ ead_2: [] })],
    ["a version not offered", "session/version", async () => ({ ead_2: [version(2)] })],
    ["two versions", "session/version", async () => ({ ead_2: [version(1, 1)] })],
    ["critical EAD", "edhoc/critical-ead", async () => ({ ead_2: [{ label: 4242, critical: true }] })],
    ["an error message", "edhoc/peer", byTheBook, () => encodeError(undefined)],
    ["no bytes", "edhoc/malformed", byTheBook, () => new Uint8Array(0)],
    ["junk", "cbor/reserved", byTheBook, () => Uint8Array.of(0x1c, 0, 0, 0)],
    ["too short", "edhoc/malformed", byTheBook, () => encode(new Uint8Array(8))],
    ["G_Y of low order", "crypto/bad-point", byTheBook, (message_2) => message_2.slice().fill(0, 3, 35)],
    ["one bit flipped", "edhoc/mac", byTheBook, flipLast],
    ["message_1 sent back", "edhoc/malformed", byTheBook, () => encodeSequence(0, 1, new Uint8Array(32), 0)],
  ];

  async function strangers(): Promise<Answer> {
    const { credential, key } = await Clinic.open(crypto, 0x40);
    return { cred: credential.token, key };
  }

  async function revoked(clinic: Clinic): Promise<Answer> {
    const key = await crypto.importKey("Ed25519", REVOKED);
    return { key, cred: await clinic.issue({ holder: key }) };
  }

  /** All that goes over the air after message_2, and when, in milliseconds since; and what the log says. */
  async function refusal(make: Case[2], change: Change = (message_2) => message_2) {
    const clinic = await Clinic.open(crypto);
    const { curve, publicKey } = await crypto.importKey("Ed25519", REVOKED);
    const thief = keyId(crypto, { curve, publicKey });
    const bench = await startDevice(crypto, await clinic.provisionedFlash());
    await bench.device.holder.takeList(await clinic.list(1, [thief]));
    const { clock, peripheral } = bench;
    const programmer = new ScriptedProgrammer(bench);
    const { message_2 } = await programmer.answer(await make(clinic));
    await clock.pass(SENT_AFTER_MS);
    const sentAt = clock.now;
    const air: string[] = [];
    peripheral.onSend = (to, value) => air.push(`${clock.now - sentAt} ${to} ${toHex(value)}`);
    programmer.write(change(message_2));
    for (let ms = 0; ms < 12_000 && peripheral.disconnects === 0; ms += 10) await clock.pass(10);
    air.push(`${clock.now - sentAt} disconnected ${peripheral.disconnects}`);
    air.push(`info ${toHex(peripheral.info)}, ${clock.timers} timers`);
    return { air, codes: bench.refusals() };
  }

  // c0: one fragment, the second message; 1, "refused"
  const ALIKE = [
    `${REFUSE_MS} control c10009${toHex(encodeError(undefined))}`,
    `${REFUSE_MS + 200} disconnected 1`,
    `info 0100, ${RESTING} timers`,
  ];
  for (const [name, code, make, change] of CASES) {
    it(`${name}: one error after ${REFUSE_MS} ms, then the end; the log says ${code}`, async () => {
      const { air, codes } = await refusal(make, change);
      deep(codes, [code]);
      deep(air, ALIKE);
    });
  }

  it("more messages on top of a bad one: no sooner, no later, and nothing else", async () => {
    const junk = Uint8Array.of(0x1c);
    for (const afterMs of [0, 1, 700]) {
      const bench = await startDevice(crypto);
      const { clock, peripheral } = bench;
      const programmer = new ScriptedProgrammer(bench);
      await programmer.answer();
      const sentAt = clock.now;
      const air: string[] = [];
      peripheral.onSend = (to, value) => air.push(`${clock.now - sentAt} ${to} ${toHex(value)}`);
      programmer.write(junk);
      if (afterMs > 0) await clock.pass(afterMs);
      programmer.write(junk);
      await clock.pass(5000);
      deep(air, ALIKE.slice(0, 1));
      same(peripheral.disconnects, 1);
    }
  });
});
