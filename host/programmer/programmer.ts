import type { CborValue } from "../../modules/cbor/index.js";
import { asArray, asBytes } from "../../modules/cbor/shape.js";
import type { Credential, TrustedPeer } from "../../modules/credential/index.js";
import type { EdhocSession } from "../../modules/edhoc/index.js";
import { VagusError } from "../../modules/error/index.js";
import {
  type AcceptedTip,
  type AcceptedToken,
  type Cursor,
  DeviceVerifier,
} from "../../modules/reading/index.js";
import { pairingPasskey, programmerSession } from "../../modules/session/index.js";
import type { CentralLink } from "../link/link.js";
import { Commander } from "./commander.js";
import { Control } from "./control.js";
import type { PlainCommand } from "./manage.js";
import { type Own, respond } from "./respond.js";
import { fetchStream, type StreamStatus, streamStatus } from "./stream-commands.js";
import { Telemetry, type TelemetryFigures } from "./telemetry.js";

/** What a programmer tells whoever watches: the command line and the page draw the same events. */
export type ProgrammerEvent =
  | { readonly kind: "authenticated"; readonly device: Credential }
  | { readonly kind: "token"; readonly token: AcceptedToken }
  | { readonly kind: "refused"; readonly error: VagusError }
  | { readonly kind: "closed"; readonly reason: string };

export interface ProgrammerOptions extends Own {
  readonly link: CentralLink;
  readonly observe: (event: ProgrammerEvent) => void;
  /** What verifies this device's streams, if it did before: a session goes on where the last one ended. */
  readonly verifier?: (device: Credential) => DeviceVerifier | undefined;
  /** Messages of telemetry after which the keys are renewed; 4,194,304 unless tests want fewer. */
  readonly rekeyAfter?: number;
  /** How long the device may take for each answer, in milliseconds. */
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

/** How long what is on its way may take to arrive when a session is closed. */
const CLOSE_MS = 1000;
/** Messages of telemetry after which the keys are renewed: half of what a flow may carry. */
const REKEY_AFTER = 2 ** 22;
const OLDEST: Cursor = { boot: 0, sequence: 0 };

/** The clinician's side of a session: authenticates by EDHOC, commands, receives. */
export class Programmer {
  readonly #options: ProgrammerOptions;
  #commander: Commander | undefined;
  #edhoc: EdhocSession<TrustedPeer> | undefined;
  #passkey: number | undefined;
  #telemetry: Telemetry | undefined;
  #verifier: DeviceVerifier | undefined;
  #arrived: (() => void) | undefined;
  #sinceRekey = 0;

  private constructor(options: ProgrammerOptions) {
    this.#options = options;
  }

  /** The whole of the connection's beginning. @throws VagusError `edhoc/…`, `session/…`, `cwt/…`, `gatt/…` */
  static async connect(options: ProgrammerOptions): Promise<Programmer> {
    const programmer = new Programmer(options);
    try {
      await programmer.#authenticate();
    } catch (error) {
      options.link.close();
      throw error;
    }
    return programmer;
  }

  get figures(): TelemetryFigures {
    return this.#telemetry?.figures ?? { airBytes: 0, packets: 0, verified: 0, refused: 0 };
  }

  /**
   * The passkey to pair the link with, where that is wanted: the session's own (`CentralLink.pair`).
   * @throws VagusError `session/closed`
   */
  get passkey(): number {
    if (this.#passkey === undefined)
      throw new VagusError("session/closed", "expected an open session, came none");
    return this.#passkey;
  }

  /** Whom the session is with. @throws VagusError `session/closed` */
  get device(): Credential {
    if (this.#edhoc === undefined) throw closed();
    return this.#edhoc.peer.credential;
  }

  /**
   * A command as it is; `manage.ts` gives most of them their meaning.
   * @throws VagusError with the device's own code where it refuses, `session/timeout`, `gatt/disconnected`
   */
  command(name: PlainCommand, parameters: CborValue): Promise<CborValue> {
    return this.#commands().command(name, parameters);
  }

  /** What verifies the device's streams, and knows how far each has come. @throws VagusError `session/closed` */
  get verifier(): DeviceVerifier {
    if (this.#verifier === undefined) throw closed();
    return this.#verifier;
  }

  /**
   * Starts a stream, and hears it from its header on.
   * @param stream of `STREAM`; a session may hear several at once
   * @param readingMs 250 to 4,000 ms in each reading
   * @param readings how many; 0 goes on until `stop`
   * @throws VagusError with the device's own code where it refuses; so all of these
   */
  async start(stream: number, readingMs: number, readings = 0): Promise<void> {
    await this.command("start", [stream, readingMs, readings]);
  }

  /** Ends the stream; its signed head follows as a token. */
  async stop(stream: number): Promise<void> {
    await this.command("stop", [stream]);
  }

  /**
   * Hears a stream from a token on: all that was kept, then what is recorded.
   * @param from what follows the last token that was verified, or the oldest one where none was, if not said
   * @returns whether the device records the stream now
   */
  follow(stream: number, from: Cursor = this.verifier.stream(stream).next ?? OLDEST): Promise<boolean> {
    return fetchStream(this, stream, from);
  }

  /**
   * How far each stream has come that this session may read, signed, and held against what was verified before: a device
   * that has less than that is refused, and what is missing at the end shows as `verifier.stream(n).awaited` until it comes.
   * To be asked before anything is followed, as what is on its way may overtake the answer.
   * @throws VagusError `reading/order`, `reading/chain` where the device tells another story than before
   */
  async heads(): Promise<AcceptedTip[]> {
    const tokens = asArray(await this.command("heads", null), "session/malformed", "heads");
    return tokens.map((token) => {
      const tip = this.verifier.accept(asBytes(token, "session/malformed", "head").slice());
      if (tip.kind === "tip") return tip;
      throw new VagusError("session/malformed", `expected how far a stream has come, came a ${tip.kind}`);
    });
  }

  status(stream: number): Promise<StreamStatus> {
    return streamStatus(this, stream);
  }

  /**
   * Both sides go to new keys (EDHOC_KeyUpdate), while the stream goes on. Where that fails they have come apart, and the
   * link is closed. It happens by itself before a counter runs out.
   */
  async rekey(): Promise<void> {
    const { crypto, link } = this.#options;
    const nonce = crypto.random(16);
    this.#sinceRekey = 0;
    try {
      await this.#commands().command("rekey", nonce, () => {
        const edhoc = this.#edhoc as EdhocSession<TrustedPeer>;
        edhoc.keyUpdate(nonce);
        const session = programmerSession(crypto, edhoc.exporter);
        this.#telemetry?.expect(session.telemetry);
        return session;
      });
    } catch (error) {
      link.close();
      throw error;
    }
  }

  /**
   * Ends the session in order: the device signs the heads of the streams that still ran and that this session may read,
   * and they are held against what came.
   * @returns false where something was sent that did not arrive
   */
  async finish(): Promise<boolean> {
    const heads = asArray(await this.#commands().command("close", null), "session/malformed", "heads");
    let complete = true;
    for (const head of heads) {
      if (!(await this.#accept(asBytes(head, "session/malformed", "head")))) complete = false;
    }
    this.close();
    return complete;
  }

  close(): void {
    this.#options.link.close();
    this.#edhoc?.close();
  }

  /** The head fits once all that was sent before it has come: telemetry may be behind. */
  async #accept(head: Uint8Array): Promise<boolean> {
    const now = this.#options.now ?? (() => performance.now());
    const until = now() + CLOSE_MS;
    for (;;) {
      const token = this.#telemetry?.accept(head);
      if (token !== undefined && !(token instanceof VagusError)) {
        this.#options.observe({ kind: "token", token });
        return true;
      }
      const left = until - now();
      if (left <= 0) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#arrived = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async #authenticate(): Promise<void> {
    const { crypto, observe } = this.#options;
    const control = await Control.open({
      ...this.#options,
      telemetry: (value, nowMs) => this.#notified(value, nowMs),
      refused: (error) => observe({ kind: "refused", error }),
      closed: (reason) => observe({ kind: "closed", reason }),
    });
    const edhoc = await respond(control, this.#options);
    const session = programmerSession(crypto, edhoc.exporter);
    const { credential } = edhoc.peer;
    const { kid, key } = credential;
    this.#verifier = this.#options.verifier?.(credential) ?? new DeviceVerifier(crypto, { ...key, kid });
    this.#options.trust.keep(edhoc.peer);
    this.#edhoc = edhoc;
    this.#passkey = pairingPasskey(edhoc.exporter); // before any key update
    this.#commander = new Commander(control, session);
    this.#telemetry = new Telemetry(session.telemetry, this.#verifier);
    observe({ kind: "authenticated", device: credential });
  }

  #failed(error: unknown): void {
    if (!(error instanceof VagusError)) throw error;
    this.#options.observe({ kind: "refused", error });
  }

  #commands(): Commander {
    if (this.#commander === undefined) throw closed();
    return this.#commander;
  }

  #notified(value: Uint8Array, nowMs: number): void {
    const { observe } = this.#options;
    const token = this.#telemetry?.receive(value, nowMs);
    if (token instanceof VagusError) observe({ kind: "refused", error: token });
    else if (token !== undefined) observe({ kind: "token", token });
    if (token === undefined) return;
    this.#arrived?.();
    const { rekeyAfter = REKEY_AFTER } = this.#options;
    if (++this.#sinceRekey >= rekeyAfter) this.rekey().catch((error) => this.#failed(error));
  }
}

function closed(): VagusError {
  return new VagusError("session/closed", "expected an open session, came none");
}
