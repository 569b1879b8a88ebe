/**
 * Who may use the bridge. It listens on 127.0.0.1, where every page that the browser shows can reach it, and any name can be
 * made to resolve to it. So three things are asked of a request:
 *
 *   Host     the very address that the bridge printed: a page of another name that was pointed here has another (DNS rebinding)
 *   Origin   that address, on whatever changes something: a page of another origin cannot choose it
 *   session  a secret, which the page got for the token in the link that was printed. A token is good once
 *
 * The token travels in the link's fragment, which no server sees and no other page.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";

/** Bytes of a token and of a session. */
const SECRET = 16;
/** The WebSocket subprotocol; the one that follows it is the session. */
export const LINK_PROTOCOL = "vagus.link";

/** The headers of a request, as Node gives them. */
export interface Asked {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly authorization?: string | undefined;
  readonly "sec-websocket-protocol"?: string | undefined;
}

export class Gate {
  readonly #host: string;
  readonly #tokens = new Set<string>();
  readonly #sessions = new Set<string>();

  constructor(port: number) {
    this.#host = `127.0.0.1:${port}`;
  }

  get origin(): string {
    return `http://${this.#host}`;
  }

  /** A link with a new token. */
  link(): string {
    const token = secret();
    this.#tokens.add(token);
    return `${this.origin}/#${token}`;
  }

  isHere({ host }: Asked): boolean {
    return host === this.#host;
  }

  isOwnPage(asked: Asked): boolean {
    return this.isHere(asked) && asked.origin === this.origin;
  }

  /** A session for a token, which is spent by it; undefined for one that is not, or no more. */
  open(token: string): string | undefined {
    const found = [...this.#tokens].find((known) => same(known, token));
    if (found === undefined) return undefined;
    this.#tokens.delete(found);
    const session = secret();
    this.#sessions.add(session);
    return session;
  }

  /** `authorization: Bearer SESSION` */
  hasSession({ authorization = "" }: Asked): boolean {
    return this.#isSession(/^Bearer ([\w-]+)$/.exec(authorization)?.[1]);
  }

  /** `sec-websocket-protocol: vagus.link, SESSION` */
  mayLink(asked: Asked): boolean {
    const [protocol, session] = (asked["sec-websocket-protocol"] ?? "").split(/\s*,\s*/);
    return this.isOwnPage(asked) && protocol === LINK_PROTOCOL && this.#isSession(session);
  }

  #isSession(came: string | undefined): boolean {
    return came !== undefined && [...this.#sessions].some((known) => same(known, came));
  }
}

function secret(): string {
  return randomBytes(SECRET).toString("base64url");
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
