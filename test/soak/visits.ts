/** What a programmer does at the bedside: catches up, records, treats, releases; and what may go wrong meanwhile. */
import { challenge } from "../../host/programmer/manage.js";
import { Operation } from "../../host/programmer/operation.js";
import type { Programmer } from "../../host/programmer/programmer.js";
import { releaseStream } from "../../host/programmer/stream-commands.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import type { Random } from "../fuzz/random.js";
import { type Clinic, MADE_AT } from "../modules/device/clinic.js";
import { STREAMS } from "./books.js";
import { order } from "./ledger.js";
import type { Patient } from "./patient.js";
import type { Person } from "./people.js";
import type { VirtualTime } from "./time.js";
import type { Treatment } from "./treatment.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export interface Ward {
  readonly crypto: Crypto;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly clinic: Clinic;
  readonly patient: Patient;
  readonly treatment: Treatment;
  readonly people: readonly Person[];
  /** @throws VagusError as `Programmer.connect` */
  session(person: Person): Promise<Programmer>;
}

/** What the visits came to. */
export const counts = () => ({ malformed: 0, releases: 0, notReleased: 0 });

/** @throws VagusError where it ended by a fault */
export async function visit(ward: Ward, person: Person, count: ReturnType<typeof counts>): Promise<void> {
  const { patient, treatment, random, time } = ward;
  await attended(ward, person, async (session) => {
    for (const stream of await hear(ward, session)) await session.start(stream, 1000 + 250 * random.next(13));
    await treatment.check(session, person);
    if (random.next(3) === 0) patient.air.lossIn = 1 + random.next(1200);
    if (random.next(4) === 0) {
      for (let i = 0; i < 20; i++) patient.air.write(random.bytes(1 + random.next(240)));
      count.malformed += 20;
    }
    if (random.next(4) === 0) await treatment.withoutWord(session);
    await word(ward, session, person);
    for (let acts = random.next(4); acts > 0; acts--) {
      await time.sleep(SECOND * random.next(120));
      await treatment.act(session, person);
    }
    await time.sleep(MINUTE * (1 + random.next(12)));
    await caughtUp(ward, session);
    if (random.next(2) === 0) await release(ward, session, person, count);
  });
}

/** Nothing goes wrong, and nothing is recorded when it is over. @throws VagusError as it does all the same */
export async function quietVisit(ward: Ward, person: Person): Promise<void> {
  const { treatment, time } = ward;
  await attended(ward, person, async (session) => {
    await hear(ward, session);
    await treatment.check(session, person);
    for (const stream of STREAMS) await session.stop(stream);
    await time.sleep(5 * SECOND);
    await caughtUp(ward, session);
  });
}

async function attended(
  { patient, treatment, time, session }: Ward,
  person: Person,
  act: (session: Programmer) => Promise<void>,
): Promise<void> {
  const programmer = await session(person);
  try {
    await act(programmer);
  } finally {
    programmer.close();
    await time.sleep(SECOND);
    if (patient.on) treatment.left(patient.implant);
    else treatment.restarted();
  }
}

/** Hears both streams from where this programmer was. @returns those that the device does not record */
async function hear(ward: Ward, session: Programmer): Promise<number[]> {
  const silent: number[] = [];
  for (const stream of STREAMS) if (!(await session.follow(stream))) silent.push(stream);
  await caughtUp(ward, session);
  return silent;
}

/** Waits until everything that the device has now is here. @throws VagusError `session/timeout`, `gatt/disconnected` */
async function caughtUp({ time, patient }: Ward, session: Programmer): Promise<void> {
  for (const stream of STREAMS) {
    const { last } = await session.status(stream);
    const behind = () => {
      const { next } = session.verifier.stream(stream);
      return last !== undefined && (next === undefined || order(next, last) <= 0);
    };
    for (let i = 0; behind() && i < 1200; i++) {
      if (!patient.air.connected) throw new VagusError("gatt/disconnected", "the link was lost");
      await time.sleep(100);
    }
    if (!behind()) continue;
    const came = JSON.stringify(session.verifier.stream(stream).next);
    const expected = `expected stream ${stream} up to ${JSON.stringify(last)}`;
    throw new VagusError("session/timeout", `${expected}, next would be ${came}`);
  }
}

async function word({ clinic, time }: Ward, session: Programmer, { credential }: Person): Promise<void> {
  const issued = MADE_AT + Math.floor(time.now / SECOND);
  const token = await clinic.freshness(await challenge(session), { issued, programmer: credential.kid });
  await session.command("freshness", token);
}

/** What both have is given up; whoever has no right to is refused. */
async function release(
  { crypto, time, people, treatment }: Ward,
  session: Programmer,
  person: Person,
  count: ReturnType<typeof counts>,
): Promise<void> {
  for (const stream of STREAMS) {
    const [oldest] = people.map(({ last }) => last.get(stream)).sort((a, b) => (a && b ? order(a, b) : -1));
    if (oldest === undefined || people.some(({ last }) => !last.has(stream))) continue;
    const operation = new Operation(crypto, MADE_AT + Math.floor(time.now / SECOND));
    const asked = releaseStream(session, operation, { stream, ...oldest });
    if (!person.accounts) {
      await treatment.refused("session/scope", asked);
      continue;
    }
    try {
      await asked;
      count.releases++;
    } catch (error) {
      // it was released before, or the ring has overtaken it
      if (!(error instanceof VagusError) || error.code !== "journal/release") throw error;
      count.notReleased++;
    }
  }
}
