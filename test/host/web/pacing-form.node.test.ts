import fc from "fast-check";
import { PacingForm } from "../../../host/web/model/pacing-form.js";
import {
  allowedValues,
  neighbour,
  shownRanges,
  shownValue,
  typedValue,
  withUnit,
} from "../../../host/web/model/units.js";
import { findViolations, inRange, NOMINAL, PARAMETERS } from "../../../modules/cardiac/pacer/index.js";
import { deep, ok, same } from "../../support/assert.js";

const named = (name: string) => PARAMETERS.find((it) => it.name === name)!;

describe("parameters in clinicians' units", () => {
  for (const [name, value, shown] of [
    ["atrialAmplitudeMv", 3500, "3.5 V"],
    ["atrialAmplitudeMv", 0, "off"],
    ["ventricularWidthUs", 400, "0.4 ms"],
    ["ventricularSensitivityUv", 2500, "2.5 mV"],
    ["sensedAvDelayOffsetMs", -30, "−30 ms"],
    ["lowerRateLimitPpm", 60, "60 ppm"],
    ["atrMode", 1, "on"],
    ["atrMode", 0, "off"],
  ] as const)
    it(`${name} ${value} is ${shown}`, () => same(withUnit(named(name), value), shown));

  it("what is shown and typed again is the same value, for every value that there is", () => {
    for (const parameter of PARAMETERS)
      for (const value of allowedValues(parameter)) {
        same(typedValue(parameter, shownValue(parameter, value)), value, `${parameter.name} ${value}`);
        ok(inRange(parameter, value), `${parameter.name} ${value}`);
      }
  });

  it("a step goes to the next value that may be programmed, from wherever it was", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PARAMETERS),
        fc.integer({ min: -200, max: 11_000 }),
        fc.boolean(),
        (it, from, up) => {
          const to = neighbour(it, from, up);
          ok(to === from || inRange(it, to), `${it.name} ${from} to ${to}`);
          if (to !== from) ok(up ? to > from : to < from, `${it.name} ${from} to ${to}`);
        },
      ),
    );
  });

  it("commas are taken for points, and words that are no numbers for none", () => {
    same(typedValue(named("ventricularAmplitudeMv"), "2,5"), 2500);
    for (const text of ["", "abc", "2..5", "1e3", "0x10", "on"])
      ok(Number.isNaN(typedValue(named("ventricularAmplitudeMv"), text)), text);
  });

  it("says the ranges in those units", () => {
    same(shownRanges(named("ventricularAmplitudeMv")), "0.5 to 3.2 by 0.1, 3.5 to 7 by 0.5 V, or off");
  });
});

describe("the form of parameters", () => {
  const form = new PacingForm(NOMINAL);

  it("begins without a change, and may not be sent for that alone", () => {
    deep(form.changes, []);
    ok(form.allowed, "nominal values are refused");
  });

  it("names the limit as a value out of range is typed", () => {
    const typed = form.type("lowerRateLimitPpm", "200");
    deep(typed.field("lowerRateLimitPpm").problems, [
      "Allowed: 30 to 50 by 5, 50 to 90 by 1, 90 to 175 by 5 ppm.",
    ]);
    ok(!typed.allowed, "allowed");
  });

  it("explains a conflict at every field that could mend it", () => {
    const typed = form.type("avDelayMs", "300").type("pvarpMs", "400");
    const said =
      "AV delay and PVARP are 700 ms, above the interval of the upper rate limit, 500 ms in mode DDD.";
    for (const name of ["avDelayMs", "pvarpMs", "upperRateLimitPpm"] as const)
      deep(typed.field(name).problems, [said]);
    deep(typed.field("vrpMs").problems, []);
  });

  it("a conflict is gone with the mode that it was in", () => {
    const typed = form.type("avDelayMs", "300").type("pvarpMs", "400").choose("VVI");
    ok(typed.allowed, "refused");
    same(typed.field("avDelayMs").used, false);
  });

  it("lists what would change, from and to", () => {
    const typed = form.choose("VVI").type("ventricularAmplitudeMv", "2.5");
    deep(typed.changes, [
      { label: "Mode", from: "DDD", to: "VVI" },
      { label: "Ventricular amplitude", from: "3.5 V", to: "2.5 V" },
    ]);
  });

  it("is allowed exactly where the device's own check finds nothing", () => {
    const text = fc.constantFrom(
      "",
      "off",
      "0",
      "30",
      "65",
      "100",
      "150",
      "300",
      "500",
      "2.5",
      "7",
      "0.4",
      "-50",
      "x",
    );
    const edits = fc.array(fc.tuple(fc.constantFrom(...PARAMETERS.map(({ name }) => name)), text), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(edits, (typed) => {
        const edited = typed.reduce((it, [name, value]) => it.type(name, value), form);
        same(edited.allowed, findViolations(edited.wanted).length === 0);
        if (!edited.allowed)
          ok(edited.wrong > 0 || edited.modeProblems.length > 0, "refused, and nothing is marked");
      }),
    );
  });
});
