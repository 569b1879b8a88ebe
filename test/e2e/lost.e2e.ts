/** The device leaves the room, whatever is under way: each state of a link, from a scan to the stream's end. */
import { findFirst } from "../../host/link/find.js";
import type { CentralLink } from "../../host/link/link.js";
import { VagusError } from "../../modules/error/index.js";
import { ok, same } from "../support/assert.js";
import { pause, readings, STREAM, until, Ward } from "./ward.js";

const READING_MS = 250;
/** The supervision time-out and every time-out of a step, one after the other; ATT itself would wait 30 s. */
const IN_TIME_MS = 10_000;

interface Leaving {
  /** When the room was left, as `performance.now()` has it. */
  at?: number;
  /** How often the link has said that it is closed. */
  closed: number;
}

/** Leaves before or after the nth thing that is done on the link, `n` counted from 0; the rest goes on as if nothing were. */
function leaving(n: number, when: "before" | "after", leave: () => void, left: Leaving) {
  let done = -1;
  const go = () => {
    left.at = performance.now();
    leave();
  };
  return (link: CentralLink): CentralLink => {
    const act = async <T>(run: () => Promise<T>): Promise<T> => {
      const now = ++done === n;
      if (now && when === "before") go();
      const result = await run();
      if (now && when === "after") go();
      return result;
    };
    const heard = (handlers: Parameters<CentralLink["subscribe"]>[0]) => ({
      control: handlers.control,
      telemetry: handlers.telemetry,
      closed(reason: string) {
        left.closed++;
        handlers.closed(reason);
      },
    });
    return {
      mtu: link.mtu,
      subscribe: (handlers) => act(() => link.subscribe(heard(handlers))),
      write: (value) => act(() => link.write(value)),
      readInfo: () => link.readInfo(),
      close: () => link.close(),
    };
  };
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** A VagusError with this code, no later than it may be. */
function fails(failed: unknown, code: string, since: number): void {
  ok(failed instanceof VagusError, `expected a VagusError, came ${String(failed)}`);
  same(failed.code, code, failed.message);
  const ms = performance.now() - since;
  ok(ms < IN_TIME_MS, `expected it within ${IN_TIME_MS} ms, came after ${ms}`);
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

  const asBefore = async () => {
    ward.radio.moveTo(1);
    const { programmer } = await ward.session();
    await programmer.command("challenge", null);
    programmer.close();
  };

  /** What is done on the link at an MTU of 100: subscribe, then message_2 in 5 pieces, message_4, commands. */
  const STEPS: [number, "before" | "after", string][] = [
    [0, "before", "while it subscribes"],
    [0, "after", "while it waits for message_1"],
    [1, "before", "before message_2"],
    [3, "before", "in the middle of message_2"],
    [5, "after", "while it waits for message_3"],
    [6, "before", "before message_4"],
    [7, "before", "before the first command"],
    [7, "after", "while it waits for the answer"],
    [8, "before", "before the second"],
  ];
  for (const [step, when, words] of STEPS) {
    it(`${words}: an error with a code in time, once closed; then a session as if nothing had been`, async () => {
      const left: Leaving = { closed: 0 };
      const over = leaving(step, when, () => ward.radio.moveTo(30), left);
      const failed = await failure(
        ward.session(over).then(async ({ programmer }) => {
          for (let n = 0; n < 3; n++) await programmer.command("challenge", null);
        }),
      );
      ok(left.at !== undefined, "the step was not reached");
      fails(failed, "gatt/disconnected", left.at);
      same(left.closed, 1, "times closed:");
      await asBefore();
    });
  }

  it("while it connects: an error with a code in time, and the next attempt succeeds", async () => {
    const { address } = await findFirst(ward.noble, 15_000);
    ward.radio.moveTo(30);
    const since = performance.now();
    const failed = await failure(ward.noble.connect(address, { signal: AbortSignal.timeout(20_000) }));
    fails(failed, "host/link", since);
    await asBefore();
  });

  it("while it looks for the service: an error with a code in time, and the next attempt succeeds", async () => {
    const { address } = await findFirst(ward.noble, 15_000);
    const connecting = failure(ward.noble.connect(address, { signal: AbortSignal.timeout(20_000) }));
    await until("a connection", () => ward.radio.device.links.size > 0);
    ward.radio.moveTo(30);
    fails(await connecting, "host/link", performance.now());
    await asBefore();
  });

  it("while it streams: closed once, with a reason", async () => {
    const { programmer, tokens, closed } = await ward.session();
    await programmer.start(STREAM.ecg, READING_MS, 0);
    await until("readings", () => readings(tokens).length > 2);
    ward.radio.moveTo(30);
    await until("the end of the link", () => closed.length > 0);
    await pause(500);
    same(closed.length, 1);
    ok(closed[0] !== "", "a reason");
    ward.radio.moveTo(1);
    const again = await ward.session();
    await again.programmer.stop(STREAM.ecg);
    again.programmer.close();
  });

  it("while it waits for the stream's head: it is not taken for ended, and the head comes in the next session", async () => {
    const { programmer, tokens, closed } = await ward.session();
    await programmer.start(STREAM.ecg, READING_MS, 0);
    await until("readings", () => readings(tokens).length > 2);
    const { verifier } = programmer;
    ward.radio.moveTo(30);
    const since = performance.now();
    fails(await failure(programmer.stop(STREAM.ecg)), "gatt/disconnected", since);
    same(closed.length, 1);
    ok(!tokens.some(({ kind }) => kind === "head"));
    ward.radio.moveTo(1);
    const again = await ward.session((link) => link, verifier);
    same(await again.programmer.follow(STREAM.ecg), true, "the device goes on recording:");
    await again.programmer.stop(STREAM.ecg);
    await until("the head", () => again.tokens.some(({ kind }) => kind === "head"));
    same(again.refused.length, 0);
    again.programmer.close();
  });
});

describe("a device that is out of range when it is looked for", () => {
  it("an error with a code in time, and the next look finds it", async () => {
    const ward = await Ward.open();
    try {
      ward.radio.moveTo(30);
      const since = performance.now();
      fails(await failure(findFirst(ward.noble, 2000)), "host/link", since);
      ward.radio.moveTo(1);
      (await ward.session()).programmer.close();
    } finally {
      await ward.close();
    }
  });
});
