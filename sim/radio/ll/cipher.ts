/**
 * Encryption of the link: AES-CCM with a MIC of 4 octets (Core Specification 5.4, Vol 6 Part E section 2).
 *
 *   SK      e( LTK, SKD_P || SKD_C )             IV     | IV_C (4) | IV_P (4) |
 *   nonce   | packet counter (39 bits), direction (1 bit: 1 from the central) | IV (8) |
 *   AAD     the header's first octet, with NESN, SN and MD at 0
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { aes128 } from "../address.js";
import { joined, reversed, uint } from "../octets.js";
import { MIC_OCTETS } from "./pdu.js";

export interface Diversifiers {
  readonly skdCentral: Uint8Array;
  readonly ivCentral: Uint8Array;
  readonly skdPeripheral: Uint8Array;
  readonly ivPeripheral: Uint8Array;
}

/** Everything least significant octet first, as it goes over the air. */
export function sessionKey(ltk: Uint8Array, { skdCentral, skdPeripheral }: Diversifiers): Uint8Array {
  return aes128(reversed(ltk), reversed(joined(skdCentral, skdPeripheral)));
}

/** One direction of an encrypted link. */
export class LinkCipher {
  readonly #key: Uint8Array;
  readonly #iv: Uint8Array;
  readonly #fromCentral: boolean;
  #counter = 0;

  constructor(ltk: Uint8Array, diversifiers: Diversifiers, fromCentral: boolean) {
    this.#key = sessionKey(ltk, diversifiers);
    this.#iv = joined(diversifiers.ivCentral, diversifiers.ivPeripheral);
    this.#fromCentral = fromCentral;
  }

  seal(llid: number, plain: Uint8Array): Uint8Array {
    const cipher = createCipheriv("aes-128-ccm", this.#key, this.#nonce(), { authTagLength: MIC_OCTETS });
    cipher.setAAD(Uint8Array.of(llid), { plaintextLength: plain.length });
    const sealed = cipher.update(plain);
    cipher.final();
    return joined(sealed, cipher.getAuthTag());
  }

  /** @returns undefined where the MIC is not right */
  open(llid: number, sealed: Uint8Array): Uint8Array | undefined {
    const length = sealed.length - MIC_OCTETS;
    if (length < 1) return undefined;
    const cipher = createDecipheriv("aes-128-ccm", this.#key, this.#nonce(), { authTagLength: MIC_OCTETS });
    cipher.setAuthTag(sealed.subarray(length));
    cipher.setAAD(Uint8Array.of(llid), { plaintextLength: length });
    try {
      const plain = cipher.update(sealed.subarray(0, length));
      cipher.final();
      return new Uint8Array(plain);
    } catch {
      return undefined;
    }
  }

  #nonce(): Uint8Array {
    const counter = uint(this.#counter++, 5);
    counter[4] |= this.#fromCentral ? 0x80 : 0;
    return joined(counter, this.#iv);
  }
}
