/** What the world has heard of a device, and holds against it after a restart. */
import { equal, toHex } from "../../modules/bytes/index.js";
import { decode, encode } from "../../modules/cbor/index.js";
import { loadIdentity } from "../../modules/credential/identity.js";
import { type Holder, SECTOR } from "../../modules/credential/index.js";
import { RationStore } from "../../modules/device/ration-store.js";
import { FlashRecord } from "../../modules/flash/index.js";
import { readChain } from "../../modules/reading/index.js";
import { copyOfLogged, nothingLogged, type ToldLog } from "./logged.js";
import { type Image, NorFlash } from "./nor.js";

export interface Told {
  /** The highest boot count that a start came to its end with; 0 before the first. */
  boot: number;
  label: string | undefined;
  /** Handshakes that the ration still allows at the most; undefined where nobody counts. */
  tokens: number | undefined;
  /** Every token of a stream so far: `boot.stream.sequence` and its hash. */
  readonly signed: Map<string, string>;
  /** The last of each stream. */
  readonly last: Map<number, { readonly boot: number; readonly sequence: number }>;
  /** The last list that was brought, taken or not. */
  list: { readonly epoch: number; readonly issued: number } | undefined;
  readonly logged: ToldLog;
}

export function nothingTold(): Told {
  return {
    boot: 0,
    label: undefined,
    tokens: undefined,
    signed: new Map(),
    last: new Map(),
    list: undefined,
    logged: nothingLogged(),
  };
}

export function copyOf(told: Told): Told {
  return {
    ...told,
    signed: new Map(told.signed),
    last: new Map(told.last),
    logged: copyOfLogged(told.logged),
  };
}

/** The mark of each stream's chain is above whatever was signed, and names a hash that was. */
export function chainProblems(image: Image, { last, signed }: Told): string[] {
  const marks = readChain(new NorFlash(image), SECTOR.chain);
  return [...last].flatMap(([stream, { boot, sequence }]) => {
    const mark = marks.find((each) => each.stream === stream);
    const reserved =
      mark !== undefined && (mark.boot > boot || (mark.boot === boot && mark.ceiling > sequence));
    if (!reserved) return [`sequence ${sequence} of boot ${boot} was signed, and is not reserved`];
    if (mark.last === undefined) return [];
    const hash = signed.get(`${mark.boot}.${stream}.${mark.last.sequence}`);
    return hash === toHex(mark.last.hash)
      ? []
      : [`the hash of sequence ${mark.last.sequence} is not the signed one`];
  });
}

/**
 * A list is never ahead of its time: a key that it drops, for its credential has ended, would hold again. And none is left
 * where nobody's Authority is.
 */
export function listProblems(image: Image, { state, epoch, floor }: Holder, { list }: Told): string[] {
  if (state === "new") {
    const record = new FlashRecord(new NorFlash(image), SECTOR.revocation).value as Uint8Array;
    const none = encode([0, new Uint8Array(0), null, null]);
    return equal(record, none) ? [] : [`a new device with the list ${JSON.stringify(decode(record))}`];
  }
  return list?.epoch === epoch && floor.seconds < list.issued
    ? [`the list of ${list.issued} is there, and the floor is ${floor.seconds}`]
    : [];
}

/** How many handshakes the ration gives at once behind a restart. */
export function tokensLeft(image: Image): number {
  const ration = new RationStore(new NorFlash(image), false, 0);
  let taken = 0;
  while (ration.take(0)) taken++;
  return taken;
}

/** The sectors that sealed keys are ever written to. */
const IDENTITY = [SECTOR.identity, SECTOR.identity + 1];
const WINDOW = 8;

/** Where on the chip are 8 bytes in a row of a blob that is gone? What the device has now does not count. */
export function residue(image: Image, gone: readonly Uint8Array[]): string[] {
  const now = loadIdentity(new NorFlash(image))?.sealed ?? new Uint8Array(0);
  const windows: Uint8Array[] = [];
  for (const blob of gone) {
    if (equal(blob, now)) continue;
    for (let at = 0; at + WINDOW <= blob.length; at += WINDOW) windows.push(blob.subarray(at, at + WINDOW));
  }
  if (windows.length === 0) return [];
  const heads = new Set(windows.map((window) => head(window, 0)));
  for (const sector of IDENTITY) {
    const bytes = image[sector]!;
    for (let at = 0; at + WINDOW <= bytes.length; at++) {
      if (bytes[at] === 0xff && bytes[at + 1] === 0xff) continue;
      if (!heads.has(head(bytes, at))) continue;
      if (windows.some((window) => equal(window, bytes.subarray(at, at + WINDOW)))) {
        return [`a sealed key that is gone lies in sector ${sector} at byte ${at}`];
      }
    }
  }
  return [];
}

function head(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
}
