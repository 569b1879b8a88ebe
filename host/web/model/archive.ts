/** The sessions that this browser kept: the one that goes on, and those before it. */
import type { Credential } from "../../../modules/credential/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import type { AcceptedToken } from "../../../modules/reading/index.js";
import { streamOf } from "../../receipt/receipt.js";
import { type KeptSession, type SessionWriter, TokenStore } from "../store/token-store.js";
import { bundleOf } from "./evidence.js";
import type { Identity } from "./identity.js";

interface Received {
  readonly token: AcceptedToken;
  readonly device: Credential;
}

export class Archive {
  readonly #changed: () => void;
  #store: TokenStore | undefined;
  #writer: SessionWriter | undefined;
  /** Tokens that came before the browser had made room for the session. */
  #early: Received[] | undefined;
  /** Those before the one that goes on, the newest first. */
  earlier: readonly KeptSession[] = [];
  /** Why nothing is kept. */
  failed: string | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  async open(): Promise<void> {
    try {
      this.#store = await TokenStore.open();
      await this.#look();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The session that goes on. */
  get current(): KeptSession | undefined {
    return this.#writer?.session;
  }

  get problem(): string | undefined {
    return this.failed ?? this.#writer?.failed;
  }

  /** What a session has verified. @param now ms since 1970 */
  keep(token: AcceptedToken, device: Credential, now: number): void {
    if (this.#store === undefined) return;
    if (this.#writer !== undefined) this.#add(this.#writer, token, device, now);
    else if (this.#early !== undefined) this.#early.push({ token, device });
    else this.#begin(this.#store, { token, device }, now);
  }

  #begin(store: TokenStore, first: Received, now: number): void {
    const { device } = first;
    const early = [first];
    this.#early = early;
    store.begin(device.subject, device.token, now).then(
      (writer) => {
        if (this.#early !== early) return; // it has ended already
        this.#early = undefined;
        this.#writer = writer;
        for (const one of early) this.#add(writer, one.token, one.device, now);
      },
      (error) => this.#fail(error),
    );
  }

  keepList(list: Uint8Array): void {
    this.#writer?.addList(list);
  }

  /** The session is over. */
  async end(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    this.#early = undefined;
    await writer?.flush();
    await this.#look().catch((error) => this.#fail(error));
    this.#changed();
  }

  /** A bundle, as it is to be saved. @throws VagusError, DOMException */
  async bundle(crypto: Crypto, identity: Identity, session: KeptSession, now: number): Promise<Uint8Array[]> {
    const store = this.#store as TokenStore;
    if (session.id === this.current?.id) await this.#writer?.flush();
    return bundleOf(crypto, identity, session, () => store.tokens(session.id), Math.floor(now / 1000));
  }

  async forget({ id }: KeptSession): Promise<void> {
    await this.#store?.forget(id);
    await this.#look();
    this.#changed();
  }

  #add(writer: SessionWriter, token: AcceptedToken, device: Credential, now: number): void {
    writer.addCredential(device.token);
    writer.add(streamOf(token), token.token, now);
  }

  async #look(): Promise<void> {
    const id = this.current?.id;
    this.earlier = (await this.#store?.list())?.filter((one) => one.id !== id) ?? [];
  }

  #fail(error: unknown): void {
    this.failed = error instanceof Error ? error.message : String(error);
    this.#changed();
  }
}

/** Tokens of all streams. */
export function tokenCount({ tokens }: KeptSession): number {
  return Object.values(tokens).reduce((sum, count) => sum + count, 0);
}
