import type { CborValue } from "../../modules/cbor/index.js";
import { asBytes } from "../../modules/cbor/shape.js";
import { keyId, signatureAlgorithm, toVerificationKey } from "../../modules/cose/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { CLAIM, confirmedKey, parseCwtUnverified, TYP, verifyCwt } from "../../modules/cwt/index.js";
import { errorCode, VagusError } from "../../modules/error/index.js";
import { ATT_OVERHEAD, Fragmenter, Reassembler } from "../../modules/gatt/index.js";
import { type AcceptedToken, type DeviceKey, STREAM } from "../../modules/reading/index.js";
import {
  type CommandName,
  decodeReply,
  encodeCommand,
  LabelResponderWaitLabel3,
  type ProgrammerSession,
  programmerSession,
  type Reply,
} from "../../modules/session/index.js";
import type { CentralLink } from "../link/link.js";
import { Inbox } from "./inbox.js";
import { Telemetry, type TelemetryFigures } from "./telemetry.js";

/** What a programmer tells whoever watches: the command line and the page draw the same events. */
export type ProgrammerEvent =
  | { readonly kind: "authenticated"; readonly device: DeviceKey }
  | { readonly kind: "token"; readonly token: AcceptedToken }
  | { readonly kind: "refused"; readonly error: VagusError }
  | { readonly kind: "closed"; readonly reason: string };

export interface ProgrammerOptions {
  readonly crypto: Crypto;
  readonly link: CentralLink;
  /** The 16 bytes printed on the device. */
  readonly label: Uint8Array;
  readonly observe: (event: ProgrammerEvent) => void;
  /** How long the device may take for each answer, in milliseconds. */
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

/** The clinician's side of a session: authenticates, commands, receives. */
export class Programmer {
  readonly #options: ProgrammerOptions;
  readonly #inbox: Inbox;
  readonly #fragmenter = new Fragmenter();
  readonly #now: () => number;
  readonly #timeoutMs: number;
  #session: ProgrammerSession | undefined;
  #telemetry: Telemetry | undefined;
  #nextId = 1;
  #commands: Promise<unknown> = Promise.resolve();

  private constructor(options: ProgrammerOptions) {
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? 5000;
    this.#inbox = new Inbox(this.#timeoutMs);
    this.#now = options.now ?? (() => performance.now());
  }

  /** The whole of the connection's beginning. @throws VagusError `session/…`, `gatt/disconnected` */
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
   * Starts the ECG stream.
   * @param readingMs 250 to 4,000 ms of samples in each reading
   * @param readings how many; 0 goes on until `stop`
   * @throws VagusError with the device's own code where it refuses
   */
  async start(readingMs: number, readings = 0): Promise<void> {
    await this.#command("start", [STREAM.ecg, readingMs, readings]);
  }

  /** Ends the stream; its signed head follows as a token. */
  async stop(): Promise<void> {
    await this.#command("stop", [STREAM.ecg]);
  }

  close(): void {
    this.#options.link.close();
  }

  async #authenticate(): Promise<void> {
    const { crypto, link, label, observe } = this.#options;
    const control = new Reassembler();
    await link.subscribe({
      control: (value) => this.#guard(() => this.#inbox.put(control.push(value, this.#now()))),
      telemetry: (value) => this.#notified(value),
      closed: (reason) => {
        this.#inbox.close(reason);
        observe({ kind: "closed", reason });
      },
    });
    const responder = await LabelResponderWaitLabel3.answer(crypto, label, await this.#inbox.take("label_1"));
    await this.#send(responder.label_2);
    this.#session = programmerSession(crypto, responder.receive(await this.#inbox.take("label_3")));
    const device = this.#identify(await this.#command("identify", null));
    this.#telemetry = new Telemetry(crypto, this.#session.telemetry, device);
    observe({ kind: "authenticated", device });
  }

  /** The key that the device's request names and is signed with; the label session vouches for where it came from. */
  #identify(result: CborValue): DeviceKey {
    const { crypto } = this.#options;
    const request = asBytes(result, "session/malformed", "request");
    const key = toVerificationKey(confirmedKey(crypto, parseCwtUnverified(request).claims));
    verifyCwt(crypto, request, {
      typ: TYP.request,
      algorithms: [signatureAlgorithm(key.curve)],
      key,
      required: [CLAIM.cnf, CLAIM.cti],
    });
    return { ...key, kid: keyId(crypto, key) };
  }

  #notified(value: Uint8Array): void {
    const { observe } = this.#options;
    const token = this.#telemetry?.receive(value, this.#now());
    if (token instanceof VagusError) observe({ kind: "refused", error: token });
    else if (token !== undefined) observe({ kind: "token", token });
  }

  /** One command after the other: its reply comes before the next one goes. */
  #command(name: CommandName, parameters: CborValue): Promise<CborValue> {
    const result = this.#commands.then(() => this.#run(name, parameters));
    this.#commands = result.catch(() => {});
    return result;
  }

  async #run(name: CommandName, parameters: CborValue): Promise<CborValue> {
    const session = this.#session;
    if (session === undefined) throw new VagusError("session/closed", "expected an open session, came none");
    const id = this.#nextId++;
    await this.#send(session.commands.seal(encodeCommand(id, name, parameters)));
    const reply = await this.#reply(session, id, name);
    if (reply.code !== 0) {
      throw new VagusError(
        errorCode(reply.code) ?? "device/command",
        `the device refused ${name}: ${reply.result}`,
      );
    }
    return reply.result;
  }

  /** Passes over what is no reply of this session, and late replies to commands that were given up. */
  async #reply(session: ProgrammerSession, id: number, name: CommandName): Promise<Reply> {
    const until = this.#now() + this.#timeoutMs;
    do {
      const message = await this.#inbox.take(`the reply to ${name}`);
      const reply = this.#guard(() => decodeReply(session.replies.open(message)));
      if (reply === undefined || reply.id < id) continue;
      if (reply.id === id) return reply;
      throw new VagusError("session/order", `expected the reply to command ${id}, came one to ${reply.id}`);
    } while (this.#now() < until);
    throw new VagusError("session/timeout", `expected the reply to ${name}, came others`);
  }

  async #send(message: Uint8Array): Promise<void> {
    const { link } = this.#options;
    for (const fragment of this.#fragmenter.cut(message, link.mtu - ATT_OVERHEAD)) await link.write(fragment);
  }

  /** What is refused is told, and nothing else comes of it. */
  #guard<T>(action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      this.#options.observe({ kind: "refused", error });
      return undefined;
    }
  }
}
