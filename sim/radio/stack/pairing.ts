import bleHost, { type Connection, type PairingFeatures } from "ble-host";

const { IOCapabilities, SmpErrors } = bleHost;
const KEY_OCTETS = 16;

/** What a peripheral's host says to a pairing: nothing but Secure Connections, with the passkey that it was given. */
export class PairingGuard {
  readonly #connection: Connection;
  #passkey: number | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    const { smp } = connection;
    smp.on("pairingRequest", (request: PairingFeatures, respond: (features: PairingFeatures) => void) =>
      this.#requested(request, respond),
    );
    smp.on("pairingFail", () => {});
  }

  /** One attempt is let in, with this passkey: each attempt gives some of it away (Core Specification 5.4, Vol 3 Part H 2.3.5.6.3). */
  allow(passkey: number): void {
    this.#passkey = passkey;
  }

  #requested(request: PairingFeatures, respond: (features: PairingFeatures) => void): void {
    const { smp } = this.#connection;
    const passkey = this.#passkey;
    this.#passkey = undefined;
    if (passkey === undefined) {
      smp.sendPairingFailed(SmpErrors.PAIRING_NOT_SUPPORTED);
      return;
    }
    // both sides enter it: any other pair of capabilities has one side choose a passkey, or none at all
    const entered = request.ioCap === IOCapabilities.KEYBOARD_ONLY;
    const strong = request.sc === true && request.maxKeySize === KEY_OCTETS;
    if (!entered || !strong) {
      smp.sendPairingFailed(SmpErrors.AUTHENTICATION_REQUIREMENTS);
      return;
    }
    smp.once("passkeyExchange", (_model: number, _shown: string | null, enter: (passkey: number) => void) =>
      enter(passkey),
    );
    const keys = { encKey: false, idKey: false };
    respond({
      ioCap: IOCapabilities.KEYBOARD_ONLY,
      bondingFlags: 0,
      mitm: true,
      sc: true,
      maxKeySize: KEY_OCTETS,
      initKeyDistr: keys,
      rspKeyDistr: keys,
    });
  }
}
