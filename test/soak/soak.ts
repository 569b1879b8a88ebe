/**
 * One device, two programmers, and whatever goes wrong: links are lost, the power goes in the midst of writes, somebody
 * sends bytes that mean nothing, nobody comes for an hour. In the end nothing is lost that was not declared to be, the patient
 * is paced as was asked for, and no side's heap has grown.
 */
import { RecordedSource } from "../../modules/cardiac/index.js";
import { Holder } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { Random } from "../fuzz/random.js";
import { Clinic, DAY, MADE_AT } from "../modules/device/clinic.js";
import { blank, type Image, NorFlash } from "../powercuts/nor.js";
import { Books } from "./books.js";
import { readLog } from "./log.js";
import { type Heap, type Machine, WARM_HOURS } from "./machine.js";
import { Patient } from "./patient.js";
import { people, sessionOf, trustOf } from "./people.js";
import { VirtualTime } from "./time.js";
import { Treatment } from "./treatment.js";
import { counts, quietVisit, visit, type Ward } from "./visits.js";

const SECTORS = 512;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const RECORD = "sim/hearts/mitbih-208-mlii-360hz.u16le";

export interface SoakOptions {
  readonly machine: Machine;
  readonly seed: number;
  readonly hours: number;
  readonly progress: (hours: number, line: string) => void;
}

export type SoakResult = Awaited<ReturnType<typeof soak>>;

export async function soak({ machine, seed, hours, progress }: SoakOptions) {
  const { crypto } = machine;
  const time = new VirtualTime(machine.soon);
  time.install();
  const random = new Random(seed);
  const bytes = machine.readBytes(RECORD);
  const heart = new RecordedSource({
    length: bytes.length,
    read: (at, length) => bytes.subarray(at, at + length),
  });
  const clinic = await Clinic.open(crypto);
  const patient = new Patient(crypto, time, random, heart, await provisioned(crypto, clinic));
  const books = new Books(crypto, heart);
  books.watch(() => patient.boot);
  const { problems } = books;
  const treatment = new Treatment(crypto, time, random, problems, () => {
    const kind = random.next(6);
    if (kind === 0) patient.air.lossIn = random.next(2);
    if (kind === 1) patient.cutAt(1 + random.next(8));
  });
  const all = await people(crypto, clinic);
  const trust = trustOf(crypto, clinic);
  const ward: Ward = {
    ...{ crypto, time, random, clinic, patient, treatment, people: all },
    session: (person) =>
      sessionOf(person, {
        ...{ crypto, air: patient.air, trust, now: () => time.now },
        token: (token) => books.take(person, token),
        refused: ({ code, message }) => {
          const hour = (time.now / HOUR).toFixed(2);
          problems.push(`hour ${hour}: ${person.name} did not believe the device: ${code}: ${message}`);
        },
      }),
  };
  const count = { visits: 0, lostLinks: 0, ...counts() };
  /** What ended visits, and how often. */
  const ended: Record<string, number> = {};
  const heaps: { readonly hour: number; readonly heap: Heap }[] = [];
  const minutes = (from: number, to: number) => MINUTE * (from + random.next(60 * (to - from)) / 60);

  async function powered(): Promise<void> {
    while (!patient.on) {
      await time.sleep(SECOND * (1 + random.next(60)));
      if (random.next(8) === 0) patient.cutAt(1 + random.next(12));
      await patient.powerUp();
      treatment.restarted();
    }
  }

  /** Both come, and have all that there is. Then the heap is looked at. */
  async function quiet(): Promise<void> {
    patient.cutAt(Number.POSITIVE_INFINITY);
    for (const person of all)
      for (let tries = 0; ; tries++) {
        await powered();
        patient.air.lossIn = Number.POSITIVE_INFINITY;
        await time.sleep(10 * MINUTE);
        const problem = await quietVisit(ward, person).catch((error: unknown) => error);
        if (problem === undefined) break;
        if (tries < 20) continue;
        const refused = [...patient.refused].map(([code, times]) => `${times} ${code}`).join(", ");
        problems.push(`${person.name}'s quiet visit: ${problem}; the device has refused ${refused}`);
        break;
      }
    await time.sleep(MINUTE);
    heaps.push({ hour: time.now / HOUR, heap: machine.heap() });
  }

  async function life(): Promise<void> {
    const early = Math.min(WARM_HOURS, hours / 2);
    await powered();
    for (let turn = 0; time.now < hours * HOUR; turn++) {
      if (heaps.length === 0 && time.now > early * HOUR) await quiet();
      count.visits++;
      if (random.next(3) === 0) patient.cutAt(1 + random.next(1200));
      try {
        await visit(ward, all[turn % all.length]!, count);
      } catch (error) {
        if (!(error instanceof VagusError)) throw error;
        count.lostLinks++;
        ended[error.code] = (ended[error.code] ?? 0) + 1;
      }
      if (!patient.on) await powered();
      else await time.sleep(random.next(8) === 0 ? minutes(60, 150) : minutes(1, 40));
      if (!patient.on) await powered();
      const { kept, received, pending } = books;
      const line = `${kept} kept, ${received} received, ${patient.cuts} power cuts, ${pending} to come`;
      progress(time.now / HOUR, line);
    }
    await quiet();
  }

  let over = false;
  let failure: unknown;
  let auditEntries = 0;
  life()
    .then(async () => {
      const programmer = await ward.session(all[0]!);
      auditEntries = await readLog(crypto, programmer, problems);
      programmer.close();
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
  const [before, after] = [heaps[0]!, heaps.at(-1)!];
  problems.push(...machine.grown(before.heap, after.heap, before.hour));
  const [alice, bob] = all.map(({ last }) =>
    [...last.values()].map(({ boot, sequence }) => `${boot}/${sequence}`),
  );
  if (`${alice}` !== `${bob}`) problems.push(`one has come to ${alice}, the other to ${bob}`);
  return {
    seed,
    hours: time.now / HOUR,
    ...count,
    ended,
    powerCuts: patient.cuts,
    kept: books.kept,
    received: books.received,
    byOther: all[1]!.received,
    samples: books.samples,
    declaredGone: books.declared,
    gaps: books.gaps,
    notAccounted: books.pending,
    pacing: treatment.count,
    auditEntries,
    heaps: [before, after] as const,
    problems,
  };
}

/** What the chip of a provisioned device holds, in all the memory that it will ever take. */
async function provisioned(crypto: Crypto, clinic: Clinic): Promise<Image> {
  const flash = new NorFlash(blank(SECTORS).map((sector) => sector.slice()));
  const holder = await Holder.open(crypto, flash, { clockMs: () => 0, madeAt: MADE_AT });
  await clinic.provision(holder, { expires: MADE_AT + 1000 * DAY });
  return flash.image;
}
