/** The power goes everywhere (DESIGN section 9): a selection of what `npm run powercuts` does at length. */
import { cryptos, engine } from "engine";
import type { Flash } from "../../../modules/flash/index.js";
import { cheap } from "../../powercuts/cheap-crypto.js";
import { type CutOptions, type CutOutcome, cutEverywhere } from "../../powercuts/cuts.js";
import { NorFlash } from "../../powercuts/nor.js";
import { OPERATIONS, type Operation } from "../../powercuts/operations.js";
import { type Start, start } from "../../powercuts/subject.js";
import { deep, ok } from "../../support/assert.js";

const crypto = cheap(cryptos[0]!);
/** XS is fifty times slower here: it has the few ways that stand for their kind. */
const brief = engine === "xs";
const sparing = brief ? 40 : 150;

async function cut(operation: Operation, options: Partial<CutOptions>): Promise<CutOutcome> {
  return cutEverywhere(operation, crypto, { seed: 7, sparing, brief, ...options });
}

const named = (name: string): Operation => OPERATIONS.find((operation) => operation.name === name)!;

/** To fill records takes XS long, so there it is done where it tells most. */
function changing({ name, prepare }: Operation): boolean {
  return prepare !== undefined && (!brief || ["start", "revocation list, itself on it"].includes(name));
}

describe("Power cuts: the old state or the new one, and nothing twice", () => {
  for (const operation of OPERATIONS) {
    for (const full of changing(operation) ? [false, true] : [false]) {
      it(`${operation.name}${full ? ", every record about to change its sector" : ""}`, async () => {
        const { calls, points, failures } = await cut(operation, { full });
        deep(failures.slice(0, 3), []);
        ok(calls >= 2 && points >= (brief ? 3 : 20) * calls, `${points} points of ${calls} calls`);
      });
    }
  }
});

/** Says that it has written when it has not yet: what it is told goes to the chip so many calls later. */
class LateFlash implements Flash {
  readonly sectors: number;
  readonly #chip: Flash;
  readonly #seen: NorFlash;
  readonly #waiting: (() => void)[] = [];

  constructor(
    chip: NorFlash,
    readonly behind: number,
  ) {
    this.sectors = chip.sectors;
    this.#chip = chip;
    this.#seen = new NorFlash(chip.image);
  }

  read(offset: number, length: number): Uint8Array {
    return this.#seen.read(offset, length);
  }

  program(offset: number, bytes: Uint8Array): void {
    this.#seen.program(offset, bytes);
    this.#later(() => this.#chip.program(offset, bytes));
  }

  erase(sector: number): void {
    this.#seen.erase(sector);
    this.#later(() => this.#chip.erase(sector));
  }

  #later(call: () => void): void {
    this.#waiting.push(call);
    if (this.#waiting.length > this.behind) this.#waiting.shift()!();
  }
}

/** Does not erase: a purge that was forgotten. */
function unerased(chip: NorFlash): Flash {
  return {
    sectors: chip.sectors,
    read: (offset, length) => chip.read(offset, length),
    program: (offset, bytes) => chip.program(offset, bytes),
    erase() {},
  };
}

const over =
  (wrap: (chip: NorFlash) => Flash): Start =>
  async (crypto, flash) => ({ ...(await start(crypto, wrap(flash as NorFlash))), flash });

describe("Power cuts: what is wrong is found", () => {
  const LATE = over((chip) => new LateFlash(chip, 8));
  const CASES: [string, string, Start, RegExp][] = [
    ["a boot count that is used before it is written", "start", LATE, /boot \d+ behind/],
    [
      "a credential that is taken before it is written",
      "provisioning",
      LATE,
      /expected provisioned.*came new/,
    ],
    ["a list that is obeyed before it is written", "revocation list, others on it", LATE, /expected .*epoch/],
    ["a time that is believed before it is written", "freshness", LATE, /expected the floor/],
    [
      "a stream that is signed before it is reserved",
      "chain reservation, its first time",
      LATE,
      /not reserved|boot/,
    ],
    [
      "an audit entry that is told before it is written",
      "audit append",
      LATE,
      /was written, and is not there/,
    ],
    ["refusals that are counted and not told", "audit failures", LATE, /of \d+ refusals|is not there/],
    ["a program that is done before it is written", "program", LATE, /the rate is|its outcome|paced at/],
    [
      "a key that is revoked and not erased",
      "self-revocation by command",
      over(unerased),
      /sealed key|0 programmed/,
    ],
  ];
  for (const [what, name, broken, expected] of CASES) {
    it(`${what}: ${name}`, async () => {
      const { failures } = await cut(named(name), { start: broken, sparing: 1000, enough: 60 });
      ok(
        failures.some((failure) => expected.test(failure)),
        `expected ${expected}, came ${failures.slice(0, 3).join("\n")}`,
      );
    });
  }
});
