import { SessionFolder } from "../../../host/store/session-folder.js";
import { encodeBlock } from "../../../modules/cardiac/index.js";
import { encode } from "../../../modules/cbor/index.js";
import { toCoseKey } from "../../../modules/cose/index.js";
import { type Credential, verifyCredential } from "../../../modules/credential/index.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { type StreamPosition, StreamVerifier } from "../../../modules/reading/index.js";
import { Clinic, MADE_AT } from "../../modules/device/clinic.js";
import { type TestDevice, testDevice, tokens, writer } from "../../modules/reading/stream.js";
import { deep, same, throws } from "../../support/assert.js";
import { MemoryFiles } from "./memory-files.js";

const crypto = createPortableCrypto();
const PATH = "device";
const ECG = "device/ecg.cborseq";

async function of(
  seed: number,
  subject = 1,
): Promise<{ clinic: Clinic; test: TestDevice; credential: Credential }> {
  const clinic = await Clinic.open(crypto);
  const test = await testDevice(crypto, seed);
  const but = { subject: new Uint8Array(8).fill(subject) };
  const { anchor } = clinic;
  const token = await clinic.issueDevice(test.device, but);
  const credential = verifyCredential(crypto, token, { kind: "device", anchor, time: { floor: MADE_AT } });
  return { clinic, test, credential };
}

const keyOf = ({ device: { curve, publicKey } }: TestDevice) =>
  encode(toCoseKey({ curve, publicKey }) as never);
/** All of a position that the next token is held against. */
const essence = (position: StreamPosition | undefined) => {
  if (position === undefined) return undefined;
  const { cti, nextSample, prev, closed, format } = position;
  return [cti.boot, cti.sequence, nextSample, prev, closed, format?.rateHz, format?.channels];
};

describe("The folder of what came of a device", () => {
  let ours: Awaited<ReturnType<typeof of>>;
  let all: Uint8Array[];
  before(async () => {
    ours = await of(1);
    all = await tokens(crypto, ours.test, 4);
  });
  const adopted = (files: MemoryFiles) => {
    const folder = SessionFolder.open(crypto, PATH, files);
    folder.adopt(ours.credential, ours.clinic.anchor);
    return folder;
  };
  const verified = (count: number) => {
    const verifier = new StreamVerifier(crypto, ours.test.device, 1);
    for (const token of all.slice(0, count)) verifier.accept(token);
    return essence(verifier.position);
  };

  it("killed at any byte that it writes: a whole number of tokens is there, where to go on from is read from them, and the stream is completed", () => {
    const files = new MemoryFiles();
    const whole = adopted(files);
    for (const token of all) whole.append(1, token);
    const { written } = files;
    const seen = new Set<number>();
    for (let room = 0; room <= written; room++) {
      const cut = new MemoryFiles();
      cut.room = room;
      try {
        const folder = adopted(cut);
        for (const token of all) folder.append(1, token);
      } catch {
        // the power is gone
      }
      const next = cut.restarted();
      const folder = adopted(next);
      const count = folder.count(1);
      if (!seen.has(count) || room % 32 === 0)
        deep(essence(folder.position(1)), verified(count), `cut at ${room}`);
      seen.add(count);
      for (const token of all.slice(count)) folder.append(1, token);
      deep(next.content.get(ECG), files.content.get(ECG), `cut at ${room}`);
      deep(next.content.get(`${ECG}.key`), keyOf(ours.test));
      same(folder.keys.length, 1);
    }
    deep([...seen].sort(), [0, 1, 2, 3, 4, 5, 6]);
  });

  it("what was torn is said", () => {
    const files = new MemoryFiles();
    const folder = adopted(files);
    for (const token of all) folder.append(1, token);
    const next = files.restarted();
    next.content.set(ECG, next.content.get(ECG)!.slice(0, -7));
    deep(SessionFolder.open(crypto, PATH, next).torn, [{ path: ECG, bytes: all.at(-1)!.length - 7 }]);
    deep(SessionFolder.open(crypto, PATH, next).torn, []);
  });

  it("a last token that is not what was verified is refused", () => {
    for (const spoil of [all[5]!.length - 1, all[5]!.length - 70]) {
      const files = new MemoryFiles();
      const folder = adopted(files);
      for (const token of all) folder.append(1, token);
      const content = files.content.get(ECG)!;
      content[content.length - all[5]!.length + spoil]! ^= 1;
      throws("host/store", () => SessionFolder.open(crypto, PATH, files).position(1));
    }
    const files = new MemoryFiles();
    const folder = adopted(files);
    for (const token of [all[0]!, all[1]!, all[3]!]) folder.append(1, token);
    throws("host/store", () => folder.position(1), "one in between is missing");
  });

  it("a second stream behind the first, and a header alone: the format is the nearest one's", async () => {
    const folder = adopted(new MemoryFiles());
    for (const token of all) folder.append(1, token);
    const stream = writer(crypto, ours.test, { firstSequence: 6, firstSample: 7000 });
    folder.append(1, await stream.header());
    deep(folder.position(1)?.nextSample, 7000);
    folder.append(1, await stream.reading(encodeBlock([new Int16Array(90)]), 7090));
    deep(essence(folder.position(1))?.slice(0, 3), [7, 7, 7090]);
  });

  it("a new key of the same device: its credential is kept behind the old one, and both have signed", async () => {
    const files = new MemoryFiles();
    const folder = adopted(files);
    for (const token of all) folder.append(1, token);
    const next = await of(2);
    folder.adopt(next.credential, next.clinic.anchor);
    folder.adopt(next.credential, next.clinic.anchor);
    const again = SessionFolder.open(crypto, PATH, files);
    deep(
      again.keys.map(({ kid }) => kid),
      [ours.credential.kid, next.credential.kid],
    );
    deep(essence(again.position(1)), verified(6));
    deep(files.content.get(`${ECG}.key`), keyOf(next.test));
    deep(files.content.get("device/anchor.cbor"), next.clinic.anchorKey);
  });

  it("another device is refused, and nothing is written", async () => {
    const files = new MemoryFiles();
    const folder = adopted(files);
    const before = files.written;
    const other = await of(3, 9);
    throws("host/store", () => folder.adopt(other.credential, other.clinic.anchor));
    deep([files.written, folder.subject], [before, ours.credential.subject]);
    throws("host/store", () => folder.append(7, all[0]!));
  });

  it("sync reaches the disk for every stream", () => {
    const files = new MemoryFiles();
    const folder = adopted(files);
    folder.append(1, all[0]!);
    const { synced } = files;
    folder.sync();
    same(files.synced, synced + 1);
  });
});
