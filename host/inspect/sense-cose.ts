/** COSE messages, headers and keys (RFC 9052, RFC 9053, RFC 9596, RFC 9528 section 3.5.3). */

import { entry, type Item, integerOf, labelOf, MAJOR } from "./item.js";
import { isCoseKey, type Message, messageOf, PARTS, parameter } from "./message.js";
import {
  ALGORITHMS,
  CURVES,
  HEADERS,
  KEY_OPERATIONS,
  KEY_TYPES,
  keyParameters,
  TAGS,
  TYPES,
} from "./names.js";
import {
  type Context,
  counter,
  labelled,
  named,
  namedList,
  numericDate,
  type Part,
  perhapsText,
  type Sense,
} from "./sense.js";
import { claims } from "./sense-claims.js";

const algorithm = named(ALGORITHMS);

export const coseKey: Sense = (item, context) => {
  if (item.major !== MAJOR.map) return undefined;
  const kty = integerOf(entry(item, 1));
  const senses: Record<number, Sense> = {
    1: named(KEY_TYPES),
    2: perhapsText,
    3: algorithm,
    4: namedList(KEY_OPERATIONS),
  };
  if (kty === 1 || kty === 2) senses[-1] = named(CURVES);
  const annotation = labelled(keyParameters(kty), senses)(item, context);
  return { ...annotation, label: "COSE_Key" };
};

const header: Sense = labelled(HEADERS, {
  1: algorithm,
  2: namedList(HEADERS),
  4: perhapsText,
  6: counter,
  13: (item, context) => anything(item, context),
  14: (item, context) => claims()(item, context),
  15: (item, context) => claims()(item, context),
  16: named(TYPES),
  [-1]: coseKey,
  [-2]: coseKey,
});

const protectedBucket: Sense = (item) =>
  item.content?.length === 0 ? { note: "an empty map" } : { unfold: "must", inside: header };

/** A message of COSE: its parts by name, its payload unfolded. */
function message(found: Message, context: Context): { label: string; part(index: number): Part | undefined } {
  const typ = labelOf(parameter(found.item, 16, context.unfold));
  const senses: Record<string, Sense> = {
    protected: protectedBucket,
    unprotected: header,
    payload: payload(typ),
    recipients: listOf("COSE_recipient", ["protected", "unprotected", "ciphertext", "recipients"]),
    signatures: listOf("COSE_Signature", ["protected", "unprotected", "signature"]),
  };
  return {
    label: found.kind,
    part: (index) => {
      const name = PARTS[found.kind][index];
      return name === undefined ? undefined : { name, sense: senses[name] };
    },
  };
}

function listOf(label: string, parts: readonly string[]): Sense {
  const senses: Record<string, Sense> = { protected: protectedBucket, unprotected: header };
  const part = (index: number): Part => {
    const name = parts[index];
    return { name, sense: name === "recipients" ? listOf(label, parts) : senses[name] };
  };
  const one: Sense = (item) => (item.major === MAJOR.array ? { label, part } : undefined);
  return (item) => (item.major === MAJOR.array ? { part: () => ({ sense: one }) } : undefined);
}

/** The claims of a token where `typ` says that it is one; otherwise whatever it looks like. */
function payload(typ: number | string | undefined): Sense {
  const isToken = typeof typ === "string" ? /\+cwt$|\/cwt$/.test(typ) : typ !== undefined && TYPES.has(typ);
  return (item) => {
    if (item.major !== MAJOR.bytes) return { note: "detached" };
    return { unfold: isToken ? "must" : "may", inside: (inner, context) => content(inner, context, typ) };
  };
}

function content(item: Item, context: Context, typ: number | string | undefined) {
  if (item.major === MAJOR.map && !isCoseKey(item)) return claims(typ)(item, context);
  return anything(item, context);
}

/** An item of which nothing is known yet. */
export const anything: Sense = (item, context) => {
  if (item.major === MAJOR.tag) return tagged(item, context);
  const found = item.major === MAJOR.array ? messageOf(item, context.unfold) : undefined;
  if (found !== undefined) return message(found, context);
  if (item.major === MAJOR.map)
    return isCoseKey(item) ? coseKey(item, context) : guessedClaims(item, context);
  const keys = item.major === MAJOR.array && item.items.length > 0 && item.items.every(isCoseKey);
  return keys ? { label: "COSE_KeySet", part: () => ({ sense: coseKey }) } : undefined;
};

/** A map with one of the registered claims of a token, or of ours. */
function guessedClaims(item: Item, context: Context) {
  const likely = item.items.some(
    (key, i) => i % 2 === 0 && [1, 2, 3, 4, 5, 6, 7, 8].includes(integerOf(key) ?? 0),
  );
  return likely ? claims()(item, context) : undefined;
}

const tagged: Sense = (item, context) => {
  const number = Number(item.argument);
  const found = messageOf(item, context.unfold);
  const inside: Sense = (inner, at) => {
    if (found !== undefined && inner === found.item) return { part: message(found, at).part };
    if (number === 24) return { unfold: "must", inside: anything };
    if (number === 1) return numericDate(inner, at);
    return anything(inner, at);
  };
  return { label: TAGS.get(number), part: () => ({ sense: inside }) };
};
