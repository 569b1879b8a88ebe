import { VagusError } from "../error/index.js";

/** A state is left once, whatever came of it: the types give the order, this refuses the second time. */
export class Once {
  #taken = false;

  /** @throws VagusError `edhoc/order` */
  take(): void {
    if (this.#taken) throw new VagusError("edhoc/order", "expected a state not yet left, came one that was");
    this.#taken = true;
  }
}
