/** An attack that cannot win shows nothing: each is won, once a weakness has been planted. */
import { readFileSync } from "node:fs";
import { deep, ok, same } from "../support/assert.js";
import { FAMILIES } from "./families/index.js";
import { playedOn } from "./plant.js";
import { won } from "./show.js";
import { WEAKNESSES } from "./weaknesses/index.js";

const PATIENCE_MS = 120_000;
/** All of them take minutes (`npm run attacks -- --weaknesses`); the suite has every twelfth. */
const STEP = 12;

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

  it("every weakness can be planted: what it changes stands once in its file", () =>
    deep(
      WEAKNESSES.flatMap(({ edits }) => edits)
        .filter(({ file, text }) => readFileSync(`modules/${file}`, "utf8").split(text).length !== 2)
        .map(({ file, text }) => `${file}: ${text}`),
      [],
    ));

  for (const [index, weakness] of WEAKNESSES.entries()) {
    const attacks = weakness.attacks.filter((name) => !slow.includes(name));
    if (index % STEP !== 0 || attacks.length === 0) continue;
    it(`${weakness.what} (${weakness.side}): ${attacks.join(", ")}`, async () => {
      const outcomes = await playedOn(weakness, attacks, `${index}`);
      same(outcomes.length, attacks.length);
      deep(
        outcomes.filter((outcome) => !won(outcome)).map(({ name, otherwise }) => `${name} ${otherwise}`),
        [],
      );
    });
  }
});
