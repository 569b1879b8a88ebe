/** What the Authority answers to whom, and the files that carry it. */
import { answerQuestion } from "../../../host/authority/answer.js";
import {
  decodeAnswer,
  decodeQuestion,
  encodeAnswer,
  encodeQuestion,
  encodeRefusal,
  type Question,
} from "../../../host/authority/question.js";
import { encode } from "../../../modules/cbor/index.js";
import {
  requestCredential,
  requestFreshness,
  verifyCredential,
  verifyTimeReset,
} from "../../../modules/credential/index.js";
import { type ErrorCode, VagusError } from "../../../modules/error/index.js";
import { deep, ok, rejects, same, throws } from "../../support/assert.js";
import { type Books, crypto, deviceOf, type Holder, NOW, openBooks, programmerOf } from "./books.js";

const nonce = new Uint8Array(16).fill(7);

describe("What a programmer asks the Authority for a device", () => {
  let books: Books;
  let programmer: Holder;
  let device: Holder;
  const signed = (subject = device.credential.subject) =>
    requestFreshness(crypto, programmer.key, books.office.authority.anchor, {
      ...{ nonce, device: subject, issued: books.clock.now },
    });
  const answer = (question: Question) => answerQuestion(crypto, books.office, question);
  /** For the key `next`, as the device asks that has `device.key`. */
  const renewal = async (next = device.key, signer = device.key): Promise<Question> => ({
    ...{ what: "credential", request: await signed() },
    ...{ holder: await requestCredential(crypto, next, signer), credential: device.credential.token },
  });

  beforeEach(async () => {
    books = await openBooks();
    programmer = await programmerOf(books.office);
    device = await deviceOf(books.office, ["ward", "floor-2"]);
  });
  afterEach(() => books.close());

  it("time: a reset over its nonce, by the Authority's clock", async () => {
    const { token } = await answer({ what: "time", request: await signed() });
    const { anchor } = books.office.authority;
    same(verifyTimeReset(crypto, token, { anchor, device: device.credential.subject, nonce }), NOW);
  });

  it("credential: for the key that the device has, and for one that it vouches for; name and groups stay", async () => {
    const { anchor } = books.office.authority;
    for (const next of [device.key, await crypto.generate("Ed25519")]) {
      const { token } = await answer(await renewal(next));
      const made = verifyCredential(crypto, token, { kind: "device", anchor, time: { floor: NOW } });
      deep([made.subject, made.audience], [device.credential.subject, ["ward", "floor-2"]]);
      deep(made.key.publicKey, next.publicKey);
      same(books.office.registry.ofSubject(made.subject).length, next === device.key ? 2 : 3);
    }
  });

  const refusals: [string, ErrorCode, () => Promise<Question>][] = [
    [
      "a key that only vouches for itself: a programmer could have made it",
      "credential/request",
      async () => {
        const other = await crypto.generate("Ed25519");
        return renewal(other, other);
      },
    ],
    [
      "the credential of another device",
      "credential/holder",
      async () => {
        const { key, credential } = await deviceOf(books.office);
        return { ...(await renewal(key, key)), credential: credential.token } as Question;
      },
    ],
    [
      "a programmer's credential",
      "cwt/typ",
      async () => ({ ...(await renewal()), credential: programmer.credential.token }) as Question,
    ],
    [
      "a device that is revoked",
      "credential/revoked",
      async () => {
        books.office.revoke(books.office.sameHolder(device.credential.token));
        return renewal();
      },
    ],
    [
      "a programmer that is revoked",
      "credential/revoked",
      async () => {
        books.office.revoke(books.office.sameHolder(programmer.credential.token));
        return { what: "time", request: await signed() };
      },
    ],
    [
      "an old question",
      "credential/freshness",
      async () => {
        const question = await renewal();
        books.clock.now += 61;
        return question;
      },
    ],
  ];
  for (const [name, code, make] of refusals) {
    it(`is refused: ${name} (${code})`, async () => {
      const question = await make();
      const { size } = books.office.registry;
      await rejects(code, () => answer(question));
      same(books.office.registry.size, size);
    });
  }

  it("errors name keys in hexadecimal, as commands do", async () => {
    books.office.revoke(books.office.sameHolder(programmer.credential.token));
    const error = await answer({ what: "time", request: await signed() }).catch((one: Error) => one);
    const hex = Buffer.from(programmer.credential.kid).toString("hex");
    ok((error as Error).message.includes(`the programmer ${hex} is revoked`), String(error));
  });

  it("as files: each comes back as it was; an answer to another question is passed over", async () => {
    const one = await renewal();
    const other: Question = { what: "freshness", request: await signed() };
    for (const question of [one, other]) deep(decodeQuestion(encodeQuestion(question)), question);
    const bytes = encodeQuestion(one);
    const given = { token: Uint8Array.of(1), list: Uint8Array.of(2) };
    deep(decodeAnswer(bytes, encodeAnswer(bytes, given)), given);
    deep(decodeAnswer(bytes, encodeAnswer(bytes, { token: given.token })), { token: given.token });
    same(decodeAnswer(encodeQuestion(other), encodeAnswer(bytes, given)), undefined);
    const refusal = encodeRefusal(bytes, new VagusError("credential/revoked", "expected x\u001b[2J, came y"));
    try {
      decodeAnswer(bytes, refusal);
      ok(false, "expected a refusal");
    } catch (error) {
      same((error as VagusError).code, "credential/revoked");
      ok(!(error as Error).message.includes("\u001b"), "what could move a terminal's cursor");
    }
  });

  const bad: [string, Uint8Array, ErrorCode][] = [
    ["nothing", new Uint8Array(0), "cbor/truncated"],
    ["no array", encode(1), "host/input"],
    ["no question of these", encode(["key", Uint8Array.of(1)]), "host/input"],
    ["too few tokens", encode(["credential", Uint8Array.of(1)]), "host/input"],
    ["text for a token", encode(["time", "x"]), "host/input"],
    ["more than there is", new Uint8Array(2049).fill(0x60), "cbor/too-large"],
  ];
  for (const [name, bytes, code] of bad) {
    it(`a file that is none: ${name}`, () => throws(code, () => decodeQuestion(bytes)));
  }
});

describe("A device's end", () => {
  it("its self-revocation, with its credential: all of its credentials are revoked, and its key is on no list", async () => {
    const { signSelfRevocation } = await import("../../../modules/credential/index.js");
    const books = await openBooks();
    const { office } = books;
    const [device, other] = [await deviceOf(office), await deviceOf(office)];
    const { subject, token } = device.credential;
    const content = { device: subject, issued: NOW, epoch: 0 };
    const farewell = await signSelfRevocation(crypto, device.key, content);
    const stray = await signSelfRevocation(crypto, device.key, {
      ...content,
      device: other.credential.subject,
    });
    const forged = await signSelfRevocation(crypto, other.key, content);
    throws("credential/holder", () => office.end(token, stray));
    throws("cose/bad-signature", () => office.end(token, forged));
    same(office.registry.revokedCount, 0);
    const { revoked, lists, device: ended } = office.end(token, farewell);
    deep([ended, revoked.length, lists], [subject, 1, []]);
    deep(office.end(token, farewell).revoked, [], "twice is once");
    const elsewhere = await openBooks();
    throws("cwt/issuer", () => elsewhere.office.end(token, farewell));
    books.close();
    elsewhere.close();
  });

  it("revoking an old credential of a device revokes the one that it has now", async () => {
    const { office, close } = await openBooks();
    const { credential } = await deviceOf(office);
    const next = await crypto.generate("Ed25519");
    const now = await office.issue({
      kind: "device",
      holder: next,
      audience: ["ward"],
      subject: credential.subject,
    });
    deep(
      office.revoke(office.sameHolder(credential.token)).revoked.map(({ issued }) => issued),
      [0, 1],
    );
    ok(office.registry.list("ward")?.kids.includes(Buffer.from(now.kid).toString("base64url")));
    close();
  });

  it("a hub with two credentials, of two groups: the second is taken back too", async () => {
    const { delegate } = await import("../../../modules/credential/index.js");
    const { office, close } = await openBooks();
    const hub = await crypto.generate("Ed25519");
    for (const group of ["a", "b"]) {
      const { key, credential } = await programmerOf(office, [group]);
      const token = await delegate(crypto, key, credential, {
        ...{ subject: new Uint8Array(8), audience: [group], holder: hub },
        ...{ issued: NOW, expires: NOW + 60, scope: ["ecg:read"] },
      });
      same(office.revokeHub(token).known, false);
      same(office.revokeHub(token).known, true);
      same(office.registry.epoch(group), 1);
    }
    close();
  });
});
