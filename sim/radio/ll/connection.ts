import type { Air } from "../air/air.js";
import type { Radio } from "../air/radio.js";
import type { RadioClock } from "../clock.js";
import { STATUS } from "../hci/codes.js";
import type { LinkEnd } from "./end.js";
import { airtimeUs, type DataPdu, MIC_OCTETS, T_IFS_US } from "./pdu.js";

/** Interval, latency and time-out as they go over the air (Core Specification 5.4, Vol 6 Part B section 2.3.3.1). */
export interface ConnectionParameters {
  /** In units of 1.25 ms. */
  readonly interval: number;
  /** Connection events that the peripheral may sleep through. */
  readonly latency: number;
  /** In units of 10 ms. */
  readonly timeout: number;
}

/** One end, where it is, and whom to tell that the other one is not heard any more. */
export interface Party {
  readonly end: LinkEnd;
  readonly radio: Radio;
  lost(reason: number): void;
  updated(parameters: ConnectionParameters): void;
  /** After each connection event in which something came, or was acknowledged. */
  settled(): void;
}

const INTERVAL_US = 1250;
const TIMEOUT_US = 10_000;
/** From the request to the first anchor: transmitWindowDelay (section 4.5.3). */
const FIRST_US = 1250;
/** Connection events without a packet after which it was never established (section 4.5.2). */
const ESTABLISH_EVENTS = 6;

/** What one party knows of the other. */
interface Side {
  readonly party: Party;
  heardUs: number;
  established: boolean;
  gone: boolean;
}

/** A connection: both ends meet at each anchor (section 4.5.1), and each watches whether it still hears the other. */
export class Connection {
  readonly #air: Air;
  readonly #clock: RadioClock;
  readonly #central: Side;
  readonly #peripheral: Side | undefined;
  #parameters: ConnectionParameters;
  #update: { readonly instant: number; readonly parameters: ConnectionParameters } | undefined;
  #anchorUs: number;
  #counter = 0;
  #slept = 0;
  #cancel: () => void = () => {};

  /** Without a peripheral nobody heard the request: a central alone. */
  constructor(air: Air, central: Party, peripheral: Party | undefined, parameters: ConnectionParameters) {
    this.#air = air;
    this.#clock = air.clock;
    this.#parameters = parameters;
    this.#anchorUs = this.#clock.nowUs + FIRST_US;
    const side = (party: Party): Side => ({
      party,
      heardUs: this.#clock.nowUs,
      established: false,
      gone: false,
    });
    this.#central = side(central);
    this.#peripheral = peripheral && side(peripheral);
    this.#schedule();
  }

  get parameters(): ConnectionParameters {
    return this.#parameters;
  }

  /** How strongly this party hears the other one, in dBm. */
  rssi(party: Party): number | undefined {
    const other = this.#sides.find((side) => side.party !== party);
    return other && this.#air.rssi(other.party.radio, party.radio);
  }

  /** Both go over to these at the instant, six events from now (section 5.1.1). */
  update(parameters: ConnectionParameters): void {
    this.#update = { instant: this.#counter + 6, parameters };
  }

  /** This end takes part no longer. */
  leave(end: LinkEnd): void {
    for (const side of this.#sides) if (side.party.end === end) side.gone = true;
    if (this.#sides.every((side) => side.gone)) this.#cancel();
  }

  get #sides(): Side[] {
    return this.#peripheral === undefined ? [this.#central] : [this.#central, this.#peripheral];
  }

  #schedule(): void {
    if (this.#sides.every((side) => side.gone)) return;
    this.#cancel = this.#clock.at(this.#anchorUs, () => this.#event());
  }

  #event(): void {
    if (this.#update !== undefined && this.#counter >= this.#update.instant)
      this.#apply(this.#update.parameters);
    this.#counter++;
    this.#exchange();
    for (const side of this.#sides) if (!side.gone) side.party.settled();
    for (const side of this.#sides) this.#watch(side);
    this.#anchorUs += this.#parameters.interval * INTERVAL_US;
    // a machine that was busy: what is past is past, as for a controller that missed its anchors
    if (this.#anchorUs < this.#clock.nowUs - TIMEOUT_US) this.#anchorUs = this.#clock.nowUs;
    this.#schedule();
  }

  #exchange(): void {
    const { party: central } = this.#central;
    const { party: peripheral } = this.#peripheral ?? {};
    if (this.#central.gone || peripheral === undefined || this.#peripheral?.gone !== false) return;
    // not before both have heard each other (section 4.5.1)
    const settled = this.#central.established && this.#peripheral.established;
    if (settled && !peripheral.end.pending && this.#slept < this.#parameters.latency) {
      this.#slept++;
      return;
    }
    this.#slept = 0;
    const lengthUs = this.#parameters.interval * INTERVAL_US;
    let spentUs = 0;
    for (;;) {
      const down = central.end.transmit();
      spentUs += this.#spend(down);
      if (!this.#carry(this.#central, this.#peripheral, down)) return;
      const up = peripheral.end.transmit();
      spentUs += this.#spend(up);
      if (!this.#carry(this.#peripheral, this.#central, up)) return;
      if (!central.end.pending && !peripheral.end.pending) return;
      if (spentUs + this.#longestUs(central.end) + this.#longestUs(peripheral.end) > lengthUs) return;
    }
  }

  /** @returns whether it was heard, and both still take part: where not, the connection event is over (section 4.5.6) */
  #carry(from: Side, to: Side, pdu: DataPdu): boolean {
    const heard = this.#air.carries(from.party.radio, to.party.radio);
    this.#air.traffic.count(from.party.end, pdu, heard);
    if (!heard) return false;
    to.heardUs = this.#clock.nowUs;
    to.established = true;
    to.party.end.receive(pdu);
    return !from.gone && !to.gone;
  }

  #spend(pdu: DataPdu): number {
    return airtimeUs(pdu.payload.length) + T_IFS_US;
  }

  /** What an end may need for its next packet: the longest, where anything waits. */
  #longestUs(end: LinkEnd): number {
    const mic = end.sealer === undefined ? 0 : MIC_OCTETS;
    return (end.pending ? airtimeUs(end.octetsOut + mic) : airtimeUs(0)) + T_IFS_US;
  }

  #watch(side: Side): void {
    if (side.gone) return;
    const { interval, timeout } = this.#parameters;
    const limitUs = side.established ? timeout * TIMEOUT_US : ESTABLISH_EVENTS * interval * INTERVAL_US;
    if (this.#clock.nowUs - side.heardUs < limitUs) return;
    side.gone = true;
    side.party.lost(side.established ? STATUS.connectionTimeout : STATUS.notEstablished);
  }

  #apply(parameters: ConnectionParameters): void {
    this.#update = undefined;
    this.#parameters = parameters;
    for (const side of this.#sides) if (!side.gone) side.party.updated(parameters);
  }
}
