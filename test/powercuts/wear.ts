/**
 * Ten years of use, in erases of flash. Every record is written by the code that writes it on the device, with values as long
 * as they are there, and opened anew each time; so many days are carried out, on a flash that counts, and the rest is in
 * proportion: sectors take turns, so a record that is written evenly is worn evenly.
 */

import { AUDIT, Outcomes } from "../../modules/audit/index.js";
import { fromUint } from "../../modules/bytes/index.js";
import { SAVE_S, SECTOR } from "../../modules/credential/index.js";
import { RATION } from "../../modules/device/ration.js";
import { RationStore } from "../../modules/device/ration-store.js";
import { RESERVED, STREAM, writeChain } from "../../modules/reading/index.js";
import { listed, provisioning, type Ready, rotation } from "./acts.js";
import { Bench } from "./bench.js";
import type { CheapCrypto } from "./cheap-crypto.js";
import { CHIP_SECTORS, LAID, openLog } from "./logged.js";
import { blank, NorFlash } from "./nor.js";
import { type Running, start } from "./subject.js";

export const YEARS = 10;
/** Erases that a sector of NOR flash stands, by the data sheets of SPI flash. */
export const BUDGET = 100_000;

/** Ordinary, and more than that. */
export const USE = {
  identity: "provisioned, then a credential for a new key a year",
  boot: "a restart a day",
  revocation: "a list a week, the device's own group, nine keys",
  floor: "uptime every 15 minutes, and four sessions a day with freshness each",
  chain: "three streams day and night, a reading a second, a restart a day",
  ration: "by day and night handshakes that fail, one a minute, each with one that succeeds",
  audit: "a session an hour, ten commands in each, a restart a day",
  failures: "a flood by day and night: a refusal a second, of nine peers by turns",
  outcomes: "fifty commands with an effect a day, a restart a day",
} as const;

type Name = keyof typeof USE;
const PLACE: Record<Name, number> = { ...SECTOR, ...LAID };

export interface Worn {
  readonly record: Name;
  readonly use: string;
  /** Days that were carried out. */
  readonly days: number;
  /** In ten years. */
  readonly writes: number;
  /** Of the sector that is erased most often, in ten years. */
  readonly erases: number;
}

export interface WearOptions {
  /** Days of the device, of the stream, of the handshakes, and of log and outcomes. */
  readonly days?: {
    readonly device: number;
    readonly stream: number;
    readonly flood: number;
    readonly log?: number;
  };
  readonly progress?: (text: string) => void;
}

const YEAR = 365;
const DAY_S = 24 * 3600;
const SESSIONS_A_DAY = 4;
/** Bytes of a mark, and of a header that is retired: what is programmed beside a version. */
const BESIDE = 4;

class CountingFlash extends NorFlash {
  readonly writes: number[];

  constructor(sectors: number) {
    super(blank(sectors));
    this.writes = new Array<number>(sectors).fill(0);
    this.onCall = ({ kind, sector, target }) => {
      if (kind === "program" && target.length > BESIDE) this.writes[sector]!++;
    };
  }

  worn(record: Name, days: number): Worn {
    const sector = PLACE[record];
    const scaled = (count: number) => Math.ceil((count * YEARS * YEAR) / days);
    return {
      record,
      use: USE[record],
      days,
      writes: scaled(this.writes[sector]! + this.writes[sector + 1]!),
      erases: scaled(Math.max(this.erases[sector]!, this.erases[sector + 1]!)),
    };
  }
}

export async function wear(
  crypto: CheapCrypto,
  { days = { device: YEAR, stream: 30, flood: 10, log: 10 }, progress = () => {} }: WearOptions = {},
): Promise<{ rows: Worn[]; worst: number }> {
  progress("the device");
  const device = await years(crypto, days.device);
  progress("the stream");
  const { log = 10 } = days;
  const rows = [
    ...(["identity", "boot", "revocation", "floor"] as const).map((name) => device.worn(name, days.device)),
    streaming(days.stream).worn("chain", days.stream),
    failing(days.flood).worn("ration", days.flood),
    auditing(crypto, log).worn("audit", log),
    flooding(crypto, log).worn("failures", log),
    obeying(crypto, log).worn("outcomes", log),
  ];
  return { rows, worst: Math.max(...rows.map(({ erases }) => erases)) };
}

/** The device is on, from a restart to the next one a day later. */
async function years(crypto: CheapCrypto, days: number): Promise<CountingFlash> {
  const flash = new CountingFlash(CHIP_SECTORS);
  const bench = await Bench.open(crypto);
  const does = async (device: Running, ready: Ready) => {
    for (const step of await ready(device, bench, bench.told)) await step();
  };
  for (let day = 0; day < days; day++) {
    const device = await start(crypto, flash);
    const { holder, clock } = device;
    if (day === 0) await does(device, provisioning);
    if (day % YEAR === YEAR - 1) await does(device, rotation(true));
    if (day % 7 === 0) await does(device, (it) => listed(it, bench, []));
    for (let save = 0; save < DAY_S / SAVE_S; save++) {
      clock.nowMs += SAVE_S * 1000;
      holder.floor.save();
      if (save % (DAY_S / SAVE_S / SESSIONS_A_DAY) === 0) holder.floor.raise(holder.floor.seconds + 1, 60);
    }
  }
  return flash;
}

/** The marks that recorders of all streams write. */
function streaming(days: number): CountingFlash {
  const flash = new CountingFlash(CHIP_SECTORS);
  const hash = new Uint8Array(16);
  for (let boot = 1; boot <= days; boot++) {
    for (let sequence = 0; sequence < DAY_S; sequence += RESERVED) {
      const last = sequence === 0 ? undefined : { sequence: sequence - 1, hash };
      const marks = Object.values(STREAM).map((stream) => ({
        boot,
        stream,
        ceiling: sequence + RESERVED,
        last,
      }));
      writeChain(flash, SECTOR.chain, marks);
    }
  }
  return flash;
}

/** Half a bucket is there: one that fails takes from it, and one that succeeds finds it whole again. */
function failing(days: number): CountingFlash {
  const flash = new CountingFlash(CHIP_SECTORS);
  let now = 0;
  const ration = new RationStore(flash, false, now);
  for (let minute = 0; minute < days * 24 * 60; minute++) {
    ration.take(now);
    now += RATION.refillMs;
    if (ration.take(now)) ration.giveBack();
  }
  return flash;
}

const AT = 1_760_000_000;
const WHO = new Uint8Array(8).fill(5);

function auditing(crypto: CheapCrypto, days: number): CountingFlash {
  const flash = new CountingFlash(CHIP_SECTORS);
  for (let boot = 1; boot <= days; boot++) {
    const log = openLog(crypto, flash, boot);
    log.append({ at: AT, event: AUDIT.started, who: null, detail: null });
    for (let hour = 0; hour < 24; hour++) {
      const at = AT + hour * 3600;
      log.append({ at, event: AUDIT.sessionOpened, who: WHO, detail: null });
      for (let id = 0; id < 10; id++) log.append({ at, event: AUDIT.commandDone, who: WHO, detail: [id, 8] });
      log.append({ at, event: AUDIT.sessionClosed, who: WHO, detail: null });
    }
  }
  return flash;
}

function flooding(crypto: CheapCrypto, days: number): CountingFlash {
  const flash = new CountingFlash(CHIP_SECTORS);
  const log = openLog(crypto, flash, 1);
  for (let second = 0; second < days * DAY_S; second++) {
    log.fail({ at: AT + second, event: AUDIT.handshakeRefused, who: fromUint(second % 9, 8), detail: 506 });
  }
  return flash;
}

/** Effects and results as long as pacing parameters are. */
function obeying(crypto: CheapCrypto, days: number): CountingFlash {
  const flash = new CountingFlash(CHIP_SECTORS);
  for (let day = 0; day < days; day++) {
    const outcomes = new Outcomes(flash, LAID.outcomes);
    for (let n = 0; n < 50; n++) {
      const id = day * 50 + n;
      outcomes.begin(WHO, id, crypto.sha256(fromUint(id, 8)), new Uint8Array(60));
      outcomes.finish(0, null);
    }
  }
  return flash;
}
