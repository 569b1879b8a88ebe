/**
 * The battery: what each pulse, each octet on air and time itself take from it, and which of the specification's four
 * conditions that leaves it in. Capacity and the radio's and the circuit's share are assumptions, of a small
 * lithium-iodine cell: about nine years at 70 pulses a minute of 3.5 V and 0.4 ms, without radio.
 */
import type { BatteryStatus } from "../pacer/index.js";

export interface Battery {
  readonly capacityNj: number;
  readonly usedNj: number;
}

/** 1 Ah at 2.8 V, in nanojoules. */
const CAPACITY_NJ = 1.008e13;
/** 10 µA at 2.8 V. */
const CIRCUIT_NJ_PER_MS = 28;
/** 10 mA at 2.8 V for 8 µs an octet at 1 Mbit/s, and as much again for what is around it. */
const RADIO_NJ_PER_OCTET = 448;

/** The part of the capacity left below which a condition begins: elective replacement near, time, past. */
const BEGINS = { ERN: 0.1, ERT: 0.05, ERP: 0.02 } as const;

/** @param leftPercent of the capacity, 0 to 100 */
export function createBattery(leftPercent = 100): Battery {
  const left = Math.min(100, Math.max(0, leftPercent || 0));
  return { capacityNj: CAPACITY_NJ, usedNj: CAPACITY_NJ * (1 - left / 100) };
}

/** Nanojoules of a pulse: V² × width / Z. */
export function pulseEnergyNj(
  pulse: { readonly amplitudeMv: number; readonly widthUs: number },
  impedanceOhm: number,
): number {
  return (pulse.amplitudeMv * pulse.amplitudeMv * pulse.widthUs) / impedanceOhm / 1000;
}

/** Less by so many nanojoules; by nothing if that is no positive number. */
function drain(battery: Battery, energyNj: number): Battery {
  if (!(energyNj > 0)) return battery;
  const { capacityNj, usedNj } = battery;
  return { capacityNj, usedNj: Math.min(capacityNj, usedNj + energyNj) };
}

export function drainByPulse(
  battery: Battery,
  pulse: { readonly amplitudeMv: number; readonly widthUs: number },
  impedanceOhm: number,
): Battery {
  return drain(battery, pulseEnergyNj(pulse, impedanceOhm));
}

export function drainByRadio(battery: Battery, octets: number): Battery {
  return drain(battery, octets * RADIO_NJ_PER_OCTET);
}

export function drainByTime(battery: Battery, elapsedMs: number): Battery {
  return drain(battery, elapsedMs * CIRCUIT_NJ_PER_MS);
}

/** The part of the capacity left, 0 to 1. */
export function batteryLeft({ capacityNj, usedNj }: Battery): number {
  return 1 - usedNj / capacityNj;
}

/** It only gets worse; the pacer wants to know, as its magnet rate follows. */
export function batteryStatus(battery: Battery): BatteryStatus {
  const left = batteryLeft(battery);
  if (left < BEGINS.ERP) return "ERP";
  if (left < BEGINS.ERT) return "ERT";
  return left < BEGINS.ERN ? "ERN" : "BOL";
}
