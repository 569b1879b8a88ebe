/** Claims of CBOR Web Tokens (RFC 8392, RFC 8747), and what our own streams claim (modules/reading/claims.ts). */
import { decodeBlock, decodeMarkers } from "../../modules/cardiac/codec/index.js";
import { KEY_ID_LENGTH } from "../../modules/cose/index.js";
import { PRIVATE_CLAIM as OF_CREDENTIALS } from "../../modules/credential/claims.js";
import { CLAIM } from "../../modules/cwt/claims.js";
import { TYP } from "../../modules/cwt/typ.js";
import { VagusError } from "../../modules/error/index.js";
import { CTI_LENGTH, decodeCti, PRIVATE_CLAIM, STREAM } from "../../modules/reading/claims.js";
import { decodeDeviceState } from "../../modules/reading/state.js";
import { type Item, integerOf, MAJOR } from "./item.js";
import { CLAIMS, CONFIRMATIONS } from "./names.js";
import { type Context, fields, labelled, numericDate, type Sense } from "./sense.js";
import { coseKey } from "./sense-cose.js";

const OF_STREAMS: readonly (number | string | undefined)[] = [
  TYP.streamHeader,
  TYP.reading,
  TYP.head,
  TYP.gap,
  TYP.boot,
  TYP.tip,
];

/** The claims of a token of the kind `typ`. */
export function claims(typ?: number | string): Sense {
  const ofToken = labelled(CLAIMS, {
    [CLAIM.exp]: numericDate,
    [CLAIM.nbf]: numericDate,
    [CLAIM.iat]: numericDate,
    [CLAIM.cti]: (item, context) => (OF_STREAMS.includes(typ) ? streamCti(item, context) : undefined),
    [CLAIM.cnf]: labelled(CONFIRMATIONS, { 1: (item, context) => coseKey(item, context) }),
    [PRIVATE_CLAIM.header]: streamHeader,
    [PRIVATE_CLAIM.reading]: reading,
    [PRIVATE_CLAIM.head]: head,
    [PRIVATE_CLAIM.gap]: gap,
    [PRIVATE_CLAIM.boot]: boot,
    [PRIVATE_CLAIM.tip]: tip,
    [OF_CREDENTIALS.revoked]: revoked,
  });
  return (item, context) => {
    context.stream = undefined;
    return ofToken(item, context);
  };
}

/** It stands before the reading whose stream it says (RFC 8949 section 4.2.1). */
function streamCti(item: Item, context: Context) {
  if (item.content?.length !== CTI_LENGTH) return undefined;
  const { boot, stream, sequence } = decodeCti(item.content);
  context.stream = stream;
  return { note: `boot ${boot}, stream ${stream}, sequence ${sequence}` };
}

const streamHeader: Sense = (item, context) => {
  const channels = item.items[2];
  if (channels?.major === MAJOR.array && channels.items.length > 0) context.channels = channels.items.length;
  return fields("stream header", [
    { name: "rate in Hz" },
    { name: "nanovolts a step" },
    { name: "channels" },
    { name: "first sample" },
    { name: "uncertainty in s" },
  ])(item, context);
};

const reading: Sense = (item, context) => {
  const first = integerOf(item.items[0]) ?? 0;
  return fields("reading", [
    { name: context.stream === undefined || context.stream === STREAM.ecg ? "first sample" : "first ms" },
    { name: "prev" },
    { name: "block", sense: (block, within) => blockOf(block, within, first) },
    { name: "uncertainty in s" },
  ])(item, context);
};

const head: Sense = fields("head", [{ name: "next sample" }, { name: "prev" }, { name: "uncertainty in s" }]);

/** modules/reading/declarations.ts */
const gap: Sense = fields("gap", [
  { name: "stream" },
  { name: "first boot, sequence" },
  { name: "last boot, sequence" },
  { name: "hash of the last" },
  { name: "format of what follows" },
  { name: "uncertainty in s" },
]);

const boot: Sense = fields("boot", [
  { name: "stream" },
  { name: "boot before, ceiling" },
  { name: "last sequence, hash" },
  { name: "uncertainty in s" },
]);

const tip: Sense = fields("tip", [
  { name: "stream" },
  { name: "recording" },
  { name: "newest boot, sequence, hash" },
  { name: "uncertainty in s" },
]);

const revoked: Sense = ({ content }) => {
  if (content === undefined || content.length % KEY_ID_LENGTH !== 0) return undefined;
  const keys = content.length / KEY_ID_LENGTH;
  return { note: keys === 1 ? "1 kid" : `${keys} kids` };
};

function blockOf({ content }: Item, { samples, stream = STREAM.ecg, channels }: Context, first: number) {
  if (content === undefined || !samples) return undefined;
  try {
    if (stream === STREAM.pacing) return { note: markersIn(content, first) };
    if (stream === STREAM.state) return { note: stateIn(content) };
    const decoded = decodeBlock(content, Math.min(channels, 8));
    return { note: `${decoded[0].length} samples: ${decoded.map((it) => it.join(", ")).join("; ")}` };
  } catch (error) {
    if (!(error instanceof VagusError)) throw error;
    return { note: `no block: ${error.message}` };
  }
}

function markersIn(content: Uint8Array, firstMs: number): string {
  const { endMs, markers, inForce } = decodeMarkers(content, firstMs);
  const names = markers.map(({ name, refractory, atMs }) => `${refractory ? `(${name})` : name} at ${atMs}`);
  const sets = inForce.map(({ parameters }) => parameters.mode);
  return [
    `${markers.length} markers to ${endMs} ms`,
    ...(names.length > 0 ? [names.join(", ")] : []),
    ...(sets.length > 0 ? [`parameters in force: ${sets.join(", ")}`] : []),
  ].join(": ");
}

function stateIn(content: Uint8Array): string {
  const { spanMs, state } = decodeDeviceState(content);
  const { battery, leads, journal, boot, epoch } = state;
  const lead = ({ impedanceOhm, signalUv }: { impedanceOhm: number; signalUv: number }) =>
    `${impedanceOhm} ohm ${signalUv} uV`;
  return [
    `${spanMs} ms`,
    battery === undefined ? "no battery" : `battery ${battery.status} ${battery.leftPermille / 10} %`,
    leads === undefined ? "no leads" : `leads ${lead(leads.atrium)}, ${lead(leads.ventricle)}`,
    `journal ${journal.usedBytes} of ${journal.capacityBytes} bytes`,
    `boot ${boot}, list ${epoch}`,
  ].join("; ");
}
