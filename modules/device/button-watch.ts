import {
  type Button,
  type ButtonAction,
  type ButtonEvent,
  type ButtonState,
  buttonAtStart,
  stepButton,
} from "./button.js";
import type { Clock } from "./ports.js";

/** Joins the button to the clock. */
export class ButtonWatch {
  readonly #clock: Clock;
  readonly #act: (action: ButtonAction) => void;
  #state: ButtonState;
  #stopTimer: (() => void) | undefined;

  constructor(button: Button, clock: Clock, act: (action: ButtonAction) => void) {
    this.#clock = clock;
    this.#act = act;
    this.#state = buttonAtStart(button.down, clock.monotonicMs());
    this.schedule();
    button.listen((down) => this.step(down ? "down" : "up"));
  }

  private step(event: ButtonEvent): void {
    const { state, action } = stepButton(this.#state, event, this.#clock.monotonicMs());
    this.#state = state;
    this.schedule();
    if (action !== undefined) this.#act(action);
  }

  private schedule(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const { deadline } = this.#state;
    if (deadline === undefined) return;
    const wait = Math.max(0, deadline - this.#clock.monotonicMs());
    this.#stopTimer = this.#clock.after(wait, () => this.step("tick"));
  }
}
