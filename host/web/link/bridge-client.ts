/** The page's side of `host/bridge`: a session with it, the devices behind it, and the Authority that it asks. */
import { toBase64url } from "../../../modules/bytes/base64url.js";
import { decode } from "../../../modules/cbor/index.js";
import { asArray, asBytes } from "../../../modules/cbor/shape.js";
import { type ErrorCode, VagusError } from "../../../modules/error/index.js";
import { decodeAnswer, encodeQuestion } from "../../authority/question.js";
import { AttLink, type BytePipe } from "../../link/att-link.js";
import type { CentralLink } from "../../link/link.js";
import type { FreshnessAnswer } from "../../programmer/manage.js";
import type { AuthorityDesk } from "../model/identity.js";
import { UsedLink } from "../model/used-link.js";

const SESSION = "vagus.bridge";
const TOKEN = /^#([\w-]{16,64})$/;
const INPUT = "host/input";
const ANSWER_MS = 15_000;

interface Opened {
  readonly session: string;
  /** base64url of the Authority's kid. */
  readonly anchor: string;
  readonly devices: readonly string[];
}

export class BridgeClient implements AuthorityDesk {
  readonly #opened: Opened;

  private constructor(opened: Opened) {
    this.#opened = opened;
  }

  /**
   * With the token of the page's own address, which is spent by that and taken from it, or with the session that this tab had.
   * @returns undefined where the page came without either
   * @throws UsedLink
   * @throws VagusError `host/link` where the bridge does not answer
   */
  static async open(address: Location, storage: Storage): Promise<BridgeClient | undefined> {
    const token = TOKEN.exec(address.hash)?.[1];
    const kept = storage.getItem(SESSION);
    if (token === undefined) return kept === null ? undefined : new BridgeClient(JSON.parse(kept) as Opened);
    history.replaceState(null, "", address.pathname);
    const response = await post("open", token, undefined);
    if (response.status === 403) {
      if (kept !== null) return new BridgeClient(JSON.parse(kept) as Opened);
      throw new UsedLink();
    }
    const opened = (await response.json()) as Opened;
    storage.setItem(SESSION, JSON.stringify(opened));
    return new BridgeClient(opened);
  }

  /** What the devices are called here. */
  get devices(): readonly string[] {
    return this.#opened.devices;
  }

  get anchor(): string {
    return this.#opened.anchor;
  }

  /** Is that the anchor of the Authority that is asked here? */
  isOf({ kid }: { readonly kid: Uint8Array }): boolean {
    return toBase64url(kid) === this.anchor;
  }

  /** @throws VagusError the Authority's own refusal, `host/link` */
  async issue(request: Uint8Array) {
    const reply = await this.#ask("request", request);
    const [credential, anchor] = asArray(decode(reply), INPUT, "an issued credential", 2);
    return {
      credential: asBytes(credential, INPUT, "credential").slice(),
      anchor: asBytes(anchor, INPUT, "anchor").slice(),
    };
  }

  /** @throws VagusError the Authority's own refusal, `host/link` */
  async freshness(request: Uint8Array): Promise<FreshnessAnswer> {
    const question = encodeQuestion({ what: "freshness", request });
    const answer = decodeAnswer(question, await this.#ask("question", question));
    if (answer !== undefined) return answer;
    throw new VagusError(INPUT, "expected the Authority's answer to this question, came another");
  }

  /** The Authority's newest status list. @throws VagusError `host/link` */
  statusList(): Promise<Uint8Array> {
    return this.#ask("status", new Uint8Array(0));
  }

  /** @throws VagusError `host/link` where the bridge does not let us, or the device is not there */
  async connect(device: number, signal: AbortSignal): Promise<CentralLink> {
    const url = new URL(`/bridge/link/${device}`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url, ["vagus.link", this.#opened.session]);
    socket.binaryType = "arraybuffer";
    signal.addEventListener("abort", () => socket.close(), { once: true });
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onclose = () =>
        reject(new VagusError("host/link", "expected the bridge to answer, came nothing"));
    });
    return AttLink.over(pipeOf(socket));
  }

  async #ask(what: string, body: Uint8Array): Promise<Uint8Array> {
    const response = await post(what, Uint8Array.from(body), this.#opened.session);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    if (response.status === 422) {
      const { code, detail } = (await response.json()) as { code: ErrorCode; detail: string };
      throw new VagusError(code, detail.replace(`${code}: `, ""));
    }
    throw new VagusError("host/link", `expected the bridge's answer, came status ${response.status}`);
  }
}

/** With what it says read whole. @throws VagusError `host/link` */
async function post(what: string, body: BodyInit, session: string | undefined): Promise<Response> {
  try {
    const response = await fetch(`/bridge/${what}`, {
      method: "POST",
      body,
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: session === undefined ? {} : { authorization: `Bearer ${session}` },
    });
    return new Response(await response.arrayBuffer(), { status: response.status });
  } catch {
    throw new VagusError("host/link", "expected the bridge to answer, came nothing: is it still running?");
  }
}

function pipeOf(socket: WebSocket): BytePipe {
  return {
    write: (bytes) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(Uint8Array.from(bytes));
    },
    close: () => socket.close(),
    listen: ({ data, closed }) => {
      socket.onmessage = ({ data: bytes }) => data(new Uint8Array(bytes as ArrayBuffer));
      socket.onclose = () => closed("the connection is gone");
    },
  };
}
