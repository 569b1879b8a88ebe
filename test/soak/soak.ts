/**
 * One device, two programmers, and whatever goes wrong: links are lost, the power goes in the midst of writes, somebody
 * sends bytes that mean nothing, nobody comes for an hour. In the end nothing is lost that was not declared to be.
 */
import { readFileSync } from "node:fs";
import { challenge } from "../../host/programmer/manage.js";
import { Operation } from "../../host/programmer/operation.js";
import { Programmer } from "../../host/programmer/programmer.js";
import { releaseStream } from "../../host/programmer/stream-commands.js";
import { verifyAudit } from "../../modules/audit/verify.js";
import { RecordedSource } from "../../modules/cardiac/index.js";
import { asArray, asBytes, asUint } from "../../modules/cbor/shape.js";
import { Holder, SCOPE, Trust, verifyCredential } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { type DeviceVerifier, STREAM } from "../../modules/reading/index.js";
import { Random } from "../fuzz/random.js";
import { Clinic, DAY, MADE_AT } from "../modules/device/clinic.js";
import { blank, NorFlash } from "../powercuts/nor.js";
import { Books } from "./books.js";
import { Patient } from "./patient.js";
import { VirtualTime } from "./time.js";

const SECTORS = 512;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

export interface SoakOptions {
  readonly crypto: Crypto;
  readonly seed: number;
  readonly hours: number;
  readonly record: string;
  readonly progress: (hours: number, line: string) => void;
}

export interface SoakResult {
  readonly seed: number;
  readonly hours: number;
  readonly visits: number;
  readonly lostLinks: number;
  readonly powerCuts: number;
  readonly malformed: number;
  readonly releases: number;
  readonly kept: number;
  readonly received: number;
  readonly samples: number;
  readonly declaredGone: number;
  readonly gaps: number;
  readonly notAccounted: number;
  readonly auditEntries: number;
  readonly airBytes: number;
  readonly packets: number;
  /** Of this process, behind a collection: once the device ran for a while, and in the end. */
  readonly heapBytes: readonly [number, number];
  readonly problems: readonly string[];
}

export async function soak({ crypto, seed, hours, record, progress }: SoakOptions): Promise<SoakResult> {
  const time = new VirtualTime();
  time.install();
  const random = new Random(seed);
  const bytes = new Uint8Array(readFileSync(record));
  const heart = new RecordedSource({
    length: bytes.length,
    read: (at, length) => bytes.subarray(at, at + length),
  });
  const clinic = await Clinic.open(crypto);
  const flash = new NorFlash(blank(SECTORS));
  const holder = await Holder.open(crypto, flash, { clockMs: () => 0, madeAt: MADE_AT });
  await clinic.provision(holder, { expires: MADE_AT + 1000 * DAY });
  const patient = new Patient(crypto, time, random, heart, flash.image);
  const books = new Books(crypto, heart);
  books.watch(() => patient.boots + 1); // provisioning was boot 1

  const scopes = [Object.values(SCOPE), [SCOPE.ecgRead]];
  const people = await Promise.all(
    scopes.map(async (scope) => {
      const token = await clinic.issue({ scope, expires: MADE_AT + 400 * DAY });
      const options = { kind: "programmer", anchor: clinic.anchor, time: { floor: MADE_AT } } as const;
      return verifyCredential(crypto, token, options);
    }),
  );
  const trust = new Trust(crypto, {
    anchor: clinic.anchor,
    kinds: ["device"],
    time: () => ({ floor: MADE_AT }),
  });
  let verifier: DeviceVerifier | undefined;
  const count = { visits: 0, lostLinks: 0, malformed: 0, releases: 0, airBytes: 0, packets: 0 };
  const problems: string[] = books.problems;
  const end = hours * 60 * MINUTE;
  const minutes = (from: number, to: number) => MINUTE * (from + random.next(60 * (to - from)) / 60);

  const session = (turn: number) =>
    Programmer.connect({
      crypto,
      link: patient.air.central(),
      credential: people[turn % people.length]!,
      key: clinic.key,
      trust,
      now: () => time.now,
      ...(verifier && { verifier: () => verifier }),
      observe: (event) => {
        if (event.kind === "token") books.take(event.token);
      },
    });

  /** Waits until everything that the device has now is here. */
  async function caughtUp(programmer: Programmer): Promise<void> {
    const { last } = await programmer.status(STREAM.ecg);
    for (let i = 0; last !== undefined && i < 1200; i++) {
      const next = programmer.verifier.stream(STREAM.ecg).next;
      if (
        next !== undefined &&
        (next.boot > last.boot || (next.boot === last.boot && next.sequence > last.sequence))
      )
        return;
      await time.sleep(100);
    }
    if (last !== undefined)
      throw new VagusError("session/timeout", "expected what the device has, came not all of it");
  }

  async function visit(turn: number, faults: boolean): Promise<void> {
    const programmer = await session(turn);
    try {
      verifier ??= programmer.verifier;
      const recording = await programmer.follow(STREAM.ecg);
      await caughtUp(programmer);
      if (!recording) await programmer.start(STREAM.ecg, 1000 + 250 * random.next(13));
      if (faults && random.next(3) === 0) patient.air.lossIn = 1 + random.next(600);
      if (faults && random.next(4) === 0) {
        for (let i = 0; i < 20; i++) patient.air.write(random.bytes(1 + random.next(240)));
        count.malformed += 20;
      }
      await time.sleep(minutes(1, 15));
      await caughtUp(programmer);
      if (turn % people.length === 0 && random.next(2) === 0 && books.last !== undefined) {
        const nonce = await challenge(programmer);
        const now = MADE_AT + Math.floor(time.now / SECOND);
        await programmer.command("freshness", await clinic.freshness(nonce, { issued: now }));
        const operation = new Operation(crypto, now);
        await releaseStream(programmer, operation, { stream: STREAM.ecg, ...books.last });
        count.releases++;
      }
      if (!faults) await programmer.stop(STREAM.ecg).then(() => time.sleep(5 * SECOND));
      if (!faults) await caughtUp(programmer);
    } finally {
      programmer.close();
    }
  }

  async function powered(): Promise<void> {
    while (!patient.on) {
      await time.sleep(SECOND * (1 + random.next(60)));
      await patient.powerUp();
    }
  }

  let first: number | undefined;
  async function life(): Promise<void> {
    await powered();
    for (let turn = 0; time.now < end; turn++) {
      count.visits++;
      if (random.next(2) === 0) patient.cutAt(1 + random.next(400));
      try {
        await visit(turn, true);
      } catch (error) {
        if (!(error instanceof VagusError)) throw error;
        count.lostLinks++;
      }
      if (!patient.on) await powered();
      else await time.sleep(random.next(8) === 0 ? minutes(60, 150) : minutes(1, 40));
      if (!patient.on) await powered();
      if (first === undefined && time.now > 60 * MINUTE) first = heap();
      progress(
        time.now / 60 / MINUTE,
        `${books.kept} kept, ${books.received} received, ${patient.cuts} power cuts, ${books.pending.size} to come`,
      );
    }
    patient.cutAt(Number.POSITIVE_INFINITY);
    for (let tries = 0; tries < 20; tries++) {
      await powered();
      patient.air.lossIn = Number.POSITIVE_INFINITY;
      await time.sleep(10 * MINUTE);
      const problem = await visit(0, false).catch((error: unknown) => error);
      if (problem === undefined) return;
      if (tries === 19) problems.push(`the last visit: ${problem}`);
    }
  }

  async function log(): Promise<number> {
    const programmer = await session(0);
    let entries = 0;
    for (const which of [0, 1]) {
      for (let from = 1, after: Parameters<typeof verifyAudit>[2]; ; ) {
        const [part, number, hash] = asArray(
          await programmer.command("audit", [which, from, 1000]),
          "session/malformed",
          "log",
          3,
        );
        const encoded = asArray(part, "session/malformed", "entries").map((it) =>
          asBytes(it, "session/malformed", "entry").slice(),
        );
        const verified = verifyAudit(crypto, encoded, after);
        entries += verified.entries.length;
        const reached = verified.end.number;
        const head = asUint(number, "session/malformed", "number");
        if (encoded.length === 0 || reached >= head) {
          const same = Buffer.compare(verified.end.hash, asBytes(hash, "session/malformed", "hash")) === 0;
          if (!same) problems.push(`the log ends at ${reached}, and its head is ${head}`);
          break;
        }
        from = reached + 1;
        after = { after: verified.end };
      }
    }
    programmer.close();
    return entries;
  }

  let over = false;
  let failure: unknown;
  let auditEntries = 0;
  life()
    .then(async () => {
      await time.sleep(MINUTE);
      auditEntries = await log();
    })
    .catch((error) => {
      failure = error;
    })
    .finally(() => {
      over = true;
    });
  await time.run(() => over);
  if (failure !== undefined) throw failure;
  if (patient.faults > 0) problems.push(`${patient.faults} faults`);
  return {
    seed,
    hours: time.now / 60 / MINUTE,
    ...count,
    powerCuts: patient.cuts,
    kept: books.kept,
    received: books.received,
    samples: books.samples,
    declaredGone: books.declared,
    gaps: books.gaps,
    notAccounted: books.pending.size,
    auditEntries,
    airBytes: patient.air.airBytes,
    packets: patient.air.packets,
    heapBytes: [first ?? heap(), heap()],
    problems,
  };
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
