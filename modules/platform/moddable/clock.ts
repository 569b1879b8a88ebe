/**
 * The clock of the Moddable SDK. `Time.ticks` is no clock yet: 32 bits of milliseconds on a board, which start over after
 * 49 days, and the time of day on a desktop, which somebody may set. What is added up here never falls.
 */
import Time from "time";
import Timer from "timer";
import type { Clock } from "../../device/index.js";

/** The longest wait that is given to a timer at once. While any runs, the clock is looked at often enough for its turn. */
const LONGEST_MS = 0x3fff_ffff;

export function createClock(): Clock {
  let last = Time.ticks;
  let now = 0;

  const monotonicMs = (): number => {
    const ticks = Time.ticks;
    const passed = Time.delta(last, ticks);
    last = ticks;
    if (passed > 0) now += passed;
    return now;
  };

  const after = (ms: number, callback: () => void): (() => void) => {
    const due = monotonicMs() + ms;
    let timer: Timer | undefined;
    const wait = (left: number) => {
      timer = Timer.set(
        () => {
          timer = undefined;
          const rest = due - monotonicMs();
          if (rest > 0) wait(rest);
          else callback();
        },
        Math.min(Math.ceil(left), LONGEST_MS),
      );
    };
    wait(ms);
    return () => {
      if (timer !== undefined) Timer.clear(timer);
      timer = undefined;
    };
  };

  return { monotonicMs, after };
}
