import { type Address, NOBODY, PUBLIC, privateAddress, RANDOM, resolves, sameAddress } from "../address.js";
import type { RadioClock } from "../clock.js";
import type { Seeded } from "../random.js";

/** An entry of the resolving list (Core Specification 5.4, Vol 4 Part E section 7.8.38). */
export interface Resolvable {
  readonly identity: Address;
  readonly peerIrk: Uint8Array;
  readonly localIrk: Uint8Array;
  /** The address that goes by this entry now, and until when. */
  local?: { readonly address: Address; readonly untilUs: number };
  /** The last one that the peer was heard with. */
  peer?: Address;
}

/** How many peers' keys a controller keeps. */
export const RESOLVING_LIST_SIZE = 8;
const RPA_TIMEOUT_S = 900;

const isKey = (irk: Uint8Array): boolean => irk.some((octet) => octet !== 0);

/** Who a controller is on the air, and whom it knows behind a private address. */
export class Identity {
  readonly #clock: RadioClock;
  readonly #chance: Seeded;
  readonly publicAddress: Address;
  random: Address | undefined;
  entries: Resolvable[] = [];
  resolution = false;
  rpaTimeoutS = RPA_TIMEOUT_S;

  constructor(publicAddress: Address, clock: RadioClock, chance: Seeded) {
    this.publicAddress = publicAddress;
    this.#clock = clock;
    this.#chance = chance;
  }

  reset(): void {
    this.random = undefined;
    this.entries = [];
    this.resolution = false;
    this.rpaTimeoutS = RPA_TIMEOUT_S;
  }

  entry(identity: Address): Resolvable | undefined {
    return this.entries.find((it) => sameAddress(it.identity, identity));
  }

  /**
   * The address to use (section 7.8.5): 0 public, 1 random, 2 and 3 a resolvable one of the entry for this peer or, where
   * there is none, public or random.
   * @returns undefined where a random address is wanted and none was set
   */
  own(type: number, peer: Address = NOBODY): Address | undefined {
    const entry = type >= 2 ? this.entry(peer) : undefined;
    if (entry !== undefined && isKey(entry.localIrk)) return this.#private(entry);
    return type % 2 === PUBLIC ? this.publicAddress : this.random;
  }

  /** Whose address this is: the identity where it is known, with 2 or 3 as its type (section 7.7.65.2). */
  resolve(address: Address): Address {
    if (!this.resolution) return address;
    for (const entry of this.entries) {
      if (!isKey(entry.peerIrk) || !resolves(entry.peerIrk, address)) continue;
      entry.peer = address;
      return { type: entry.identity.type + 2, octets: entry.identity.octets };
    }
    return address;
  }

  /** Is this who is meant by the address: itself, or its identity? */
  is(heard: Address, meant: Address): boolean {
    if (sameAddress(heard, meant)) return true;
    const identity = this.resolve(heard);
    return (
      sameAddress({ type: identity.type % 2, octets: identity.octets }, meant) && identity.type >= RANDOM + 1
    );
  }

  #private(entry: Resolvable): Address {
    const { nowUs } = this.#clock;
    if (entry.local === undefined || nowUs >= entry.local.untilUs) {
      const address = privateAddress(entry.localIrk, this.#chance);
      entry.local = { address, untilUs: nowUs + this.rpaTimeoutS * 1e6 };
    }
    return entry.local.address;
  }
}
