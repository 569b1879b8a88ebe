/**
 * Signs for what comes of a device while it comes: a receipt now and then, and one at the end. What was stored by others, or
 * before the power went, is not signed for here: `vagus receipt` verifies it first.
 */
import type { Crypto } from "../../modules/crypto/port.js";
import type { AcceptedToken } from "../../modules/reading/index.js";
import type { Holding } from "../store/holder-folder.js";
import type { SessionFolder } from "../store/session-folder.js";
import { keepReceipts } from "./evidence.js";
import { ReceiptBook } from "./receipt.js";

/** Of what came in the last minutes before a power cut there is no receipt; a receipt has some 400 bytes. */
const EVERY_MS = 5 * 60_000;

export interface ReceiptWriterOptions {
  readonly folder: SessionFolder;
  readonly holding: Holding;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly everyMs?: number;
  /** A receipt could not be kept. */
  readonly failed: (error: unknown) => void;
}

export class ReceiptWriter {
  readonly #options: ReceiptWriterOptions;
  readonly #book: ReceiptBook;
  readonly #timer: NodeJS.Timeout;

  constructor(crypto: Crypto, options: ReceiptWriterOptions) {
    this.#options = options;
    this.#book = new ReceiptBook(crypto);
    const { everyMs = EVERY_MS, failed } = options;
    this.#timer = setInterval(() => this.sign().catch(failed), everyMs);
    this.#timer.unref();
  }

  /** It has been stored. */
  add(token: AcceptedToken): void {
    if (token.kind !== "tip") this.#book.add(token); // a tip is nothing that is stored
  }

  /** Nothing is signed for that is not on the disk. @throws VagusError `host/store` */
  async sign(): Promise<void> {
    const { folder, holding, now } = this.#options;
    const { subject } = folder;
    if (!this.#book.due || subject === undefined) return;
    folder.sync();
    keepReceipts(folder.path, holding, await this.#book.sign(holding.key, subject, now()));
  }

  /** With what came last. @throws VagusError `host/store` */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.sign();
  }
}
