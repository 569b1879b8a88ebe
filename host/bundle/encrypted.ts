/**
 * A bundle for one reader: a CBOR sequence of
 *
 *   96( [ h'a101181e', {}, null, [ COSE_recipient ] ] )     COSE_Encrypt (RFC 9052 section 5.1), the content detached
 *   COSE_Encrypt0 …                                         that content in pieces of 32,768 bytes, the last shorter
 *
 * The recipient is ECDH-ES + A128KW (`host/cose/ecdh-es-a128kw.ts`) over a content key of this bundle alone, under which each
 * piece is sealed by AES-CCM-16-128-128: its number is the partial IV over an IV of zeros, and its external_aad is
 * [ SHA-256 of the first item, is it the last? ]. So no piece can be missing, doubled, moved or another's, nor one be added.
 */
import { concat } from "../../modules/bytes/index.js";
import { type CborValue, decode, encode, Tag } from "../../modules/cbor/index.js";
import { asArray, asMap } from "../../modules/cbor/shape.js";
import { ALGORITHM, COSE_TAG, decrypt0, encrypt0, HEADER, type PublicKey } from "../../modules/cose/index.js";
import type { AgreementCurve, Crypto, PrivateKey } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { unwrapKey, wrapKey } from "../cose/ecdh-es-a128kw.js";
import type { SequenceItem } from "../store/sequence.js";

const CODE = "host/bundle";
const PIECE = 32_768;
/** A piece with what COSE puts around it. */
export const PIECE_MAX = PIECE + 256;
const IV = () => new Uint8Array(13);
const ALGORITHM_ID = ALGORITHM["AES-CCM-16-128-128"];
/** An array of three: a tag in front would be another way to write the same. */
const UNTAGGED = 0x83;
const PROTECTED = () => encode(new Map([[HEADER.alg, ALGORITHM_ID]]));

/** Does an encrypted bundle begin so? */
export function isEncrypted(file: Uint8Array): boolean {
  return file[0] === 0xd8 && file[1] === COSE_TAG.encrypt;
}

/** @param bundle its bytes, in pieces of any length. @throws VagusError `cose/key` for a recipient's key that does not agree */
export async function* encryptBundle(
  crypto: Crypto,
  recipient: PublicKey,
  bundle: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const key = crypto.random(16);
  const wrapped = await wrapKey(crypto, recipient, key);
  const first = encode(new Tag([PROTECTED(), new Map(), null, [wrapped]], COSE_TAG.encrypt));
  const aad = aads(crypto, first);
  const seal = (number: number, piece: Uint8Array, last: boolean) =>
    encrypt0(
      crypto,
      { algorithm: ALGORITHM_ID, key, baseIv: IV(), partialIv: number, externalAad: aad(last) },
      piece,
    );
  yield first;
  let number = 0;
  let kept: Uint8Array = new Uint8Array(0);
  for await (const more of bundle) {
    kept = concat(kept, more);
    for (; kept.length > PIECE; kept = kept.slice(PIECE)) yield seal(number++, kept.slice(0, PIECE), false);
  }
  yield seal(number, kept, true);
}

/**
 * The bundle's bytes, in pieces. What a piece holds is authentic; that none is missing shows only at the end.
 * @param items the file's, of at most `PIECE_MAX` bytes each
 * @throws VagusError `cose/decrypt` for another's, or for any byte that is another; `host/bundle` for a cut; `cose/…`, `cbor/…`
 */
export async function* decryptBundle(
  crypto: Crypto,
  key: PrivateKey<AgreementCurve>,
  items: Iterable<SequenceItem>,
): AsyncGenerator<Uint8Array> {
  let number = -1;
  let contentKey: Uint8Array | undefined;
  let aad: ((last: boolean) => Uint8Array) | undefined;
  let ended = false;
  for (const { bytes, at } of items) {
    if (ended) throw new VagusError(CODE, "expected the end behind the last piece, came more", at);
    if (contentKey === undefined || aad === undefined) {
      contentKey = await unwrapKey(crypto, recipientOf(bytes), key);
      aad = aads(crypto, bytes);
    } else {
      const open = (last: boolean) => openPiece(crypto, bytes, contentKey as Uint8Array, number, aad!(last));
      let plaintext: Uint8Array;
      try {
        plaintext = open(false);
      } catch (error) {
        if (!(error instanceof VagusError && error.code === "cose/decrypt")) throw error;
        plaintext = open(true);
        ended = true;
      }
      yield plaintext;
    }
    number++;
  }
  if (!ended) throw new VagusError(CODE, "expected a last piece, came the end: the bundle is cut off");
}

function openPiece(
  crypto: Crypto,
  bytes: Uint8Array,
  key: Uint8Array,
  number: number,
  externalAad: Uint8Array,
) {
  const options = { key, baseIv: IV(), externalAad, maxSize: PIECE_MAX };
  const {
    plaintext,
    partialIv,
    unprotected,
    protected: headers,
  } = decrypt0(
    crypto,
    {
      ...options,
      algorithms: [ALGORITHM_ID],
    },
    bytes,
  );
  if (partialIv !== number) {
    throw new VagusError(CODE, `expected piece ${number}, came ${partialIv}`);
  }
  if (headers.size !== 1 || unprotected.size !== 1 || bytes[0] !== UNTAGGED) {
    throw new VagusError(CODE, "expected a piece with an algorithm and a partial IV, came more around it");
  }
  return plaintext;
}

function recipientOf(item: Uint8Array): CborValue {
  const value = decode(item);
  if (!(value instanceof Tag) || value.tag !== COSE_TAG.encrypt) {
    throw new VagusError(CODE, "expected an encrypted bundle, came something else");
  }
  const [headers, unprotected, content, recipients] = asArray(value.value, CODE, "COSE_Encrypt", 4);
  const plain = encode([headers, unprotected, content]);
  const expected = encode([PROTECTED(), new Map(), null]);
  if (asMap(unprotected, CODE, "unprotected").size > 0 || !plain.every((byte, i) => byte === expected[i])) {
    throw new VagusError(CODE, "expected AES-CCM-16-128-128 and a detached content, came others");
  }
  return asArray(recipients, CODE, "recipients", 1)[0];
}

function aads(crypto: Crypto, first: Uint8Array): (last: boolean) => Uint8Array {
  const hash = crypto.sha256(first);
  return (last) => encode([hash, last]);
}
