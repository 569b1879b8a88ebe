import { VagusError } from "../../modules/error/index.js";
import {
  ATT,
  CHARACTERISTICS,
  FrameReader,
  frame,
  MTU_MAX,
  MTU_MIN,
  readUint16le,
  uint16le,
} from "../../modules/gatt/index.js";
import type { CentralLink, LinkHandlers } from "./link.js";

export interface AttOptions {
  /** The ATT MTU to ask for, 23 to 247. */
  readonly mtu?: number;
  /** How long the device may take to answer a request, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Bytes in order, both ways: a socket, or a bridge's WebSocket. */
export interface BytePipe {
  write(bytes: Uint8Array): void;
  /** Ends it. Twice does nothing. */
  close(): void;
  /** Called once, before anything can come. */
  listen(listener: PipeListener): void;
}

export interface PipeListener {
  data(bytes: Uint8Array): void;
  /** It is over, whoever ended it. May come again. */
  closed(reason: string): void;
}

interface Pending {
  readonly response: number;
  resolve(value: Uint8Array): void;
  reject(error: Error): void;
}

const NOTIFY = 0x0001;
const INDICATE = 0x0002;
const TIMEOUT_MS = 5000;

/** An ATT client over a pipe of bytes: see `modules/gatt/att.ts` for what goes over it. */
export class AttLink implements CentralLink {
  readonly #pipe: BytePipe;
  readonly #timeoutMs: number;
  readonly #reader = new FrameReader();
  #handlers: LinkHandlers | undefined;
  #pending: Pending | undefined;
  #closed: string | undefined;
  mtu = MTU_MIN;

  protected constructor(pipe: BytePipe, timeoutMs = TIMEOUT_MS) {
    this.#pipe = pipe;
    this.#timeoutMs = timeoutMs;
    pipe.listen({
      data: (bytes) => this.#data(bytes),
      closed: (reason) => this.#end(reason),
    });
  }

  /** @throws VagusError `gatt/disconnected` where nobody answers, `gatt/mtu` for an MTU out of range */
  static async over(pipe: BytePipe, { mtu = MTU_MAX, timeoutMs }: AttOptions = {}): Promise<AttLink> {
    checkMtu(mtu);
    return new AttLink(pipe, timeoutMs).agree(mtu);
  }

  /** Agrees on the MTU: the first request of a connection. */
  protected async agree(mtu: number): Promise<this> {
    const answer = await this.#request(ATT.mtuResponse, frame(ATT.mtuRequest, uint16le(mtu)));
    this.mtu = Math.max(MTU_MIN, Math.min(mtu, readUint16le(answer, 1)));
    return this;
  }

  async subscribe(handlers: LinkHandlers): Promise<void> {
    this.#handlers = handlers;
    if (this.#closed !== undefined) return handlers.closed(this.#closed);
    const { telemetry, control } = CHARACTERISTICS;
    for (const [handle, bit] of [
      [telemetry.cccd, NOTIFY],
      [control.cccd, INDICATE],
    ]) {
      await this.#request(ATT.writeResponse, frame(ATT.writeRequest, uint16le(handle), uint16le(bit)));
    }
  }

  async write(value: Uint8Array): Promise<void> {
    await this.#request(
      ATT.writeResponse,
      frame(ATT.writeRequest, uint16le(CHARACTERISTICS.control.handle), value),
    );
  }

  async readInfo(): Promise<Uint8Array> {
    const answer = await this.#request(
      ATT.readResponse,
      frame(ATT.readRequest, uint16le(CHARACTERISTICS.info.handle)),
    );
    return answer.subarray(1);
  }

  close(): void {
    this.#end("closed by this side");
  }

  /** ATT allows one request at a time (Vol 3 Part F section 3.3.2); the callers keep to it. */
  #request(response: number, request: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) return reject(new VagusError("gatt/disconnected", this.#closed));
      if (this.#pending !== undefined) {
        return reject(new VagusError("host/link", "expected one request at a time, came another"));
      }
      const timer = setTimeout(() => this.#end(`no answer within ${this.#timeoutMs} ms`), this.#timeoutMs);
      const settle = () => {
        clearTimeout(timer);
        this.#pending = undefined;
      };
      this.#pending = {
        response,
        resolve: (value) => {
          settle();
          resolve(value);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      this.#pipe.write(request);
    });
  }

  #data(bytes: Uint8Array): void {
    try {
      for (const pdu of this.#reader.push(bytes)) if (this.#closed === undefined) this.#pdu(pdu);
    } catch (error) {
      this.#end(String(error));
    }
  }

  #pdu(pdu: Uint8Array): void {
    const pending = this.#pending;
    switch (pdu[0]) {
      case ATT.notification:
      case ATT.indication: {
        if (pdu[0] === ATT.indication) this.#pipe.write(frame(ATT.confirmation));
        if (pdu.length < 3) return;
        const handle = readUint16le(pdu, 1);
        const value = pdu.slice(3);
        if (handle === CHARACTERISTICS.control.handle) this.#handlers?.control(value);
        else if (handle === CHARACTERISTICS.telemetry.handle) this.#handlers?.telemetry(value);
        return;
      }
      case ATT.error:
        pending?.reject(new VagusError("gatt/attribute", `the device refused with ATT error ${pdu[4]}`));
        return;
      default:
        if (pending !== undefined && pdu[0] === pending.response) pending.resolve(pdu);
    }
  }

  #end(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#pending?.reject(new VagusError("gatt/disconnected", reason));
    this.#pipe.close();
    this.#handlers?.closed(reason);
  }
}

/** @throws VagusError `gatt/mtu` */
export function checkMtu(mtu: number): void {
  if (mtu >= MTU_MIN && mtu <= MTU_MAX) return;
  throw new VagusError("gatt/mtu", `expected an MTU of ${MTU_MIN} to ${MTU_MAX}, came ${mtu}`);
}
