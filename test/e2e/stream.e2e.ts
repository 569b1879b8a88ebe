import type { CentralLink } from "../../host/link/link.js";
import { VagusError } from "../../modules/error/index.js";
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
  });

  it("a device that is full: the second central is not let in, and the first is not disturbed", async () => {
    ward = await Ward.open();
    const { programmer, tokens } = await ward.session();
    await programmer.start(STREAM.ecg, READING_MS, 0);
    same(ward.radio.device.advertiser.on, false);
    await until("readings", () => readings(tokens).length > 3);
    await programmer.stop(STREAM.ecg);
    programmer.close();
    await until("it to advertise again", () => ward?.radio.device.advertiser.on === true);
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

/** Leaves the room before the nth thing that is done on the link, `n` counted from 0; the rest goes on as if nothing were. */
function leaving(n: number, leave: () => void) {
  let done = -1;
  return (link: CentralLink): CentralLink => {
    const act = <T>(run: () => Promise<T>): Promise<T> => {
      if (++done === n) leave();
      return run();
    };
    return {
      mtu: link.mtu,
      subscribe: (handlers) => act(() => link.subscribe(handlers)),
      write: (value) => act(() => link.write(value)),
      readInfo: () => link.readInfo(),
      close: () => link.close(),
    };
  };
}

describe("a link that is lost, whatever is under way", () => {
  let ward: Ward;
  before(async () => {
    ward = await Ward.open({ mtu: 100, times: { requestMs: 4000, connectMs: 4000 } });
  });
  after(() => ward.close());
  /** Handshakes that fail are rationed; the button opens a minute without (PROTOCOL, "The button"). */
  beforeEach(() => ward.firmware.press(200));
  afterEach(() => ward.radio.moveTo(1));

  /** What is done on the link at an MTU of 100: subscribe, then message_2 in 5 pieces, message_4, commands. */
  const STEPS: [number, string][] = [
    [0, "while it subscribes"],
    [1, "before message_2"],
    [3, "in the middle of message_2"],
    [6, "before message_4"],
    [7, "before the first command"],
    [8, "before the second"],
  ];
  for (const [step, when] of STEPS) {
    it(`${when}: an error with a code in time, once closed; then a session as if nothing had been`, async () => {
      let left = false;
      const leave = () => {
        left = true;
        ward.radio.moveTo(30);
      };
      const failed = await ward
        .session(leaving(step, leave))
        .then(async ({ programmer }) => {
          await programmer.command("challenge", null);
          await programmer.command("challenge", null);
          await programmer.command("challenge", null);
        })
        .then(
          () => undefined,
          (error: unknown) => error,
        );
      same(left, true, "the step was reached:");
      ok(failed instanceof VagusError, `expected a VagusError, came ${String(failed)}`);
      ok(["gatt/disconnected", "host/link", "session/timeout"].includes(failed.code), failed.message);
      ward.radio.moveTo(1);
      const { programmer } = await ward.session();
      await programmer.command("challenge", null);
      programmer.close();
    });
  }

  it("while it connects: an error with a code in time, and the next attempt succeeds", async () => {
    const { address } = await import("../../host/link/find.js").then((it) =>
      it.findFirst(ward.noble, 15_000),
    );
    ward.radio.moveTo(30);
    const failed = await ward.noble.connect(address, { signal: AbortSignal.timeout(20_000) }).then(
      () => undefined,
      (error: unknown) => error,
    );
    ok(failed instanceof VagusError, `came ${String(failed)}`);
    ward.radio.moveTo(1);
    const { programmer } = await ward.session();
    programmer.close();
  });

  it("while it streams: closed once, with a reason", async () => {
    const { programmer, tokens, closed } = await ward.session();
    await programmer.start(STREAM.ecg, READING_MS, 0);
    await until("readings", () => readings(tokens).length > 2);
    ward.radio.moveTo(30);
    await until("the end of the link", () => closed.length > 0);
    await pause(500);
    same(closed.length, 1);
    ward.radio.moveTo(1);
    const again = await ward.session();
    await again.programmer.stop(STREAM.ecg);
    again.programmer.close();
  });
});
