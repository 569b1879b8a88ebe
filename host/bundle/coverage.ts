/** Which tokens receipts have: each range is gone through as its tokens come, and has to end where it says. */
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { type AcceptedToken, decodeCti } from "../../modules/reading/index.js";
import { type Range, RunningRange, sameRange } from "../receipt/range.js";
import { nameOf, type Receipt } from "../receipt/receipt.js";

interface Awaited {
  readonly range: Range;
  /** Of its receipt: seconds since 1970. */
  readonly issued: number;
}
interface Open extends Awaited {
  readonly running: RunningRange;
}

export class Coverage {
  readonly #crypto: Crypto;
  /** By the first token of each. */
  readonly #awaited = new Map<string, Awaited[]>();
  #open: Open[] = [];
  /** Tokens so far that some receipt covers. */
  covered = 0;

  constructor(crypto: Crypto) {
    this.#crypto = crypto;
  }

  add({ issued, ranges }: Receipt): void {
    for (const range of ranges) {
      const name = nameOf(range.stream, range.first);
      this.#awaited.set(name, [...(this.#awaited.get(name) ?? []), { range, issued }]);
    }
  }

  /**
   * @returns the time of the oldest receipt that covers this token; undefined where none does
   * @throws VagusError `host/receipt` where a receipt that ends here is of other tokens
   */
  cover(stream: number, { token, cti }: AcceptedToken): number | undefined {
    const name = nameOf(stream, cti);
    for (const awaited of this.#awaited.get(name) ?? []) {
      this.#open.push({ ...awaited, running: new RunningRange(this.#crypto, stream, cti) });
    }
    this.#awaited.delete(name);
    const here = this.#open.filter(({ range }) => range.stream === stream);
    for (const { running } of here) running.add(token, cti);
    const ended = here.filter(({ range }) => nameOf(range.stream, range.last) === name);
    for (const { range, running, issued } of ended) {
      if (!sameRange(range, running.range)) {
        throw new VagusError(
          "host/receipt",
          `expected the ${range.count} tokens of the receipt of ${issued}, came ${running.range.count} others`,
        );
      }
    }
    this.#open = this.#open.filter((one) => !ended.includes(one));
    if (here.length === 0) return undefined;
    this.covered++;
    return Math.min(...here.map(({ issued }) => issued));
  }

  /** @throws VagusError `host/receipt` where a receipt has tokens that did not come */
  end(): void {
    const missing = [...this.#open, ...[...this.#awaited.values()].flat()][0];
    if (missing === undefined) return;
    const { range, issued } = missing;
    const last = decodeCti(range.last);
    throw new VagusError(
      "host/receipt",
      `expected stream ${range.stream} up to boot ${last.boot} sequence ${last.sequence}, of which there is a receipt of ${issued}: it is cut off`,
    );
  }
}
