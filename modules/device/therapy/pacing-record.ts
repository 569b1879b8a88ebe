/**
 * The permanent parameters in flash: one CBOR array of the 21 numbers of `parametersToNumbers`, as a record in two sectors.
 * They are nobody's secret and outlive a factory reset.
 */
import { type PacingParameters, parametersToNumbers } from "../../cardiac/index.js";
import { decode, encode } from "../../cbor/index.js";
import { type Flash, FlashRecord } from "../../flash/index.js";
import { DEVICE_SECTOR } from "../layout.js";
import { openAnew } from "./open-anew.js";
import { fromCbor } from "./pacing.js";

/**
 * What was programmed last; undefined where nothing ever was.
 * @throws VagusError `flash/corrupt`, `cardiac/parameter` where what is there may not be programmed
 */
export function readParameters(flash: Flash): PacingParameters | undefined {
  const { value } = new FlashRecord(flash, DEVICE_SECTOR.pacing);
  if (value === undefined) return undefined;
  return fromCbor(decode(value), "flash/corrupt");
}

/** Also where what was there had rotted. @throws VagusError `flash/program` */
export function writeParameters(flash: Flash, parameters: PacingParameters): void {
  const open = () => new FlashRecord(flash, DEVICE_SECTOR.pacing);
  openAnew(flash, DEVICE_SECTOR.pacing, open).write(encode(parametersToNumbers(parameters)));
}
