/** The power goes everywhere (DESIGN section 9): a selection of what `npm run powercuts` does at length. */
import { cryptos, engine } from "engine";
import type { Flash } from "../../../modules/flash/index.js";
import {
  cutJournal,
  JOURNAL_OPERATIONS,
  type OpenJournal,
  openJournal,
  SECTORS,
} from "../../powercuts/journal.js";
import { NorFlash } from "../../powercuts/nor.js";
import { deep, ok } from "../../support/assert.js";

const crypto = cryptos[0]!;
/** On XS a few ways stand for all. */
const plain = engine === "xs";
const sparing = 20;

describe("Journal, power cuts: the old state or the new one, and nothing gone that nobody says", () => {
  for (const operation of JOURNAL_OPERATIONS) {
    it(operation.name, () => {
      const { calls, points, again, failures } = cutJournal(operation, crypto, { seed: 7, sparing, plain });
      deep(failures.slice(0, 3), []);
      ok(
        calls >= 7 && points >= (plain ? 3 : 20) * calls && again > 0,
        `${points} points of ${calls} calls, ${again} twice`,
      );
    });
  }
});

/** A journal whose flash is not what it thinks. */
const over =
  (wrap: (chip: Flash) => Partial<Flash>): OpenJournal =>
  (crypto, chip, boot) => {
    const { sectors } = chip;
    const plain: Flash = {
      sectors,
      read: (offset, length) => chip.read(offset, length),
      program: (offset, bytes) => chip.program(offset, bytes),
      erase: (sector) => chip.erase(sector),
    };
    return openJournal(crypto, { ...plain, ...wrap(chip) }, boot);
  };

describe("Journal, power cuts: what is wrong is found", () => {
  // Erases the sector that is to be given up before anything says that it is.
  const eager = over((chip) => ({
    program(offset, bytes) {
      if (offset % 4096 === 0) chip.erase((offset / 4096 + 1) % SECTORS);
      chip.program(offset, bytes);
    },
  }));
  // Says that it has written when it has not yet: the chip is one call behind.
  const late = over((chip) => {
    const seen = new NorFlash((chip as NorFlash).image);
    let waiting = () => {};
    const later = (call: () => void) => {
      waiting();
      waiting = call;
    };
    return {
      read: (offset, length) => seen.read(offset, length),
      program(offset, bytes) {
        seen.program(offset, bytes);
        later(() => chip.program(offset, bytes));
      },
      erase(sector) {
        seen.erase(sector);
        later(() => chip.erase(sector));
      },
    };
  });
  const CASES: [string, string, OpenJournal, RegExp][] = [
    ["a sector that is erased before it is given up", "journal full", eager, /gone and nobody says so/],
    ["a token that is kept only later", "journal append", late, /gone and nobody says so/],
    ["a release that is kept only later", "journal release", late, /there again/],
    [
      "a gap that is told and not written",
      "journal told",
      late,
      /was told|gone and nobody says so|there again/,
    ],
  ];
  for (const [what, name, broken, expected] of CASES) {
    it(`${what}: ${name}`, () => {
      const operation = JOURNAL_OPERATIONS.find((each) => each.name === name)!;
      const { failures } = cutJournal(operation, crypto, {
        seed: 7,
        sparing: 1000,
        enough: 40,
        open: broken,
      });
      ok(
        failures.some((failure) => expected.test(failure)),
        `expected ${expected}, came ${failures.slice(0, 3).join("\n")}`,
      );
    });
  }
});
