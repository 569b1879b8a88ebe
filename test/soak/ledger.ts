/**
 * Tokens that are on their way: in arrays of numbers that are made once, so that what the soak keeps in mind is none of the
 * heap that it looks at.
 */
const CAPACITY = 2 ** 16;
/** Of tokens that are received, or declared to be gone. */
const DONE = -1;

export class Ledger {
  readonly #boots = new Uint32Array(CAPACITY);
  readonly #sequences = new Uint32Array(CAPACITY);
  readonly #checks = new Float64Array(CAPACITY);
  #first = 0;
  #end = 0;
  /** How many are on their way. */
  size = 0;

  /** @param check of its bytes, 0 or more */
  add(boot: number, sequence: number, check: number): void {
    if (this.#end - this.#first === CAPACITY)
      throw new Error(`expected fewer than ${CAPACITY} tokens on their way`);
    const at = this.#end++ % CAPACITY;
    this.#boots[at] = boot;
    this.#sequences[at] = sequence;
    this.#checks[at] = check;
    this.size++;
  }

  /** It is here. @returns its check; undefined where it was not on its way */
  take(boot: number, sequence: number): number | undefined {
    for (let n = this.#first; n < this.#end; n++) {
      const at = n % CAPACITY;
      if (this.#boots[at] !== boot || this.#sequences[at] !== sequence || this.#checks[at] === DONE) continue;
      const check = this.#checks[at];
      this.#done(at);
      return check;
    }
    return undefined;
  }

  /** All from the one to the other are gone. @returns how many of them were on their way */
  drop(first: Name, last: Name): number {
    let dropped = 0;
    for (let n = this.#first; n < this.#end; n++) {
      const at = n % CAPACITY;
      const name = { boot: this.#boots[at]!, sequence: this.#sequences[at]! };
      if (this.#checks[at] === DONE || order(name, first) < 0 || order(name, last) > 0) continue;
      this.#done(at);
      dropped++;
    }
    return dropped;
  }

  #done(at: number): void {
    this.#checks[at] = DONE;
    this.size--;
    while (this.#first < this.#end && this.#checks[this.#first % CAPACITY] === DONE) this.#first++;
  }
}

export interface Name {
  readonly boot: number;
  readonly sequence: number;
}

export function order(a: Name, b: Name): number {
  return a.boot === b.boot ? a.sequence - b.sequence : a.boot - b.boot;
}
