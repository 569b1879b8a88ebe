/** Claims of CBOR Web Tokens (RFC 8392, RFC 8747), and what our own streams claim (modules/reading/claims.ts). */
import { decodeBlock } from "../../modules/cardiac/codec/index.js";
import { KEY_ID_LENGTH } from "../../modules/cose/index.js";
import { PRIVATE_CLAIM as OF_CREDENTIALS } from "../../modules/credential/claims.js";
import { CLAIM } from "../../modules/cwt/claims.js";
import { TYP } from "../../modules/cwt/typ.js";
import { VagusError } from "../../modules/error/index.js";
import { CTI_LENGTH, decodeCti, PRIVATE_CLAIM } from "../../modules/reading/claims.js";
import { type Item, MAJOR } from "./item.js";
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
  return labelled(CLAIMS, {
    [CLAIM.exp]: numericDate,
    [CLAIM.nbf]: numericDate,
    [CLAIM.iat]: numericDate,
    [CLAIM.cti]: (item) => (OF_STREAMS.includes(typ) ? streamCti(item) : undefined),
    [CLAIM.cnf]: labelled(CONFIRMATIONS, { 1: (item, context) => coseKey(item, context) }),
    [PRIVATE_CLAIM.header]: streamHeader,
    [PRIVATE_CLAIM.reading]: reading,
    [PRIVATE_CLAIM.head]: head,
    [PRIVATE_CLAIM.gap]: gap,
    [PRIVATE_CLAIM.boot]: boot,
    [PRIVATE_CLAIM.tip]: tip,
    [OF_CREDENTIALS.revoked]: revoked,
  });
}

function streamCti(item: Item) {
  if (item.content?.length !== CTI_LENGTH) return undefined;
  const { boot, stream, sequence } = decodeCti(item.content);
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

const reading: Sense = fields("reading", [
  { name: "first sample" },
  { name: "prev" },
  { name: "block", sense: block },
  { name: "uncertainty in s" },
]);

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

function block(item: Item, context: Context) {
  if (item.content === undefined || !context.samples) return undefined;
  try {
    const channels = decodeBlock(item.content, Math.min(context.channels, 8));
    const written = channels.map((samples) => samples.join(", "));
    return { note: `${channels[0].length} samples: ${written.join("; ")}` };
  } catch (error) {
    if (!(error instanceof VagusError)) throw error;
    return { note: `no block: ${error.message}` };
  }
}
