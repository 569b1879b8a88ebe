/** The device as far as it outlives the power: the holder, the ration, the recorder, the log and the therapy over one flash. */
import type { AuditLog } from "../../modules/audit/index.js";
import { toHex } from "../../modules/bytes/index.js";
import type { Implant } from "../../modules/cardiac/index.js";
import { keyId } from "../../modules/cose/index.js";
import { Holder, SECTOR } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { RationStore } from "../../modules/device/ration-store.js";
import { Recorder, type RecorderOptions } from "../../modules/device/recorder.js";
import type { StreamSource } from "../../modules/device/sources/source.js";
import type { Therapy } from "../../modules/device/therapy/index.js";
import { Turn } from "../../modules/device/turn.js";
import type { Flash } from "../../modules/flash/index.js";
import { Chain, readChain, STREAM } from "../../modules/reading/index.js";
import { openLog, openTherapy } from "./logged.js";

/** Seconds since 1970 when the devices here were made. */
export const MADE_AT = 1_700_000_000;

export interface Running {
  readonly flash: Flash;
  readonly holder: Holder;
  readonly ration: RationStore;
  readonly recorders: readonly Recorder[];
  readonly turn: Turn;
  readonly made: Made;
  readonly audit: AuditLog;
  readonly therapy: Therapy;
  readonly implant: Implant;
  readonly clock: { nowMs: number };
}

/** What the recorders have made. */
export interface Made {
  tokens: Uint8Array[];
  failure: unknown;
}

/** Puts the power on. */
export type Start = (crypto: Crypto, flash: Flash) => Promise<Running>;

export const start: Start = async (crypto, flash) => {
  const clock = { nowMs: 0 };
  const holder = await Holder.open(crypto, flash, { clockMs: () => clock.nowMs, madeAt: MADE_AT });
  const { boot, floor, fresh } = holder;
  const made: Made = { tokens: [], failure: undefined };
  const turn = new Turn({
    journal: () =>
      ({
        append: (_stream: number, _sequence: number, token: Uint8Array) => made.tokens.push(token),
      }) as never,
    appended: () => {},
    failed: (error) => {
      made.failure = error;
    },
    made: () => {},
  });
  const shared: RecorderOptions = {
    chain: new Chain(flash, SECTOR.chain, boot, readChain(flash, SECTOR.chain)),
    turn,
    behind: () => false,
    boot,
    time: () => ({ seconds: floor.seconds, uncertainty: floor.uncertainty }),
    signer: () => {
      if (holder.own === undefined) throw new Error("a stream without a key");
      return { crypto, key: holder.own.key, kid: holder.own.kid };
    },
  };
  const recorders = Object.values(STREAM).map((stream) => new Recorder(shared, stream, steady()));
  const ration = new RationStore(flash, fresh, clock.nowMs);
  const audit = openLog(crypto, flash, boot);
  return { flash, holder, ration, recorders, turn, made, audit, ...openTherapy(crypto, flash), clock };
};

/** What must never be of two states: all of it but the label, which never changes, and the floor, which may run ahead. */
export function view(crypto: Crypto, { holder }: Running): string {
  const { own, anchor, epoch, state } = holder;
  if (own !== undefined && toHex(keyId(crypto, own.key)) !== toHex(own.credential.kid)) {
    return "a credential for another key";
  }
  return [
    state,
    `epoch ${epoch}`,
    `credential ${own === undefined ? "none" : toHex(own.credential.token)}`,
    `anchor ${anchor === undefined ? "none" : toHex(anchor.kid)}`,
  ].join(", ");
}

/** A source that always has a block. */
function steady(): StreamSource {
  let next = 0;
  return {
    format: { rateHz: 250, nanovoltsPerStep: 1000, channels: ["II"] },
    paced: true,
    late: false,
    get next() {
      return next;
    },
    begin() {},
    dueInMs: () => 0,
    take() {
      next += 4;
      return Uint8Array.of(1, 2, 3, 4);
    },
  };
}
