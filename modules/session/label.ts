/**
 * The label session: whoever holds the device's label (128 random bits, printed on it as a QR code) and is let in
 * shares fresh keys with it. Ephemeral X25519 on both sides gives forward secrecy; the label authenticates.
 *
 *   device (I)                                              programmer (R)
 *     label_1 = [ 1, G_X ]                     ─────────>
 *                                              <─────────   label_2 = [ G_Y, MAC_2 ]
 *     label_3 = [ MAC_3 ]                      ─────────>
 *
 *   th    = SHA-256( << label_1 >>, << G_Y >> )             a CBOR sequence of the two as byte strings
 *   PRK   = HKDF-Extract( salt = label, IKM = G_XY )
 *   OKM   = HKDF-Expand( PRK, << "vagus label", n, context, th, length >>, length )      n an unsigned integer
 *   MAC_2 = OKM with n = 0, MAC_3 = OKM with n = 1, 16 bytes each, empty context
 *   exporter( n, context, length ) = OKM, n from 32768
 *
 * G_X and G_Y are 32 bytes, 1 is the version. The leading array tells it from EDHOC's message_1, which starts with
 * an integer. As in the EDHOC session the device starts, and a type stands for each state, so that a wrong order
 * does not compile. Every failure ends the handshake: the object must not be used again.
 */
import { equal } from "../bytes/index.js";
import { type CborValue, decode, encode, encodeSequence } from "../cbor/index.js";
import { asArray, asBytes } from "../cbor/shape.js";
import type { Crypto, PrivateKey } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import type { Exporter } from "./exporter.js";

export const LABEL_LENGTH = 16;
const VERSION = 1;
const PUBLIC_LENGTH = 32;
const MAC_LENGTH = 16;
const MESSAGE_MAX = 64;
const EXPORT_FROM = 32768;
const NONE = new Uint8Array(0);

type Okm = (n: number, context: Uint8Array, length: number) => Uint8Array;

async function schedule(
  crypto: Crypto,
  label: Uint8Array,
  key: PrivateKey<"X25519">,
  peer: Uint8Array,
  transcript: { label_1: Uint8Array; g_y: Uint8Array },
): Promise<Okm> {
  try {
    const th = crypto.sha256(encodeSequence(transcript.label_1, transcript.g_y));
    const prk = crypto.hkdfExtract(label, await crypto.agree(key, peer));
    return (n, context, length) =>
      crypto.hkdfExpand(prk, encodeSequence("vagus label", n, context, th, length), length);
  } finally {
    key.close();
  }
}

function exporterOf(okm: Okm): Exporter {
  return (n, context, length) => {
    if (n < EXPORT_FROM)
      throw new VagusError("session/order", `expected a label from ${EXPORT_FROM}, came ${n}`);
    return okm(n, context, length);
  };
}

function confirm(expected: Uint8Array, mac: Uint8Array): void {
  if (!equal(expected, mac)) {
    throw new VagusError(
      "session/confirm",
      "expected the confirmation of a peer that holds the label, came another",
    );
  }
}

/** The items of a label message, which is an array of `count`. */
function items(message: Uint8Array, count: number, name: string): CborValue[] {
  return asArray(decode(message, { maxSize: MESSAGE_MAX }), "session/malformed", name, count);
}

function checkLabel(label: Uint8Array): void {
  if (label.length !== LABEL_LENGTH) {
    throw new VagusError(
      "session/malformed",
      `expected a label of ${LABEL_LENGTH} bytes, came ${label.length}`,
    );
  }
}

/** The device has sent label_1 and waits for label_2. */
export class LabelInitiatorWaitLabel2 {
  readonly #crypto: Crypto;
  readonly #label: Uint8Array;
  readonly #key: PrivateKey<"X25519">;
  readonly label_1: Uint8Array;

  private constructor(crypto: Crypto, label: Uint8Array, key: PrivateKey<"X25519">) {
    this.#crypto = crypto;
    this.#label = label;
    this.#key = key;
    this.label_1 = encode([VERSION, key.publicKey]);
  }

  static async start(crypto: Crypto, label: Uint8Array): Promise<LabelInitiatorWaitLabel2> {
    checkLabel(label);
    return new LabelInitiatorWaitLabel2(crypto, label, await crypto.generate("X25519"));
  }

  /** @throws VagusError `session/malformed`, `session/confirm`, `cbor/…`, `crypto/bad-point` */
  async receive(label_2: Uint8Array): Promise<{ label_3: Uint8Array; exporter: Exporter }> {
    try {
      const [first, second] = items(label_2, 2, "label_2");
      const g_y = asBytes(first, "session/malformed", "G_Y", PUBLIC_LENGTH);
      const mac_2 = asBytes(second, "session/malformed", "MAC_2", MAC_LENGTH);
      const transcript = { label_1: this.label_1, g_y };
      const okm = await schedule(this.#crypto, this.#label, this.#key, g_y, transcript);
      confirm(okm(0, NONE, MAC_LENGTH), mac_2);
      return { label_3: encode([okm(1, NONE, MAC_LENGTH)]), exporter: exporterOf(okm) };
    } finally {
      this.#key.close();
    }
  }

  /** Forgets the ephemeral key of a handshake that will not be finished. */
  close(): void {
    this.#key.close();
  }
}

/** The programmer has answered with label_2 and waits for label_3. */
export class LabelResponderWaitLabel3 {
  readonly #okm: Okm;
  readonly label_2: Uint8Array;

  private constructor(okm: Okm, g_y: Uint8Array) {
    this.#okm = okm;
    this.label_2 = encode([g_y, okm(0, NONE, MAC_LENGTH)]);
  }

  /** @throws VagusError `session/malformed`, `cbor/…`, `crypto/bad-point` */
  static async answer(
    crypto: Crypto,
    label: Uint8Array,
    label_1: Uint8Array,
  ): Promise<LabelResponderWaitLabel3> {
    checkLabel(label);
    const [version, second] = items(label_1, 2, "label_1");
    if (version !== VERSION) {
      throw new VagusError("session/malformed", `expected version ${VERSION}, came ${String(version)}`);
    }
    const g_x = asBytes(second, "session/malformed", "G_X", PUBLIC_LENGTH);
    const key = await crypto.generate("X25519");
    const g_y = key.publicKey;
    return new LabelResponderWaitLabel3(await schedule(crypto, label, key, g_x, { label_1, g_y }), g_y);
  }

  /** @throws VagusError `session/malformed`, `session/confirm`, `cbor/…` */
  receive(label_3: Uint8Array): Exporter {
    const [mac_3] = items(label_3, 1, "label_3");
    confirm(this.#okm(1, NONE, MAC_LENGTH), asBytes(mac_3, "session/malformed", "MAC_3", MAC_LENGTH));
    return exporterOf(this.#okm);
  }
}
