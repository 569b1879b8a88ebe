/**
 * How a patient is paced, as PROTOCOL says it ("Pacing"), and nothing of the device's code: sets are numbers, a session is
 * there or not, and what was asked for once is known by its operation. It says what each command is answered, and what is in
 * force behind it.
 */
/** What happens without a programmer's asking, or to his session. */
export const HAPPENINGS = ["open", "lose", "close", "word", "restart", "magnet"] as const;
export type Happening = (typeof HAPPENINGS)[number];

/** What a programmer asks for. */
export type Asked =
  | { readonly kind: "paceNow" }
  | { readonly kind: "cancel" }
  | { readonly kind: "stage"; readonly set: number }
  | { readonly kind: "wrong"; readonly which: number }
  | {
      readonly kind: "program";
      readonly set: number;
      readonly operation: number;
      readonly temporary: boolean;
    }
  | {
      readonly kind: "outcome";
      readonly set: number;
      readonly operation: number;
      readonly temporary: boolean;
    };
export type Act = { readonly kind: Happening } | Asked;

/** What an act of a programmer is answered: nothing, a code, or what became of an operation. */
export type Answer = undefined | string | { readonly done: boolean };
/** A set by its number, or one of those that nobody programs. */
export type InForce = { readonly base: number | "pace-now"; readonly magnet: boolean };

export class TherapyModel {
  permanent: number;
  temporary: number | undefined;
  paceNow = false;
  magnet = false;
  #session: { word: boolean; staged: number | undefined } | undefined;
  readonly #done = new Map<number, string>();

  /** @param permanent what a device is made with */
  constructor(permanent: number) {
    this.permanent = permanent;
  }

  get inForce(): InForce {
    return { base: this.paceNow ? "pace-now" : (this.temporary ?? this.permanent), magnet: this.magnet };
  }

  /** Is there a session, in which the Authority's word has come or not? */
  get session(): boolean {
    return this.#session !== undefined;
  }

  get staged(): number | undefined {
    return this.#session?.staged;
  }

  happen(kind: Happening): void {
    if (kind === "word" && this.#session !== undefined) this.#session.word = true;
    if (kind === "magnet") {
      this.magnet = !this.magnet;
      this.temporary = undefined;
    }
    if (kind === "word" || kind === "magnet") return;
    this.temporary = undefined; // it ends with its session, however that ends
    this.#session = kind === "open" ? { word: false, staged: undefined } : undefined;
    if (kind === "restart") this.paceNow = false;
  }

  /** In a session. */
  ask(act: Asked): Answer {
    const session = this.#session as { word: boolean; staged: number | undefined };
    switch (act.kind) {
      case "paceNow":
        this.paceNow = true;
        this.temporary = undefined;
        return undefined;
      case "cancel":
        this.paceNow = false;
        this.temporary = undefined;
        return undefined;
      case "outcome":
        return { done: this.#done.get(act.operation) === requestOf(act) };
    }
    if (!session.word) return "credential/freshness";
    if (act.kind === "wrong") return "cardiac/parameter";
    if (act.kind === "stage") {
      session.staged = act.set;
      return undefined;
    }
    const known = this.#done.get(act.operation);
    if (known !== undefined) return known === requestOf(act) ? undefined : "device/parameter";
    if (session.staged !== act.set) return "device/parameter";
    if (act.temporary && (this.paceNow || this.magnet)) return "cardiac/busy";
    this.#done.set(act.operation, requestOf(act));
    this.temporary = act.temporary ? act.set : undefined;
    if (act.temporary) return undefined;
    this.permanent = act.set;
    this.paceNow = false;
    return undefined;
  }
}

const requestOf = ({ set, temporary }: { set: number; temporary: boolean }) => `${set} ${temporary}`;
