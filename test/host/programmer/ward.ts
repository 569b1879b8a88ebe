/** A device that can be out of range, restarted and cut off at any moment, and who monitors it; time is the test's. */
import type { CentralLink } from "../../../host/link/link.js";
import type { Radio } from "../../../host/link/radio.js";
import { Monitor, type MonitorEvent, type MonitorOptions } from "../../../host/programmer/monitor.js";
import { SessionFolder } from "../../../host/store/session-folder.js";
import { PacedSensor, SyntheticSource } from "../../../modules/cardiac/index.js";
import { decodeSequence, encode } from "../../../modules/cbor/index.js";
import { Trust, verifyCredential } from "../../../modules/credential/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import { type AcceptedToken, StreamVerifier } from "../../../modules/reading/index.js";
import { type Bench, SteppedClock, settle, startDevice } from "../../modules/device/bench.js";
import { Clinic, MADE_AT } from "../../modules/device/clinic.js";
import { MemoryFiles } from "../store/memory-files.js";
import { linkTo } from "./bench-link.js";

export const FOLDER = "device";

export class Ward {
  readonly crypto: Crypto;
  readonly clock: SteppedClock;
  readonly clinic: Clinic;
  bench: Bench;
  inRange = true;
  /** Values that pass on the link, counted over all connections; the test may end it at one. */
  passed = 0;
  cutAt = Number.POSITIVE_INFINITY;
  /** Which of them the air loses. */
  loses: (n: number) => boolean = () => false;
  files = new MemoryFiles();
  readonly #found = new Set<() => void>();

  private constructor(crypto: Crypto, clock: SteppedClock, clinic: Clinic, bench: Bench) {
    this.crypto = crypto;
    this.clock = clock;
    this.clinic = clinic;
    this.bench = bench;
  }

  static async open(crypto: Crypto): Promise<Ward> {
    const clock = new SteppedClock();
    return new Ward(crypto, clock, await Clinic.open(crypto), await device(crypto, clock));
  }

  /** The power goes and comes back. */
  async restart(): Promise<void> {
    const { flash, peripheral } = this.bench;
    this.leave();
    peripheral.lose();
    this.bench = await device(this.crypto, this.clock, flash);
  }

  leave(): void {
    this.inRange = false;
    this.bench.peripheral.lose();
  }

  comeBack(): void {
    this.inRange = true;
    for (const found of this.#found) found();
  }

  /** Time passes a little at a time, with whatever both sides do in it. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 50) {
      await this.clock.pass(Math.min(50, left));
      await settle();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  radio(): Radio {
    return {
      name: "bench",
      scan: ({ found }) => {
        const look = () => this.inRange && found({ address: "bench" });
        this.#found.add(look);
        queueMicrotask(() => this.#found.has(look) && look());
        return () => this.#found.delete(look);
      },
      connect: async () => this.#link(),
    };
  }

  async monitor(but: Partial<MonitorOptions> = {}) {
    const { crypto, clinic, clock } = this;
    const { anchor, key } = clinic;
    const time = { floor: MADE_AT };
    const token = await clinic.issue({ scope: ["ecg:read", "pacing:read"] });
    const credential = verifyCredential(crypto, token, { kind: "programmer", anchor, time });
    /** With how old the stream was then. */
    const events: (MonitorEvent & { readonly was: string })[] = [];
    const monitor: Monitor = new Monitor({
      ...{ crypto, key, credential, radio: this.radio() },
      trust: new Trust(crypto, { anchor, kinds: ["device"], time: () => time }),
      clock: { nowMs: () => clock.now, after: (ms, callback) => clock.after(ms, callback) },
      random: () => 0.5,
      streams: [1],
      record: { readingMs: 500 },
      store: (device) => {
        const folder = SessionFolder.open(crypto, FOLDER, this.files);
        folder.adopt(device, anchor);
        return folder;
      },
      observe: (event) => void events.push({ ...event, was: monitor?.staleness(1).kind }),
      timeoutMs: 500,
      ...but,
    });
    const run = monitor.run();
    run.catch(() => {}); // the test looks at it when it wants to
    return { monitor, run, events };
  }

  /** What is stored of a stream, verified from its first token on, by nothing but the device's key. */
  stored(stream = 1): AcceptedToken[] {
    const name = stream === 1 ? "ecg" : stream === 2 ? "pacing" : "state";
    const files = this.files.restarted();
    const folder = SessionFolder.open(this.crypto, FOLDER, files);
    const content = files.content.get(`${FOLDER}/${name}.cborseq`) ?? new Uint8Array(0);
    const verifier = new StreamVerifier(this.crypto, folder.keys[0]!, stream);
    return decodeSequence(content, { maxSize: 1 << 24 }).map((item) => verifier.accept(encode(item)));
  }

  #link(): CentralLink {
    const { link } = linkTo(this.bench);
    const pass = (): boolean => {
      const n = this.passed++;
      if (n === this.cutAt) link.close();
      return n < this.cutAt || n > this.cutAt;
    };
    return {
      ...link,
      subscribe: (handlers) =>
        link.subscribe({
          control: (value) => pass() && handlers.control(value),
          telemetry: (value) => pass() && !this.loses(this.passed - 1) && handlers.telemetry(value),
          closed: (reason) => handlers.closed(reason),
        }),
      write: async (value) => {
        if (pass()) await link.write(value);
      },
    };
  }
}

function device(crypto: Crypto, clock: SteppedClock, flash?: Bench["flash"]): Promise<Bench> {
  const sensor = new PacedSensor(new SyntheticSource({ seed: 1 }), { clock: () => clock.now });
  return startDevice(crypto, flash, { clock, sensor });
}

/** Samples that the readings cover, when each begins where the one before ended. @throws Error otherwise */
export function contiguous(tokens: readonly AcceptedToken[]): number {
  let next: number | undefined;
  let samples = 0;
  for (const token of tokens) {
    if (token.kind === "header") {
      if (token.hole !== undefined)
        throw new Error(`expected no hole, came one at ${token.hole.first.sequence}`);
      next = token.format.firstSample;
    }
    if (token.kind === "gap") throw new Error("expected no gap, came one");
    if (token.kind !== "reading") continue;
    if (token.firstSample !== next) throw new Error(`expected sample ${next}, came ${token.firstSample}`);
    next = token.nextSample;
    samples += token.nextSample - token.firstSample;
  }
  return samples;
}
