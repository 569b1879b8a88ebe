import { findFirst } from "../../host/link/find.js";
import { deep, ok, same } from "../support/assert.js";
import { pause, readings, STREAM, until, Ward, type WardOptions } from "./ward.js";

const READING_MS = 250;

async function streams(options: WardOptions, mtu: number): Promise<Ward> {
  const ward = await Ward.open(options);
  const { programmer, link, tokens, refused } = await ward.session();
  same(link.mtu, mtu);
  await programmer.start(STREAM.ecg, READING_MS, 8);
  await until("the stream's head", () => tokens.some(({ kind }) => kind === "head"), 40_000);
  same(readings(tokens).length, 8);
  deep(refused, []);
  same(await programmer.finish(), true);
  return ward;
}

describe("over the virtual radio, with noble", () => {
  let ward: Ward | undefined;
  afterEach(async () => {
    await ward?.close();
    ward = undefined;
  });

  it("a new device is found by its service, under a private address, and says that it is new", async () => {
    ward = await Ward.fresh();
    const { address } = await findFirst(ward.noble, 15_000);
    same(Number.parseInt(address.slice(0, 2), 16) >> 6, 0b01, "resolvable and private:");
    const link = await ward.connect();
    deep(await link.readInfo(), Uint8Array.of(1, 2));
    link.close();
  });

  it("handshake, and a stream of which everything is verified", async () => {
    ward = await streams({}, 247);
  });

  it("at an MTU of 23", async () => {
    ward = await streams({ mtu: 23 }, 23);
  });

  it("with a fifth of all packets lost", async () => {
    ward = await streams({ loss: 0.2, supervisionMs: 4200 }, 247);
    const { fromCentral, fromPeripheral } = ward.radio.air.traffic;
    ok(fromCentral.lost > 20 && fromPeripheral.lost > 20, "packets were lost, each way");
  });

  it("a device that is full: the second central is not let in, and the first is not disturbed", async () => {
    ward = await Ward.open();
    const { programmer, tokens, refused, closed } = await ward.session();
    const [link] = ward.radio.device.links.values();
    ok(link !== undefined);
    await programmer.start(STREAM.ecg, READING_MS, 0);
    const second = await ward.stranger();
    same(await second.sees(3000), false, "it advertises to nobody:");
    same(await second.joins(link.end.own, 3000), false, "and lets nobody in who knows where it was:");
    await until("readings", () => readings(tokens).length > 12);
    deep([refused, closed], [[], []]);
    const sequences = readings(tokens).map(({ cti }) => cti.sequence);
    deep(
      sequences,
      sequences.map((_, n) => (sequences[0] as number) + n),
    );
    same(await programmer.finish(), true);
    same(await second.sees(5000), true, "with nobody connected it does:");
    second.close();
  });

  it("the button makes room for a second one, who is let in over the air and takes over; then it is full again", async () => {
    ward = await Ward.open();
    const first = await ward.session();
    await first.programmer.start(STREAM.ecg, READING_MS, 0);
    const second = await ward.stranger();
    same(await second.sees(2000), false, "before:");
    await ward.firmware.press(200);
    const link = await second.link(10_000);
    same(first.closed.length, 0, "whoever is in stays until then:");
    const { programmer, tokens } = await ward.programmer(link);
    await until("the end of the first", () => first.closed.length > 0);
    same(await programmer.follow(STREAM.ecg), true);
    await until("readings", () => readings(tokens).length > 4);
    programmer.close();
    second.close();
    await until("it to advertise again", () => ward?.radio.device.advertiser.on === true);
    const third = await ward.session();
    third.programmer.close();
  });

  it("out of range for a while and back: nothing is lost, by cursor", async () => {
    ward = await Ward.open();
    const first = await ward.session();
    await first.programmer.start(STREAM.ecg, READING_MS, 0);
    await until("readings", () => readings(first.tokens).length > 4);
    ward.radio.moveTo(30);
    await until("the end of the link", () => first.closed.length > 0);
    same(first.closed.length, 1);
    await pause(2000);
    ward.radio.moveTo(1);
    const { verifier } = first.programmer;
    const before = readings(first.tokens).at(-1)?.cti.sequence ?? 0;
    const second = await ward.session((link) => link, verifier);
    same(await second.programmer.follow(STREAM.ecg), true, "it is still being recorded:");
    await until("what was missed and more", () => readings(second.tokens).length > 16, 30_000);
    await second.programmer.stop(STREAM.ecg);
    await until("the head", () => second.tokens.some(({ kind }) => kind === "head"));
    deep([...first.refused, ...second.refused], []);
    const sequences = readings([...first.tokens, ...second.tokens]).map(({ cti }) => cti.sequence);
    const whole = sequences.map((_, n) => sequences[0] + n);
    deep(sequences, whole, "each once, in order:");
    ok(sequences.at(-1)! > before + 8);
    second.programmer.close();
  });
});
