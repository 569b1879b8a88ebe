import { type ErrorCode, VagusError } from "../../../modules/error/index.js";

/** What came of one step. */
export interface StepResult {
  readonly text: string;
  /** What should happen: it works, or it is refused with this code. */
  readonly expected: "works" | ErrorCode;
  readonly came: "works" | ErrorCode;
  readonly detail: string;
  readonly held: boolean;
}

export interface ScenarioResult {
  readonly scenario: string;
  readonly title: string;
  /** Did every step end as it should? */
  readonly held: boolean;
  readonly steps: readonly StepResult[];
}

/** Why, without who said it and the codes in front. */
function reason({ code, message }: VagusError): string {
  const at = message.lastIndexOf(`${code}: `);
  return at < 0 ? message : message.slice(at + code.length + 2);
}

/** Who hears a story as it happens. */
export interface Listener {
  tells(text: string): void;
  step(result: StepResult): void;
}

/** Tells a story step by step, and holds each against what should come of it. */
export class Story {
  readonly #listener: Listener;
  readonly steps: StepResult[] = [];

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** What a reader has to know before the next step. */
  tell(text: string): void {
    this.#listener.tells(text);
  }

  /** @param action what it gives is said behind the step */
  works(text: string, action: () => Promise<string>): Promise<void> {
    return this.#step(text, "works", action);
  }

  refused(text: string, code: ErrorCode, action: () => Promise<unknown>): Promise<void> {
    return this.#step(text, code, async () => {
      await action();
      return "";
    });
  }

  async #step(text: string, expected: "works" | ErrorCode, action: () => Promise<string>): Promise<void> {
    let came: "works" | ErrorCode = "works";
    let detail = "";
    try {
      detail = await action();
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      came = error.code;
      detail = reason(error);
    }
    const result = { text, expected, came, detail, held: came === expected };
    this.steps.push(result);
    this.#listener.step(result);
  }
}
