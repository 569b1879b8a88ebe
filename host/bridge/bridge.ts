/**
 * Gives a browser of this machine the page, and joins it to what a browser cannot reach: a simulated device's loopback link,
 * and the Authority. `gate.ts` says who is let in.
 *
 *   GET   /…                the built page
 *   POST  /bridge/open      the token of the link   ─>  { session, anchor, devices: [ name, … ] }
 *   POST  /bridge/request   a request (typ 65013)   ─>  CBOR [ credential, anchor ]
 *   POST  /bridge/status    nothing                 ─>  the Authority's newest status list, a CWT
 *   POST  /bridge/question  a question              ─>  its answer, or its refusal: see host/authority/question.ts
 *   GET   /bridge/link/N    a WebSocket: the bytes of device N's loopback link as they are (modules/gatt/att.ts), both ways
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { VagusError } from "../../modules/error/index.js";
import { type PageFile, pageFiles } from "./files.js";
import { Gate } from "./gate.js";

export interface BridgedDevice {
  /** What it is called here: its own name it tells to nobody who has not proved a credential. */
  readonly name: string;
  /** Of its loopback link. */
  readonly port: number;
}

/** Who answers for the Authority. */
export interface BridgedAuthority {
  /** base64url of the anchor's kid. */
  readonly anchor: string;
  /** @throws VagusError */
  issue(request: Uint8Array): Promise<Uint8Array>;
  /** Which credentials hold now, signed. @throws VagusError */
  statusList(): Promise<Uint8Array>;
  /** A refusal is an answer too. @throws VagusError for what is no question */
  answer(question: Uint8Array): Promise<Uint8Array>;
}

export interface BridgeOptions {
  /** Where the built page is. */
  readonly page: string;
  readonly devices: () => readonly BridgedDevice[];
  readonly authority: BridgedAuthority;
  /** By default a free one. */
  readonly port?: number;
}

const BODY_MAX = 4096;
/** A page that takes nothing so far behind is let go. */
const BEHIND_MAX = 4 * 1024 * 1024;

type Ask = (body: Uint8Array) => Promise<Uint8Array | object>;

export class Bridge {
  readonly #options: BridgeOptions;
  readonly #files: ReadonlyMap<string, PageFile>;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: BODY_MAX, perMessageDeflate: false });
  #gate: Gate;
  /** As if the devices were out of reach: links are refused. */
  refusing = false;

  private constructor(options: BridgeOptions) {
    this.#options = options;
    this.#files = pageFiles(options.page);
    this.#gate = new Gate(0);
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error) => refuse(response, error));
    });
    this.#server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    this.#sockets.on("headers", (headers) => headers.push("cache-control: no-store"));
  }

  /** @throws VagusError `host/input` where the page was not built, `host/link` where the port is taken */
  static async open(options: BridgeOptions): Promise<Bridge> {
    const bridge = new Bridge(options);
    const server = bridge.#server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => reject(new VagusError("host/link", error.message)));
      server.listen(options.port ?? 0, "127.0.0.1", resolve);
    });
    bridge.#gate = new Gate((server.address() as AddressInfo).port);
    return bridge;
  }

  get origin(): string {
    return this.#gate.origin;
  }

  /** A link that opens the page, once. */
  link(): string {
    return this.#gate.link();
  }

  /** As if the air were gone: every link is cut. */
  cut(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = "/" } = request;
    const path = url.replace(/\?.*$/, "");
    if (!this.#gate.isHere(request.headers)) return answer(response, 421, "another host");
    const ask = this.#ask(path);
    if (ask !== undefined && method === "POST") {
      const allowed = path === "/bridge/open" || this.#gate.hasSession(request.headers);
      if (!this.#gate.isOwnPage(request.headers) || !allowed) return answer(response, 403, "no session");
      return answer(response, 200, await ask(await bodyOf(request)));
    }
    const file = this.#files.get(path);
    if (file === undefined) return answer(response, 404, "nothing here");
    if (method !== "GET" && method !== "HEAD") return answer(response, 405, "GET only");
    response.writeHead(200, { ...file.headers, "content-length": file.body.length });
    response.end(method === "HEAD" ? undefined : file.body);
  }

  #ask(path: string): Ask | undefined {
    const { authority } = this.#options;
    if (path === "/bridge/open") return async (body) => this.#open(Buffer.from(body).toString("latin1"));
    if (path === "/bridge/request") return (body) => authority.issue(body);
    if (path === "/bridge/status") return () => authority.statusList();
    if (path === "/bridge/question") return (body) => authority.answer(body);
    return undefined;
  }

  #open(token: string): object {
    const session = this.#gate.open(token);
    if (session === undefined) throw new Refusal(403, "this link was used before");
    const { authority, devices } = this.#options;
    return { session, anchor: authority.anchor, devices: devices().map(({ name }) => name) };
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const index = /^\/bridge\/link\/(\d+)$/.exec(request.url ?? "")?.[1];
    const device = index === undefined ? undefined : this.#options.devices()[Number(index)];
    socket.on("error", () => socket.destroy());
    if (device === undefined || this.refusing || !this.#gate.mayLink(request.headers)) {
      socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (web) => join(web, device.port));
  }
}

/** Bytes from one to the other as they come, and the end of either ends both. */
function join(web: WebSocket, port: number): void {
  const device = connect({ host: "127.0.0.1", port });
  device.setNoDelay(true);
  device.on("data", (bytes) => {
    web.send(bytes);
    if (web.bufferedAmount > BEHIND_MAX) web.terminate();
  });
  device.on("error", () => {});
  device.on("close", () => web.close(1000));
  web.on("message", (bytes: Buffer, isBinary) => {
    if (isBinary) device.write(bytes);
    else web.terminate();
  });
  web.on("error", () => web.terminate());
  web.on("close", () => device.destroy());
}

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    request.on("data", (part: Buffer) => {
      length += part.length;
      if (length > BODY_MAX) {
        reject(new Refusal(413, `more than ${BODY_MAX} bytes`));
        request.destroy();
      } else parts.push(part);
    });
    request.on("end", () => resolve(new Uint8Array(Buffer.concat(parts))));
    request.on("error", reject);
  });
}

function answer(response: ServerResponse, status: number, body: string | Uint8Array | object): void {
  const bytes = body instanceof Uint8Array;
  const type = bytes ? "application/cbor" : typeof body === "string" ? "text/plain" : "application/json";
  const sent = bytes || typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
  response.end(sent);
}

function refuse(response: ServerResponse, error: unknown): void {
  const told = error instanceof VagusError;
  const status = error instanceof Refusal ? error.status : told ? 422 : 500;
  const detail = error instanceof Error ? error.message : "";
  answer(response, status, told ? { code: error.code, detail } : detail);
}
