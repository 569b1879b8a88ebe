import { Elsewhere, Keeper } from "../../../host/link/keeper.js";
import type { CentralLink, LinkHandlers } from "../../../host/link/link.js";
import type { Radio, Scanning } from "../../../host/link/radio.js";
import { LINK_TIMES, type LinkEvent } from "../../../host/link/reconnection.js";
import { VagusError } from "../../../modules/error/index.js";
import { SteppedClock, settle } from "../../modules/device/bench.js";
import { deep, rejects, same } from "../../support/assert.js";

/** A radio that does what the test says, and counts what is left open. */
class ScriptedRadio implements Radio {
  readonly name = "scripted";
  scans = 0;
  readonly open = new Set<object>();
  handlers: Scanning | undefined;
  link: LinkHandlers | undefined;
  connects = 0;
  connecting: (address: string) => Promise<void> = () => Promise.resolve();

  scan(handlers: Scanning): () => void {
    this.scans++;
    this.handlers = handlers;
    return () => {
      this.scans--;
    };
  }

  async connect(address: string): Promise<CentralLink> {
    this.connects++;
    await this.connecting(address);
    const one = {};
    this.open.add(one);
    return {
      mtu: 100,
      subscribe: async (handlers) => {
        this.link = handlers;
      },
      write: async () => {},
      readInfo: async () => Uint8Array.of(1, 0),
      close: () => {
        this.open.delete(one);
      },
    };
  }
}

const silent = { control: () => {}, telemetry: () => {}, closed: () => {} };

function kept(greet: (link: CentralLink, n: number) => Promise<unknown> = () => Promise.resolve("session")) {
  const radio = new ScriptedRadio();
  const clock = new SteppedClock();
  const events: LinkEvent[] = [];
  let greeted = 0;
  let probe: () => Promise<unknown> = () => Promise.resolve();
  const keeper = new Keeper({
    radio,
    clock: { nowMs: () => clock.now, after: (ms, callback) => clock.after(ms, callback) },
    random: () => 1,
    greet: async (link) => {
      await link.subscribe(silent);
      return greet(link, greeted++);
    },
    probe: () => probe(),
    observe: (event) => void events.push(event),
    isFinal: ({ code }, everUp) => code === "cwt/expired" && !everUp,
  });
  const run = keeper.run();
  const find = async (address = "a") => {
    radio.handlers?.found({ address });
    await settle();
  };
  const told = () => events.splice(0).map(({ kind }) => kind);
  return {
    ...{ radio, clock, keeper, run, find, told },
    answer: (to: typeof probe) => {
      probe = to;
    },
  };
}

const never = () => new Promise<never>(() => {});

describe("A link that is kept", () => {
  it("is found, made and greeted; the session is there while it is up", async () => {
    const { radio, keeper, find, told } = kept();
    deep([radio.scans, keeper.session], [1, undefined]);
    await find();
    deep(told(), ["scanning", "connecting", "greeting", "up"]);
    deep([radio.scans, keeper.session, keeper.mtu], [0, "session", 100]);
    keeper.stop();
    deep([radio.open.size, keeper.session], [0, undefined]);
  });

  it("lost: told once, made again after the wait, and nothing of the old one is left", async () => {
    const { radio, clock, keeper, find, told } = kept();
    await find();
    radio.link?.closed("out of range");
    same(keeper.session, undefined);
    await clock.pass(LINK_TIMES.waitMs.first);
    await find();
    deep(told(), [
      "scanning",
      "connecting",
      "greeting",
      "up",
      "lost",
      "waiting",
      "scanning",
      "connecting",
      "greeting",
      "up",
    ]);
    deep([radio.open.size, radio.connects], [1, 2]);
  });

  it("never answered at any stage: each ends by its time-out, and the next try begins", async () => {
    const { radio, clock, find, told, answer } = kept((_, n) =>
      n === 0 ? never() : Promise.resolve("session"),
    );
    await clock.pass(LINK_TIMES.scanMs);
    deep(told(), ["scanning", "failed", "waiting"]);
    await clock.pass(500);
    radio.connecting = never;
    await find();
    await clock.pass(LINK_TIMES.connectMs);
    deep(told(), ["scanning", "connecting", "failed", "waiting"]);
    radio.connecting = () => Promise.resolve();
    await clock.pass(1000);
    await find();
    await clock.pass(LINK_TIMES.greetMs);
    deep(told(), ["scanning", "connecting", "greeting", "failed", "waiting"]);
    same(radio.open.size, 0);
    await clock.pass(2000);
    await find();
    answer(never);
    told();
    await clock.pass(LINK_TIMES.quietMs + LINK_TIMES.probeMs);
    deep(told(), ["quiet", "lost", "waiting"]);
    deep([radio.open.size, radio.scans], [0, 0]);
  });

  it("a connection that comes when nobody waits any more is closed, and is not taken for the next one", async () => {
    const { radio, clock, find, told } = kept();
    let come = () => {};
    radio.connecting = () =>
      new Promise((resolve) => {
        come = resolve;
      });
    await find();
    await clock.pass(LINK_TIMES.connectMs + 500);
    come();
    await settle();
    deep(told(), ["scanning", "connecting", "failed", "waiting", "scanning"]);
    same(radio.open.size, 0);
  });

  it("a session that is greeted too late is not taken for the next one's", async () => {
    const late: (() => void)[] = [];
    const { clock, keeper, find } = kept(
      (_, n) => new Promise((resolve) => late.push(() => resolve(`session ${n}`))),
    );
    await find();
    await clock.pass(LINK_TIMES.greetMs + 500);
    await find();
    late[0]!();
    await settle();
    same(keeper.session, undefined);
    late[1]!();
    await settle();
    same(keeper.session, "session 1");
  });

  it("quiet for a while: it is asked, and stays up when it answers; words in between put that off", async () => {
    let asked = 0;
    const { clock, keeper, find, told, answer } = kept();
    answer(async () => {
      asked++;
    });
    await find();
    for (let n = 0; n < 3; n++) {
      await clock.pass(LINK_TIMES.quietMs - 1);
      keeper.heard();
    }
    same(asked, 0);
    await clock.pass(LINK_TIMES.quietMs);
    deep([asked, keeper.session], [1, "session"]);
    deep(told(), ["scanning", "connecting", "greeting", "up", "quiet"]);
  });

  it("another device is passed over", async () => {
    const { radio, clock, find } = kept((_, n) =>
      n === 0 ? Promise.reject(new Elsewhere("expected a, came b")) : Promise.resolve("session"),
    );
    await find("other");
    await clock.pass(500);
    await find("other");
    same(radio.connects, 1);
    await find("mine");
    same(radio.connects, 2);
  });

  it("what is of no use to try again ends it with the reason; run rejects", async () => {
    const expired = new VagusError("cwt/expired", "expected a credential, came one that has ended");
    const { radio, find, run } = kept(() => Promise.reject(expired));
    const ended = rejects("cwt/expired", () => run);
    await find();
    await ended;
    deep([radio.open.size, radio.scans], [0, 0]);
  });

  it("stop at every stage leaves no scan, no link, no timer", async () => {
    for (const stage of ["scanning", "connecting", "greeting", "up", "waiting"]) {
      const { radio, clock, keeper, find, run } = kept(() =>
        stage === "greeting" ? never() : Promise.resolve("session"),
      );
      if (stage === "connecting") radio.connecting = never;
      if (stage !== "scanning") await find();
      if (stage === "waiting") radio.link?.closed("gone");
      same(keeper.state.phase, stage);
      keeper.stop();
      await run;
      deep([radio.scans, radio.open.size, clock.timers], [0, 0, 0], stage);
    }
  });
});
