/** Is a bundle what it says, by the Authority's public key alone? See `format.ts` for what it holds. */
import { sha256 } from "@noble/hashes/sha2.js";
import { equal, toHex } from "../../modules/bytes/index.js";
import { HEADER, kidOf, parseSign1Unverified } from "../../modules/cose/index.js";
import type { Anchor, Credential } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import type { Zlib } from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { type AcceptedToken, DeviceVerifier, STREAM } from "../../modules/reading/index.js";
import { type Receipt, streamOf, verifyReceipt } from "../receipt/receipt.js";
import type { SequenceItem } from "../store/sequence.js";
import { Coverage } from "./coverage.js";
import { checkPreface, PARTS, type Part, partOf, verifySeal } from "./format.js";
import { heldInWords, People } from "./people.js";

/** What is known of a bundle that is good. Times in seconds since 1970. */
export interface Verified {
  /** The device's `sub`. */
  readonly device: string;
  readonly keys: readonly string[];
  readonly streams: readonly VerifiedStream[];
  readonly receipts: readonly { readonly by: string; readonly issued: number; readonly tokens: number }[];
  /** Tokens that some receipt covers, of all. */
  readonly covered: number;
  readonly tokens: number;
  readonly sealedBy: string;
  readonly sealed: number;
  /** When the newest status list that names the device was made; null where its credential names none. */
  readonly statusAsOf: number | null;
  /** Until when the device is known to have held; null: it still did then. */
  readonly heldUntil: number | null;
}

export interface VerifiedStream {
  readonly stream: number;
  readonly tokens: number;
  readonly readings: number;
  readonly samples: number;
  readonly firstIat: number;
  readonly lastIat: number;
  /** The device has signed its end. Otherwise only receipts and the seal say that nothing came after it. */
  readonly closed: boolean;
  /** Stretches that the device declared to be gone. */
  readonly gaps: number;
}

export interface VerifyOptions {
  readonly anchor: Anchor;
  readonly zlib: Zlib;
  /** Status lists from elsewhere: a newer one tells of a revocation since. */
  readonly statusLists?: readonly Uint8Array[];
  /** With each token that holds; samples and markers are in it. */
  readonly observe?: (token: AcceptedToken, stream: number) => void;
}

/**
 * @param items as `readSequence` gives them
 * @throws VagusError which item it is, and why: `host/bundle` for another order, a cut, or a byte that the seal does not
 *   know; `reading/…` for readings that are missing, moved or another device's; `host/receipt` for what a receipt has and the
 *   bundle has not; `cwt/status` for what came after a revocation; `cose/…`, `cwt/…`, `cbor/…`
 */
export function verifyBundle(
  crypto: Crypto,
  items: Iterable<SequenceItem>,
  options: VerifyOptions,
): Verified {
  const verifier = new BundleVerifier(crypto, options);
  for (const item of items) verifier.take(item);
  return verifier.end();
}

interface Running extends Omit<VerifiedStream, "stream"> {
  tokens: number;
  readings: number;
  samples: number;
  lastIat: number;
  closed: boolean;
  gaps: number;
}

/** The same, item after item. */
export class BundleVerifier {
  readonly #crypto: Crypto;
  readonly #options: VerifyOptions;
  readonly #people: People;
  readonly #coverage: Coverage;
  readonly #hash = sha256.create();
  readonly #streams = new Map<number, Running>();
  readonly #receipts: { readonly by: string; readonly receipt: Receipt }[] = [];
  #verifier: DeviceVerifier | undefined;
  #items = 0;
  #stage = 0;
  #sealed: { readonly by: string; readonly issued: number } | undefined;

  constructor(crypto: Crypto, options: VerifyOptions) {
    this.#crypto = crypto;
    this.#options = options;
    this.#people = new People(crypto, options.anchor, options.zlib);
    this.#coverage = new Coverage(crypto);
    for (const list of options.statusLists ?? []) this.#people.addStatusList(list);
  }

  take({ bytes, at }: SequenceItem): void {
    const index = this.#items;
    if (index === 0) checkPreface(bytes);
    else {
      let part: Part | undefined;
      try {
        part = partOf(bytes);
        this.#inOrder(part);
        this.#part(part, bytes);
      } catch (error) {
        throw placed(error, `item ${index} (byte ${at})${part === undefined ? "" : `, a ${IN_WORDS[part]}`}`);
      }
      if (part === "seal") return;
    }
    this.#items++;
    this.#hash.update(bytes);
  }

  end(): Verified {
    const { devices } = this.#people;
    if (this.#items === 0) checkPreface(undefined);
    if (this.#sealed === undefined) {
      throw new VagusError("host/bundle", "expected a seal at the end, came the end: the bundle is cut off");
    }
    const [device] = devices as [Credential];
    const until = Math.min(...devices.map(({ kid }) => this.#keyHeldUntil(kid)));
    return {
      device: device.subject,
      keys: devices.map(({ kid }) => toHex(kid)),
      streams: [...this.#streams].map(([stream, running]) => ({ stream, ...running })),
      receipts: this.#receipts.map(({ by, receipt: { issued, ranges } }) => ({
        ...{ by, issued },
        tokens: ranges.reduce((sum, { count }) => sum + count, 0),
      })),
      covered: this.#coverage.covered,
      tokens: [...this.#streams.values()].reduce((sum, { tokens }) => sum + tokens, 0),
      sealedBy: this.#sealed.by,
      sealed: this.#sealed.issued,
      statusAsOf: this.#people.statusAsOf(device) ?? null,
      heldUntil: until === Infinity ? null : until,
    };
  }

  #inOrder(part: Part): void {
    const stage = PARTS.indexOf(part);
    if (stage < this.#stage || this.#sealed !== undefined) {
      const expected = this.#sealed === undefined ? `a ${IN_WORDS[PARTS[this.#stage]!]} or later` : "the end";
      throw new VagusError("host/bundle", `expected ${expected}, came a ${IN_WORDS[part]}`);
    }
    this.#stage = stage;
    if (part !== "device" && this.#people.devices.length === 0) {
      throw new VagusError("host/bundle", `expected a device's credential, came a ${IN_WORDS[part]}`);
    }
  }

  #part(part: Part, bytes: Uint8Array): void {
    if (part === "device") this.#people.addDevice(bytes);
    else if (part === "signer") this.#people.addSigner(bytes);
    else if (part === "status") this.#people.addStatusList(bytes);
    else if (part === "receipt") this.#receipt(bytes);
    else if (part === "token") this.#token(bytes);
    else this.#seal(bytes);
  }

  #receipt(bytes: Uint8Array): void {
    const receipt = verifyReceipt(this.#crypto, bytes, this.#people.signerKeys);
    const { subject } = this.#people.devices[0]!;
    if (receipt.device !== subject) {
      throw new VagusError(
        "host/receipt",
        `expected a receipt for ${subject}, came one for ${receipt.device}`,
      );
    }
    this.#people.checkSigner(receipt.signer.kid, receipt.issued, "receipt");
    this.#receipts.push({ by: toHex(receipt.signer.kid), receipt });
    this.#coverage.add(receipt);
  }

  #token(bytes: Uint8Array): void {
    const { devices } = this.#people;
    this.#verifier ??= verifierOf(this.#crypto, devices);
    const accepted = this.#verifier.accept(bytes);
    const stream = streamOf(accepted);
    const started = [...this.#streams.keys()];
    const current = started.at(-1);
    if (stream !== current && started.some((one) => one >= stream)) {
      throw new VagusError("host/bundle", `expected stream ${current} or a later one, came ${stream}`);
    }
    if ("hole" in accepted && accepted.hole !== undefined) {
      const { first } = accepted.hole;
      throw new VagusError(
        "reading/order",
        `expected boot ${first.boot} sequence ${first.sequence} before it, and nobody declared it to be gone`,
      );
    }
    const issued = this.#coverage.cover(stream, accepted);
    this.#held(accepted, issued);
    this.#count(stream, accepted);
    this.#options.observe?.(accepted, stream);
  }

  /** @param receipted the time of the oldest receipt that covers it */
  #held({ iat, token }: AcceptedToken, receipted: number | undefined): void {
    const signers = signersOf(this.#people.devices, token).filter(({ expires }) => iat < expires);
    if (signers.length === 0) {
      const ends = signersOf(this.#people.devices, token).map(({ expires }) => expires);
      throw new VagusError(
        "cwt/expired",
        `expected a token from before ${Math.max(...ends)}, came one of ${iat}`,
      );
    }
    const until = Math.max(...signers.map((one) => this.#people.heldUntil(one)));
    if (until === Infinity || (receipted !== undefined && receipted <= until)) return;
    const when = receipted === undefined ? "none" : `one of ${receipted}`;
    throw new VagusError(
      "cwt/status",
      `the device is revoked (${heldInWords(until)}): expected a receipt from before, came ${when}`,
    );
  }

  /** A key may have several credentials, where it was renewed: it held as long as any of them did. */
  #keyHeldUntil(kid: Uint8Array): number {
    const its = this.#people.devices.filter((one) => equal(one.kid, kid));
    return Math.max(...its.map((one) => this.#people.heldUntil(one)));
  }

  #count(stream: number, accepted: AcceptedToken): void {
    const { kind, iat } = accepted;
    const running = this.#streams.get(stream) ?? {
      ...{ tokens: 0, readings: 0, samples: 0, closed: false, gaps: 0 },
      ...{ firstIat: iat, lastIat: iat },
    };
    running.tokens++;
    running.lastIat = iat;
    if (kind !== "boot" && kind !== "tip") running.closed = kind === "head";
    if (kind === "gap") running.gaps++;
    if (kind === "reading") {
      running.readings++;
      if (accepted.stream === STREAM.ecg) running.samples += accepted.channels[0]!.length;
    }
    this.#streams.set(stream, running);
  }

  #seal(bytes: Uint8Array): void {
    this.#coverage.end();
    if (this.#streams.size === 0) throw new VagusError("host/bundle", "expected readings, came the seal");
    const { issued, items, digest, signer } = verifySeal(this.#crypto, bytes, this.#people.signerKeys);
    this.#people.checkSigner(signer.kid, issued, "seal");
    if (items !== this.#items) {
      throw new VagusError("host/bundle", `expected ${items} items before the seal, came ${this.#items}`);
    }
    if (!equal(digest, this.#hash.digest())) {
      throw new VagusError("host/bundle", "expected the bytes that were sealed, came others");
    }
    this.#sealed = { by: toHex(signer.kid), issued };
  }
}

const IN_WORDS: Record<Part, string> = {
  device: "device's credential",
  signer: "programmer's credential",
  status: "status list",
  receipt: "receipt",
  token: "token of a stream",
  seal: "seal",
};

function verifierOf(crypto: Crypto, devices: readonly Credential[]): DeviceVerifier {
  const keys = devices.map(({ key, kid }) => ({ ...key, kid }));
  return new DeviceVerifier(crypto, keys.at(-1)!, { earlier: keys.slice(0, -1) });
}

/** The credentials of the key that signed it. */
function signersOf(devices: readonly Credential[], token: Uint8Array): Credential[] {
  const kid = kidOf(parseSign1Unverified(token, { understood: [HEADER.typ] }));
  return devices.filter((one) => kid !== undefined && equal(one.kid, kid));
}

/** The same error, and where. */
function placed(error: unknown, where: string): unknown {
  if (!(error instanceof VagusError)) return error;
  return new VagusError(error.code, `${where}: ${error.message.slice(error.code.length + 2)}`);
}
