/** An attack that cannot win shows nothing: each is won, once a weakness has been planted. */
import { deep, ok } from "../support/assert.js";
import { FAMILIES } from "./families/index.js";
import { playedOn } from "./plant.js";
import { WEAKNESSES } from "./weaknesses/index.js";

const PATIENCE_MS = 120_000;
/** All of them take minutes (`npm run attacks -- --weaknesses`); the suite has every eighth. */
const STEP = 8;

const names = FAMILIES.flatMap(({ attacks }) => attacks.map(({ name }) => name));
const slow = FAMILIES.flatMap(({ attacks }) => attacks.filter((it) => it.slow).map(({ name }) => name));

describe("Attacks: planted weaknesses", function (this: Mocha.Suite) {
  this.timeout(PATIENCE_MS);

  it("every attack lives on one, and every weakness lets one win", () => {
    const lived = WEAKNESSES.flatMap(({ attacks }) => attacks);
    deep(
      names.filter((name) => !lived.includes(name)),
      [],
    );
    deep(
      lived.filter((name) => !names.includes(name)),
      [],
    );
    ok(WEAKNESSES.every(({ attacks, edits }) => attacks.length > 0 && edits.length > 0));
  });

  for (const [index, weakness] of WEAKNESSES.entries()) {
    const attacks = weakness.attacks.filter((name) => !slow.includes(name));
    if (index % STEP !== 0 || attacks.length === 0) continue;
    it(`${weakness.what} (${weakness.side}): ${attacks.join(", ")}`, async () => {
      const outcomes = await playedOn(weakness, attacks, `${index}`);
      deep(
        outcomes.map(({ name, lost }) => `${name} ${lost}`).sort(),
        attacks.map((name) => `${name} false`).sort(),
      );
    });
  }
});
