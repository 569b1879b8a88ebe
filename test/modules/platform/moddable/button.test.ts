import { createButton, SETTLE_MS } from "../../../../modules/platform/moddable/button.js";
import { deep, same } from "../../../support/assert.js";
import { SteppedClock } from "../../device/bench.js";

function bench(closed = false) {
  const clock = new SteppedClock();
  const told: boolean[] = [];
  let edge = () => {};
  const contacts = {
    is: closed,
    closed: () => contacts.is,
    listen: (heard: () => void) => {
      edge = heard;
    },
  };
  const button = createButton(contacts, clock);
  button.listen((down) => told.push(down));
  const set = (now: boolean) => {
    contacts.is = now;
    edge();
  };
  return { clock, told, button, set };
}

describe("the button of a board", () => {
  it("bounces, and is told of once a press and once a release", async () => {
    const { clock, told, button, set } = bench();
    for (const level of [true, false, true, false, true]) {
      set(level);
      await clock.pass(3);
    }
    same(button.down, false);
    await clock.pass(SETTLE_MS);
    same(button.down, true);
    for (const level of [false, true, false]) set(level);
    await clock.pass(SETTLE_MS);
    deep(told, [true, false]);
    same(button.down, false);
  });

  it("that only rang, under 30 ms, was not pressed", async () => {
    const { clock, told, set } = bench();
    set(true);
    await clock.pass(SETTLE_MS - 1);
    set(false);
    await clock.pass(SETTLE_MS);
    deep(told, []);
  });

  it("goes on being looked at while it bounces for longer", async () => {
    const { clock, told, set } = bench();
    for (let i = 0; i < 40; i++) {
      set(i % 2 === 0);
      await clock.pass(4);
    }
    set(true);
    await clock.pass(2 * SETTLE_MS);
    same(told[told.length - 1], true);
  });

  it("that is held at power-up is down from the start", async () => {
    const { clock, told, button, set } = bench(true);
    same(button.down, true);
    await clock.pass(20_000);
    deep(told, []);
    set(false);
    await clock.pass(SETTLE_MS);
    deep(told, [false]);
  });
});
