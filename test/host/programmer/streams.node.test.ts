/** A stream over several sessions, by the programmer's own calls: followed, released, asked after. */
import { cryptos } from "engine";
import type { Managed } from "../../../host/programmer/manage.js";
import { Operation } from "../../../host/programmer/operation.js";
import { Programmer, type ProgrammerEvent } from "../../../host/programmer/programmer.js";
import { type NamedToken, releaseStream } from "../../../host/programmer/stream-commands.js";
import { Trust, verifyCredential } from "../../../modules/credential/index.js";
import { MemoryFlash } from "../../../modules/flash/index.js";
import { type AcceptedToken, type DeviceVerifier, STREAM } from "../../../modules/reading/index.js";
import { type Bench, startDevice } from "../../modules/device/bench.js";
import { Clinic, MADE_AT } from "../../modules/device/clinic.js";
import { deep, ok, rejects, same, throws } from "../../support/assert.js";
import { linkTo } from "./bench-link.js";

const crypto = cryptos[0]!;
const ECG = STREAM.ecg;
const operation = () => new Operation(crypto, MADE_AT);

interface Opened {
  readonly programmer: Programmer;
  readonly tokens: AcceptedToken[];
  readonly refused: string[];
}

async function open(bench: Bench, scope: readonly string[], verifier?: DeviceVerifier): Promise<Opened> {
  const clinic = await Clinic.open(crypto);
  const time = { floor: MADE_AT };
  const token = await clinic.issue({ scope });
  const credential = verifyCredential(crypto, token, { kind: "programmer", anchor: clinic.anchor, time });
  const trust = new Trust(crypto, { anchor: clinic.anchor, kinds: ["device"], time: () => time });
  const tokens: AcceptedToken[] = [];
  const refused: string[] = [];
  const observe = (event: ProgrammerEvent) => {
    if (event.kind === "token") tokens.push(event.token);
    if (event.kind === "refused") refused.push(event.error.code);
  };
  const { link } = linkTo(bench);
  const own = { crypto, link, credential, key: clinic.key, trust, observe, timeoutMs: 500 };
  const programmer = await Programmer.connect({ ...own, verifier: () => verifier });
  return { programmer, tokens, refused };
}

const sequences = (tokens: readonly AcceptedToken[]) => tokens.map(({ cti }) => cti.sequence);

describe("A stream over several sessions", () => {
  it("the next session goes on behind the last token verified, without naming it", async () => {
    const bench = await startDevice(crypto);
    const one = await open(bench, ["ecg:read"]);
    await one.programmer.start(ECG, 250);
    await bench.clock.pass(1100);
    deep(sequences(one.tokens), [0, 1, 2, 3, 4]);
    const { verifier } = one.programmer;
    bench.peripheral.lose();
    await bench.clock.pass(5000);
    const two = await open(bench, ["ecg:read"], verifier);
    same(await two.programmer.follow(ECG), true);
    await bench.clock.pass(300);
    ok(two.tokens.length > 20);
    deep(
      sequences(two.tokens),
      two.tokens.map((_, n) => 5 + n),
    );
    deep([one.refused, two.refused], [[], []]);
  });

  it("who begins anew is given all that is kept, from the oldest on", async () => {
    const bench = await startDevice(crypto);
    const one = await open(bench, ["ecg:read"]);
    await one.programmer.start(ECG, 250, 3);
    await bench.clock.pass(1100);
    bench.peripheral.lose();
    const two = await open(bench, ["ecg:read"]);
    same(await two.programmer.follow(ECG), false);
    await bench.clock.pass(100);
    deep(
      two.tokens.map(({ kind }) => kind),
      ["header", "reading", "reading", "reading", "head"],
    );
  });

  it("status says what there is; a release without the Authority's word, or of another token, is refused", async () => {
    const bench = await startDevice(crypto);
    const { programmer, tokens } = await open(bench, ["ecg:read", "journal:release"]);
    const before = await programmer.status(ECG);
    deep([before.recording, before.last, before.usedBytes], [false, undefined, 0]);
    await programmer.start(ECG, 250);
    await bench.clock.pass(600);
    const during = await programmer.status(ECG);
    const { boot } = bench.device.holder;
    deep([during.recording, during.last], [true, { boot, sequence: 2 }]);
    ok(during.usedBytes > 0 && during.usedBytes < during.capacityBytes);
    const { cti, token } = tokens[2]!;
    const hash = crypto.sha256(token).slice(0, 16);
    const release = (named: Partial<NamedToken> = {}) =>
      releaseStream(programmer, operation(), { ...cti, hash, ...named });
    await rejects("credential/freshness", release);
    const clinic = await Clinic.open(crypto);
    const nonce = (await programmer.command("challenge", null)) as Uint8Array;
    await programmer.command("freshness", await clinic.freshness(nonce));
    await rejects("journal/release", () => release({ sequence: 99 }));
    await rejects("journal/release", () => release({ hash: new Uint8Array(16) }));
    await release();
    await rejects("journal/release", release);
  });

  for (const heard of [true, false])
    it(`a link that is lost ${heard ? "with the reply to a release" : "before the device hears of a release"}: the device is asked what became of it`, async () => {
      const bench = await startDevice(crypto);
      const scope = ["ecg:read", "journal:release"];
      const { programmer, tokens } = await open(bench, scope);
      await programmer.start(ECG, 250, 2);
      await bench.clock.pass(1100);
      const { cti, token } = tokens[2]!;
      const clinic = await Clinic.open(crypto);
      const nonce = (await programmer.command("challenge", null)) as Uint8Array;
      await programmer.command("freshness", await clinic.freshness(nonce));
      const losing: Managed = {
        device: programmer.device,
        command: async (name, parameters) => {
          if (heard) bench.peripheral.onSend = () => bench.peripheral.lose();
          else bench.peripheral.lose();
          return programmer.command(name, parameters);
        },
      };
      const hash = crypto.sha256(token).slice(0, 16);
      let next: Programmer | undefined;
      const again = async () => {
        next = (await open(bench, scope)).programmer;
        return next;
      };
      const act = releaseStream(losing, operation(), { ...cti, hash }, again);
      if (heard) await act;
      else await rejects("gatt/disconnected", () => act);
      ok(next !== undefined, "no second session");
      same(bench.device.streams.journal.read(ECG, { boot: cti.boot, sequence: 0 })?.sequence, heard ? 3 : 0);
    });

  it("at the opening the device says how far each stream has come that may be read; what is missing shows until it comes", async () => {
    const bench = await startDevice(crypto);
    const one = await open(bench, ["ecg:read"]);
    deep(
      (await one.programmer.heads()).map(({ stream, recording, last }) => [stream, recording, last]),
      [
        [1, false, undefined],
        [3, false, undefined],
      ],
    );
    await one.programmer.start(ECG, 250);
    await bench.clock.pass(600);
    const { verifier } = one.programmer;
    bench.peripheral.lose();
    await bench.clock.pass(5000);
    const two = await open(bench, ["ecg:read"], verifier);
    const [tip] = await two.programmer.heads();
    const { boot } = bench.device.holder;
    deep([tip?.recording, tip?.awaited?.first], [true, { boot, sequence: 3 }]);
    same(verifier.stream(ECG).awaited?.last?.sequence, tip?.last?.sequence);
    await two.programmer.follow(ECG);
    await bench.clock.pass(100);
    same(verifier.stream(ECG).awaited, undefined);
    deep(two.refused, []);
  });

  it("flash that was set back, or changed for another device's: refused at the opening", async () => {
    const bench = await startDevice(crypto);
    const one = await open(bench, ["ecg:read"]);
    const before = bench.flash.read(0, bench.flash.sectors * 4096);
    await one.programmer.start(ECG, 250, 3);
    await bench.clock.pass(1100);
    const set = new MemoryFlash(bench.flash.sectors);
    set.program(0, before);
    const again = await startDevice(crypto, set);
    const two = await open(again, ["ecg:read"], one.programmer.verifier);
    await rejects("reading/order", () => two.programmer.heads());
    again.peripheral.lose();
    const auditor = await open(again, ["audit:read"]);
    await rejects("session/scope", () => auditor.programmer.heads());
  });

  it("a verifier knows the device's streams, and no other", async () => {
    const bench = await startDevice(crypto);
    const { programmer } = await open(bench, ["ecg:read"]);
    same(programmer.verifier.stream(ECG).next, undefined);
    throws("reading/order", () => programmer.verifier.stream(200));
    await rejects("device/parameter", () => programmer.start(200, 250));
  });
});
