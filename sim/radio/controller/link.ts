import type { Joining, Radio } from "../air/radio.js";
import { EVENT, STATUS } from "../hci/codes.js";
import { aclData, event, leEvent, PB } from "../hci/packet.js";
import type { Connection, ConnectionParameters } from "../ll/connection.js";
import type { EndEvents, LinkEnd } from "../ll/end.js";
import { CONTROL, DATA_OCTETS_MAX, DATA_OCTETS_MIN, dataTimeUs } from "../ll/pdu.js";
import { joined, OctetReader, uint } from "../octets.js";
import type { Controller } from "./controller.js";
import { Encryption } from "./encryption.js";
import { FEATURES, VERSION } from "./features.js";
import { connectionComplete, dataLengthChange } from "./reports.js";

const UNKNOWN: ConnectionParameters = { interval: 0, latency: 0, timeout: 0 };
/** An end that has been told to go stays for another connection event, so that its acknowledgement is heard. */
const EVENTS_TO_GO = 2;

/** A connection as its controller has it: data and buffers, procedures of the link layer (Vol 6 Part B section 5.1). */
export class Link implements Joining, EndEvents {
  readonly #controller: Controller;
  readonly handle: number;
  readonly end: LinkEnd;
  readonly encryption: Encryption;
  #connection: Connection | undefined;
  #completed = 0;
  #going: { readonly reason: number; events: number } | undefined;
  #versionSent = false;
  #version: Uint8Array | undefined;
  #wantsVersion = false;
  #wantsFeatures = false;
  /** What this side would send at most in a packet. */
  #wantedOctets = DATA_OCTETS_MIN;
  /** ACL packets of the host that have not been acknowledged. */
  buffered = 0;

  constructor(controller: Controller, handle: number, end: LinkEnd) {
    this.#controller = controller;
    this.handle = handle;
    this.end = end;
    this.encryption = new Encryption(controller, this);
    end.events = this;
  }

  get radio(): Radio {
    return this.#controller;
  }

  get rssiDbm(): number {
    return this.#connection?.rssi(this) ?? 127; // not to be had (section 7.5.4)
  }

  get parameters(): ConnectionParameters {
    return this.#connection?.parameters ?? UNKNOWN;
  }

  begin(connection: Connection): void {
    this.#connection = connection;
    this.#controller.tell(connectionComplete(this.#controller, STATUS.success, this));
    if (this.#controller.defaultOctets > DATA_OCTETS_MIN) this.setDataLength(this.#controller.defaultOctets);
  }

  /** The host goes away, or the controller does: nobody is told. */
  leave(): void {
    this.#connection?.leave(this.end);
  }

  terminate(reason: number): void {
    this.end.sendControl("terminateInd", Uint8Array.of(reason), () => this.#end(STATUS.localHost));
  }

  /** Asks the other side (section 5.1.9). */
  setDataLength(octets: number): void {
    this.#wantedOctets = octets;
    this.end.sendControl("lengthReq", this.#lengths());
  }

  update(parameters: ConnectionParameters): void {
    this.end.sendControl("connectionUpdateInd", new Uint8Array(11));
    this.#connection?.update(parameters);
  }

  askVersion(): void {
    this.#wantsVersion = true;
    if (this.#version !== undefined) this.#tellVersion(this.#version);
    else this.#sendVersion();
  }

  askFeatures(): void {
    this.#wantsFeatures = true;
    this.end.sendControl(this.end.role === "central" ? "featureReq" : "peripheralFeatureReq", FEATURES);
  }

  data(begins: boolean, bytes: Uint8Array): void {
    this.#controller.tell(aclData(this.handle, begins ? PB.fromController : PB.continues, bytes));
  }

  completed(): void {
    this.buffered--;
    this.#completed++;
  }

  settled(): void {
    if (this.#completed > 0) {
      this.#controller.tell(event(EVENT.completedPackets, 1, uint(this.handle, 2), uint(this.#completed, 2)));
      this.#completed = 0;
    }
    if (this.#going !== undefined && --this.#going.events === 0) this.#end(this.#going.reason);
  }

  lost(reason: number): void {
    this.#end(reason);
  }

  micFailed(): void {
    this.#end(STATUS.micFailure);
  }

  updated({ interval, latency, timeout }: ConnectionParameters): void {
    const parameters = [interval, latency, timeout].map((it) => uint(it, 2));
    this.#controller.tell(leEvent("connectionUpdateComplete", 0, uint(this.handle, 2), ...parameters));
  }

  control(opcode: number, parameters: Uint8Array): void {
    if (this.encryption.control(opcode, parameters)) return;
    switch (opcode) {
      case CONTROL.terminateInd:
        this.#going = { reason: parameters[0], events: EVENTS_TO_GO };
        return;
      case CONTROL.connectionUpdateInd:
        return;
      case CONTROL.featureReq:
      case CONTROL.peripheralFeatureReq:
        this.end.sendControl("featureRsp", FEATURES);
        return;
      case CONTROL.featureRsp:
        this.#tellFeatures(STATUS.success, parameters);
        return;
      case CONTROL.versionInd:
        this.#version = parameters;
        this.#sendVersion();
        if (this.#wantsVersion) this.#tellVersion(parameters);
        return;
      case CONTROL.lengthReq:
        this.#agree(parameters);
        this.end.sendControl("lengthRsp", this.#lengths());
        return;
      case CONTROL.lengthRsp:
        this.#agree(parameters);
        return;
      case CONTROL.unknownRsp:
        if (this.#wantsFeatures) this.#tellFeatures(STATUS.unsupportedRemote, new Uint8Array(8));
        return;
      default:
        this.end.sendControl("unknownRsp", Uint8Array.of(opcode));
    }
  }

  /** MaxRxOctets, MaxRxTime, MaxTxOctets, MaxTxTime (section 2.4.2.21). */
  #lengths(): Uint8Array {
    const lengths = [
      DATA_OCTETS_MAX,
      dataTimeUs(DATA_OCTETS_MAX),
      this.#wantedOctets,
      dataTimeUs(this.#wantedOctets),
    ];
    return joined(...lengths.map((it) => uint(it, 2)));
  }

  #agree(parameters: Uint8Array): void {
    const reader = new OctetReader(parameters);
    const theirIn = reader.uint(2);
    reader.uint(2);
    const theirOut = reader.uint(2);
    const out = Math.max(DATA_OCTETS_MIN, Math.min(this.#wantedOctets, theirIn));
    const into = Math.max(DATA_OCTETS_MIN, Math.min(DATA_OCTETS_MAX, theirOut));
    if (out === this.end.octetsOut && into === this.end.octetsIn) return;
    this.end.octetsOut = out;
    this.end.octetsIn = into;
    this.#controller.tell(dataLengthChange(this.handle, out, dataTimeUs(out), into, dataTimeUs(into)));
  }

  #sendVersion(): void {
    if (this.#versionSent) return;
    this.#versionSent = true;
    this.end.sendControl("versionInd", VERSION);
  }

  #tellVersion(version: Uint8Array): void {
    this.#wantsVersion = false;
    this.#controller.tell(event(EVENT.readRemoteVersionComplete, 0, uint(this.handle, 2), version));
  }

  #tellFeatures(status: number, features: Uint8Array): void {
    if (!this.#wantsFeatures) return;
    this.#wantsFeatures = false;
    this.#controller.tell(leEvent("remoteFeaturesComplete", status, uint(this.handle, 2), features));
  }

  #end(reason: number): void {
    if (!this.#controller.forget(this)) return;
    this.#connection?.leave(this.end);
    this.#controller.tell(event(EVENT.disconnectionComplete, 0, uint(this.handle, 2), reason));
  }
}
