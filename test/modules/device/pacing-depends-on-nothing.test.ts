/**
 * The rule above all others (DESIGN): pacing never depends on credentials, link, flash, time or revocation. Everything else is
 * broken here, one thing at a time and all at once, and the patient, whose heart beats only when it is paced, is paced.
 */

import type { Marker } from "../../../modules/cardiac/pacer/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import { Device, type DeviceEvent, type DevicePorts } from "../../../modules/device/index.js";
import { DEVICE_SECTOR } from "../../../modules/device/layout.js";
import { writeParameters } from "../../../modules/device/therapy/pacing-record.js";
import { VagusError } from "../../../modules/error/index.js";
import { FailedFlash, type Flash, MemoryFlash, SECTOR_SIZE } from "../../../modules/flash/index.js";
import { STREAM } from "../../../modules/reading/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { BenchButton, BenchPeripheral, type ScriptedProgrammer, settle } from "./bench.js";
import { Clinic, MADE_AT } from "./clinic.js";
import { another, crypto } from "./in-session.js";
import { beatsOf, everyBeat, FAST, patientPorts, program, programming, SLOW, treated } from "./treated.js";

const SECONDS = 60;
const NOMINAL_PPM = 60;

/** Throws at every call, or what the test says. */
function broken<T extends object>(of: T, calls: readonly (keyof T)[] = Object.keys(of) as (keyof T)[]): T {
  const fail = () => {
    throw new VagusError("device/fault", "expected it to work, came this");
  };
  return new Proxy(of, {
    get: (target, name) => {
      const value = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return calls.includes(name as keyof T) ? fail : value.bind(target);
    },
  });
}

const CRYPTO = [
  ...["random", "sha256", "hmacSha256", "hkdfExtract", "hkdfExpand", "aesCcmSeal", "aesCcmOpen", "generate"],
  ...["publicKey", "sign", "verify", "agree", "seal", "unseal"],
] as (keyof Crypto)[];

/** Flash of a device that was programmed to 90 a minute. */
async function programmed(): Promise<MemoryFlash> {
  const flash = (await (await Clinic.open(crypto)).provisionedFlash()) as MemoryFlash;
  writeParameters(flash, FAST);
  return flash;
}

function spoil(flash: Flash, first: number, sectors: number): Ports {
  for (let sector = first; sector < first + sectors; sector++)
    flash.program(sector * SECTOR_SIZE, new Uint8Array(SECTOR_SIZE));
  return {};
}

type Ports = Partial<DevicePorts>;
/** What is broken when the power comes, and how the patient is paced then: as programmed, or nominally. */
const BROKEN: readonly [what: string, ppm: number, (flash: MemoryFlash) => Ports][] = [
  ["nothing", 90, () => ({})],
  ["no credential", NOMINAL_PPM, () => ({ flash: new MemoryFlash(64) })],
  ["the parameters rotted", NOMINAL_PPM, (flash) => spoil(flash, DEVICE_SECTOR.pacing, 2)],
  ["what became of commands rotted", 90, (flash) => spoil(flash, DEVICE_SECTOR.outcomes, 2)],
  ["identity rotted", 90, (flash) => spoil(flash, DEVICE_SECTOR.identity, 2)],
  ["the floor of time rotted", 90, (flash) => spoil(flash, DEVICE_SECTOR.floor, 2)],
  [
    "journal and log rotted",
    90,
    (flash) => spoil(flash, DEVICE_SECTOR.audit, flash.sectors - DEVICE_SECTOR.audit),
  ],
  ["everything rotted", NOMINAL_PPM, (flash) => spoil(flash, 0, flash.sectors)],
  ["flash that is not there", NOMINAL_PPM, () => ({ flash: new FailedFlash(new Error("no partition")) })],
  ["flash too small", NOMINAL_PPM, () => ({ flash: new MemoryFlash(1) })],
  ["flash is not read", NOMINAL_PPM, (flash) => ({ flash: broken(flash as Flash, ["read"]) })],
  ["flash is not written", 90, (flash) => ({ flash: broken(flash as Flash, ["program", "erase"]) })],
  [
    "flash fails at every call",
    NOMINAL_PPM,
    (flash) => ({ flash: broken(flash as Flash, ["read", "program", "erase"]) }),
  ],
  ["cryptography fails at every call", 90, () => ({ crypto: broken(crypto, CRYPTO) })],
  ["made in the far future", 90, () => ({ madeAt: 2 ** 40 })],
  ["made before time", 90, () => ({ madeAt: -5 })],
  [
    "the radio fails at every call",
    90,
    () => ({ peripheral: broken(new BenchPeripheral(), ["open", "setInfo", "setCapacity"]) }),
  ],
  ["the button fails", 90, () => ({ button: broken(new BenchButton(), ["listen"]) })],
  [
    "a display fails",
    90,
    () => ({
      show: () => {
        throw new Error("no display");
      },
    }),
  ],
  [
    "who watches fails",
    90,
    () => ({
      observe: () => {
        throw new Error("no screen");
      },
    }),
  ],
  [
    "all of it",
    NOMINAL_PPM,
    (flash) => ({
      flash: broken(flash as Flash, ["read", "program", "erase"]),
      crypto: broken(crypto, CRYPTO),
      peripheral: broken(new BenchPeripheral(), ["open", "setInfo", "setCapacity"]),
      button: broken(new BenchButton(), ["listen"]),
      madeAt: Number.NaN,
      observe: () => {
        throw new Error("no screen");
      },
    }),
  ],
];

/** Puts the power on; whatever becomes of that. */
async function powerOn(
  ports: ReturnType<typeof patientPorts>,
  more: Ports,
  flash: Flash,
): Promise<DeviceEvent[]> {
  const events: DeviceEvent[] = [];
  const all: DevicePorts = {
    ...ports,
    crypto,
    flash,
    peripheral: new BenchPeripheral(),
    button: new BenchButton(),
    madeAt: MADE_AT,
    observe: (event) => void events.push(event),
    ...more,
  };
  await Device.start(all);
  await settle();
  return events;
}

/** Beats of the ventricle within so many seconds. */
const paced = (beats: readonly Marker[]) => beats.filter(({ name }) => name === "VP").length;

describe("Pacing depends on nothing", () => {
  for (const [what, ppm, make] of BROKEN)
    it(`when the power comes: ${what}. Paced at ${ppm} a minute`, async () => {
      const ports = patientPorts();
      const flash = await programmed();
      await powerOn(ports, make(flash), flash);
      await ports.clock.pass(SECONDS * 1000);
      const beats = beatsOf(ports.implant, []);
      everyBeat(beats, ppm, ports.clock.now - 1_000_000);
      ok(Math.abs(paced(beats) - (ppm * SECONDS) / 60) <= 1, `${paced(beats)} paces in ${SECONDS} s`);
    });

  it("without flash a display says so, and nobody is served", async () => {
    const ports = patientPorts();
    const events = await powerOn(
      ports,
      { flash: new FailedFlash(new Error("no partition")) },
      new MemoryFlash(1),
    );
    const [fault] = events.filter(({ kind }) => kind === "fault") as { error: VagusError }[];
    same(fault?.error.code, "device/fault");
    ok(/no partition/.test(`${fault?.error.message}`), `${fault?.error.message}`);
  });

  it("and a magnet reaches the pacer when all of it is broken", async () => {
    const ports = patientPorts();
    const flash = await programmed();
    await powerOn(ports, BROKEN.at(-1)![2](flash), flash);
    await ports.clock.pass(10_000);
    ports.magnet.press();
    await ports.clock.pass(SECONDS * 1000);
    const beats = beatsOf(ports.implant, []).filter(({ atMs }) => atMs > 12_000);
    same(ports.implant.therapy.magnet, true);
    ok(Math.abs(paced(beats) - (100 * (SECONDS - 2)) / 60) <= 1, `${paced(beats)}`);
  });
});

/** A flash, and cryptography, that work until the test says otherwise. */
function fragile<T extends object>(
  of: T,
  calls: readonly (keyof T)[],
): { thing: T; break(how: "throws" | "hangs"): void } {
  let how: "works" | "throws" | "hangs" = "works";
  const thing = new Proxy(of, {
    get: (target, name) => {
      const value = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (how === "works" || !calls.includes(name as keyof T)) return value.apply(target, args);
        if (how === "hangs") return new Promise(() => {});
        throw new VagusError("device/fault", "expected it to work, came this");
      };
    },
  });
  const breaks = (as: "throws" | "hangs") => {
    how = as;
  };
  return { thing, break: breaks };
}

/** A device in a session, recording, that was programmed to 90 a minute; and what of it can be broken. */
async function underWay() {
  const flash = fragile<Flash>(await programmed(), ["read", "program", "erase"]);
  const slow = ["generate", "sign", "verify", "agree", "unseal"] as (keyof Crypto)[];
  const cryptography = fragile<Crypto>(crypto, slow);
  const it = await treated({ flash: flash.thing, ports: { crypto: cryptography.thing } });
  const programmer = await programming(it);
  same(await programmer.code("start", [STREAM.ecg, 1000, 0]), undefined);
  await it.bench.clock.pass(3000);
  return { ...it, flash, cryptography, programmer };
}
type UnderWay = Awaited<ReturnType<typeof underWay>>;

const flood = async ({ bench, programmer }: UnderWay) => {
  for (let n = 0; n < 200; n++) {
    bench.peripheral.events?.written(Uint8Array.of(n, 1, 2, 3));
    programmer.write(programmer.sealed("status", STREAM.ecg));
  }
  await settle();
};
const half = async ({ bench }: UnderWay) => {
  for (let n = 0; n < 40; n++) {
    bench.peripheral.lose();
    bench.peripheral.connect();
    bench.peripheral.subscribe();
    await settle();
  }
};

const THINGS: readonly [string, (it: UnderWay) => unknown][] = [
  ["the link is lost", ({ bench }) => bench.peripheral.lose()],
  ["the link takes nothing more", ({ bench: { peripheral } }) => Object.assign(peripheral, { room: 0 })],
  ["a flood on the link", flood],
  ["forty half-open handshakes", half],
  [
    "the programmer is revoked",
    async ({ clinic, programmer }) =>
      programmer.write(programmer.sealed("list", await clinic.list(3, [clinic.credential.kid]))),
  ],
  ["the device is revoked", ({ bench }) => bench.device.holder.revoke()],
  [
    "the time jumps by ten years",
    ({ bench }) => bench.device.holder.floor.raise(MADE_AT + 10 * 365 * 86_400),
  ],
  ["flash fails at every call", ({ flash }) => flash.break("throws")],
  ["cryptography throws", ({ cryptography }) => cryptography.break("throws")],
  ["cryptography never answers", ({ cryptography }) => cryptography.break("hangs")],
  [
    "in the midst of a factory reset",
    ({ flash, bench }) => {
      const { holder } = bench.device;
      flash.break("throws");
      try {
        holder.factoryReset();
      } catch {}
    },
  ],
];

describe("Pacing depends on nothing that happens later", () => {
  const goesOn = async (it: UnderWay, acts: readonly (readonly [string, (it: UnderWay) => unknown])[]) => {
    for (const [, act] of acts) {
      try {
        await act(it);
      } catch {} // what it breaks may break this too
      await it.bench.clock.pass(5000);
    }
    await it.bench.clock.pass(30_000);
    const lived = it.bench.clock.now - 1_000_000;
    const beats = it.beats();
    everyBeat(beats, 90, lived);
    ok(Math.abs(paced(beats) - lived / (60_000 / 90)) <= 2, `${paced(beats)} paces in ${lived} ms`);
    deep(it.implant.parameters, FAST);
  };
  for (const thing of THINGS)
    it(thing[0], async () => {
      await goesOn(await underWay(), [thing]);
    });

  it("all of it, one after the other", async () => {
    await goesOn(await underWay(), THINGS);
  });

  it("a full journal", async () => {
    const flash = await programmed();
    const small = new MemoryFlash(DEVICE_SECTOR.journal + 6);
    small.program(0, flash.read(0, small.sectors * SECTOR_SIZE));
    const it = await treated({ flash: small });
    const programmer = await another(it.bench, it.clinic, ["ecg:read"]);
    same(await programmer.code("start", [STREAM.ecg, 1000, 0]), undefined);
    it.bench.peripheral.lose();
    await it.bench.clock.pass(120_000);
    ok(it.bench.device.streams.journal.lost(STREAM.ecg) !== undefined, "it overflowed");
    everyBeat(it.beats(), 90, 120_000);
  });

  it("a command that cannot be kept leaves therapy as it was; one that can is done though flash fails behind it", async () => {
    const it = await underWay();
    it.flash.break("throws");
    ok((await program(it.programmer, SLOW, 4)) !== undefined);
    await it.bench.clock.pass(5000);
    deep(it.implant.therapy.permanent, FAST);
    same(await (it.programmer as ScriptedProgrammer).code("paceNow", null), undefined);
    await it.bench.clock.pass(5000);
    same(it.implant.therapy.paceNow, true);
  });
});
