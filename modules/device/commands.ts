import type { CborValue } from "../cbor/index.js";
import { asArray, asUint } from "../cbor/shape.js";
import { CLAIM, type Claims, cnfOf, signCwt, TYP } from "../cwt/index.js";
import { VagusError } from "../error/index.js";
import { type Signer, STREAM } from "../reading/index.js";
import type { Command } from "../session/index.js";
import type { Streamer } from "./streamer.js";

/** Carries out the commands of a session. What it refuses changes nothing. */
export class Commands {
  readonly #signer: Signer;
  readonly #streamer: Streamer;

  constructor(signer: Signer, streamer: Streamer) {
    this.#signer = signer;
    this.#streamer = streamer;
  }

  /** @throws VagusError `device/command`, `device/parameter`, `device/busy`: what the reply then says */
  async run({ name, parameters }: Command): Promise<CborValue> {
    switch (name) {
      case "identify":
        return request(this.#signer);
      case "start": {
        const [stream, readingMs, readings] = parametersOf(parameters, 3);
        checkStream(stream);
        this.#streamer.start({ stream, readingMs, readings });
        return null;
      }
      case "stop": {
        const [stream] = parametersOf(parameters, 1);
        checkStream(stream);
        this.#streamer.stop();
        return null;
      }
      default:
        throw new VagusError(
          "device/command",
          "expected a command of this version, came one that it does not know",
        );
    }
  }
}

function parametersOf(parameters: CborValue, count: number): number[] {
  return asArray(parameters, "device/parameter", "parameters", count).map((value) =>
    asUint(value, "device/parameter", "parameter"),
  );
}

function checkStream(stream: number): void {
  if (stream !== STREAM.ecg) {
    throw new VagusError("device/parameter", `expected stream ${STREAM.ecg}, came ${stream}`);
  }
}

/**
 * The device's request: a CWT of typ 65013 that carries its public key in `cnf` (RFC 8747) and is signed with that
 * key, so that whoever holds the label learns which key the device holds.
 */
function request({ crypto, key, kid }: Signer): Promise<Uint8Array> {
  const claims: Claims = new Map([
    [CLAIM.cti, crypto.random(8)],
    [CLAIM.cnf, cnfOf({ curve: key.curve, publicKey: key.publicKey })],
  ]);
  return signCwt(crypto, key, { typ: TYP.request, kid, claims });
}
