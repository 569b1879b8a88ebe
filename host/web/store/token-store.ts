/**
 * What a browser keeps of its sessions: every verified token as the signed CWT that came. IndexedDB, append-only:
 *
 *   sessions   id ─> { id, device, begun, last, tokens, credentials, lists }       one a session
 *   tokens     [ id, stream, n ] ─> [ token, … ]             those of a second, from the stream's nth on, as they came
 *
 * A session's count of tokens is written in the same transaction as the tokens: what a crash leaves is whole, and lacks the
 * last second at the most.
 */
import { equal } from "../../../modules/bytes/index.js";

const DATABASE = "vagus-readings";
const [SESSIONS, TOKENS] = ["sessions", "tokens"] as const;
/** Tokens wait so long for one another. */
const FLUSH_MS = 1000;
const STREAM_MAX = 255;

export interface KeptSession {
  readonly id: number;
  /** The device's `sub`. */
  readonly device: string;
  /** Milliseconds since 1970. */
  readonly begun: number;
  last: number;
  /** Of each stream. */
  readonly tokens: Record<number, number>;
  /** The device's, one a key; then status lists, as they were fetched. */
  readonly credentials: Uint8Array[];
  readonly lists: Uint8Array[];
}

export class TokenStore {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  /** @throws DOMException where the browser keeps nothing */
  static async open(): Promise<TokenStore> {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(SESSIONS, { keyPath: "id", autoIncrement: true });
      opening.result.createObjectStore(TOKENS);
    };
    return new TokenStore(await answered(opening));
  }

  /** The newest first. */
  async list(): Promise<KeptSession[]> {
    const { store } = this.#on(SESSIONS, "readonly");
    return (await answered<KeptSession[]>(store.getAll())).reverse();
  }

  async begin(device: string, credential: Uint8Array, now: number): Promise<SessionWriter> {
    const session = { device, begun: now, last: now, tokens: {}, credentials: [credential], lists: [] };
    const { store } = this.#on(SESSIONS, "readwrite");
    const id = Number(await answered(store.add(session)));
    return new SessionWriter(this.#database, { ...session, id });
  }

  /** Of all its streams, one after the other, a few at a time. */
  async *tokens(id: number): AsyncGenerator<{ readonly stream: number; readonly token: Uint8Array }> {
    const AT_ONCE = 50;
    let after: IDBValidKey = [id];
    for (;;) {
      const range = IDBKeyRange.bound(after, [id, STREAM_MAX + 1], true);
      const { store } = this.#on(TOKENS, "readonly");
      const [keys, values] = await Promise.all([
        answered(store.getAllKeys(range, AT_ONCE)),
        answered<Uint8Array[][]>(store.getAll(range, AT_ONCE)),
      ]);
      for (const [n, tokens] of values.entries())
        for (const token of tokens) yield { stream: (keys[n] as number[])[1]!, token };
      const last = keys.at(-1);
      if (last === undefined || keys.length < AT_ONCE) return;
      after = last;
    }
  }

  async forget(id: number): Promise<void> {
    const transaction = this.#database.transaction([SESSIONS, TOKENS], "readwrite");
    transaction.objectStore(SESSIONS).delete(id);
    transaction.objectStore(TOKENS).delete(IDBKeyRange.bound([id], [id, STREAM_MAX + 1]));
    await done(transaction);
  }

  #on(name: string, mode: IDBTransactionMode) {
    return { store: this.#database.transaction(name, mode).objectStore(name) };
  }
}

/** One session as it grows. */
export class SessionWriter {
  readonly #database: IDBDatabase;
  readonly session: KeptSession;
  /** By stream. */
  #waiting = new Map<number, Uint8Array[]>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** Why something could not be kept. */
  failed: string | undefined;

  constructor(database: IDBDatabase, session: KeptSession) {
    this.#database = database;
    this.session = session;
  }

  add(stream: number, token: Uint8Array, now: number): void {
    const { tokens } = this.session;
    tokens[stream] = (tokens[stream] ?? 0) + 1;
    this.session.last = now;
    const waiting = this.#waiting.get(stream);
    if (waiting === undefined) this.#waiting.set(stream, [token]);
    else waiting.push(token);
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** The device has another credential. */
  addCredential(token: Uint8Array): void {
    addOnce(this.session.credentials, token);
  }

  addList(token: Uint8Array): void {
    addOnce(this.session.lists, token);
  }

  /** What came is kept when it resolves. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing
      .then(() => this.#write())
      .catch((error) => {
        this.failed = error instanceof Error ? error.message : String(error);
      });
    return this.#writing;
  }

  async #write(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    const { id, tokens: counted } = this.session;
    const transaction = this.#database.transaction([SESSIONS, TOKENS], "readwrite", { durability: "strict" });
    const tokens = transaction.objectStore(TOKENS);
    for (const [stream, batch] of waiting)
      tokens.add(batch, [id, stream, (counted[stream] ?? 0) - batch.length]);
    transaction.objectStore(SESSIONS).put(this.session);
    await done(transaction);
  }
}

/** What is there already is not put there again. */
export function addOnce(list: Uint8Array[], token: Uint8Array): void {
  if (!list.some((one) => equal(one, token))) list.push(token);
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}
