/**
 * What a reading of stream 3 says of the device, as it was at the end of the reading's time:
 *
 *   state  [ span, battery, leads, journal, [ boot, epoch ] ]           span: milliseconds from the reading's first on
 *
 *   battery  [ condition, left ]                 0 to 3: BOL, ERN, ERT, ERP; thousandths of the capacity
 *   leads    [ [ impedance, wave ], [ … ] ]      atrium, ventricle: ohm, and µV of the P or R wave at the electrodes
 *   journal  [ kept, room ]                      bytes that were not released, and bytes that there are
 *   boot, epoch                                  the boot count; that of the revocation list that it holds
 *
 * Battery and leads are null where the device has no implant.
 */

import type { BatteryStatus } from "../cardiac/pacer/types.js";
import { decode, encode } from "../cbor/index.js";
import { asArray, asUint } from "../cbor/shape.js";

const MALFORMED = "reading/malformed";
const STATUS: readonly BatteryStatus[] = ["BOL", "ERN", "ERT", "ERP"];

export interface LeadState {
  readonly impedanceOhm: number;
  readonly signalUv: number;
}

export interface DeviceState {
  readonly battery: { readonly status: BatteryStatus; readonly leftPermille: number } | undefined;
  readonly leads: { readonly atrium: LeadState; readonly ventricle: LeadState } | undefined;
  readonly journal: { readonly usedBytes: number; readonly capacityBytes: number };
  readonly boot: number;
  readonly epoch: number;
}

export function encodeDeviceState(spanMs: number, state: DeviceState): Uint8Array {
  const { battery, leads, journal, boot, epoch } = state;
  return encode([
    spanMs,
    battery === undefined ? null : [STATUS.indexOf(battery.status), battery.leftPermille],
    leads === undefined ? null : [encodeLead(leads.atrium), encodeLead(leads.ventricle)],
    [journal.usedBytes, journal.capacityBytes],
    [boot, epoch],
  ]);
}

const encodeLead = ({ impedanceOhm, signalUv }: LeadState) => [impedanceOhm, signalUv];

/** @throws VagusError `reading/malformed`, `cbor/…` */
export function decodeDeviceState(block: Uint8Array): { spanMs: number; state: DeviceState } {
  const [span, battery, leads, journal, of] = asArray(decode(block), MALFORMED, "state", 5);
  const [usedBytes, capacityBytes] = numbers(journal, "journal");
  const [boot, epoch] = numbers(of, "boot and epoch");
  const state = {
    battery: battery === null ? undefined : decodeBattery(battery),
    leads: leads === null ? undefined : decodeLeads(leads),
    journal: { usedBytes, capacityBytes },
    boot,
    epoch,
  };
  return { spanMs: asUint(span, MALFORMED, "span"), state };
}

type Value = Parameters<typeof asArray>[0];

/** Two of them. */
function numbers(value: Value, field: string): [number, number] {
  const [a, b] = asArray(value, MALFORMED, field, 2);
  return [asUint(a, MALFORMED, field), asUint(b, MALFORMED, field)];
}

function decodeBattery(value: Value): DeviceState["battery"] {
  const [condition, left] = asArray(value, MALFORMED, "battery", 2);
  return {
    status: STATUS[asUint(condition, MALFORMED, "condition", STATUS.length - 1)],
    leftPermille: asUint(left, MALFORMED, "charge", 1000),
  };
}

function decodeLeads(value: Value): DeviceState["leads"] {
  const [atrium, ventricle] = asArray(value, MALFORMED, "leads", 2).map((lead): LeadState => {
    const [impedanceOhm, signalUv] = numbers(lead, "lead");
    return { impedanceOhm, signalUv };
  });
  return { atrium, ventricle };
}
