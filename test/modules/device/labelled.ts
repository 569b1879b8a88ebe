import { cryptos } from "engine";
import { CRV } from "../../../modules/cose/index.js";
import { verifyRequest } from "../../../modules/credential/index.js";
import { HOLD_MS } from "../../../modules/device/button.js";
import { DEVICE_SECTORS_MIN } from "../../../modules/device/index.js";
import { READ_INFO_MS } from "../../../modules/device/lifecycle.js";
import { type Flash, MemoryFlash } from "../../../modules/flash/index.js";
import { type Bench, ScriptedProgrammer, settle, startDevice } from "./bench.js";

const crypto = cryptos[0]!;

/** A new device whose button was held, with a label session; and the key that it has made. */
export async function labelled(flash: Flash = new MemoryFlash(DEVICE_SECTORS_MIN)) {
  const bench = await startDevice(crypto, flash);
  await bench.button.hold(bench.clock, HOLD_MS.provision);
  const programmer = new ScriptedProgrammer(bench);
  await programmer.openLabel(bench.label);
  const { result } = await programmer.command("identify", CRV.Ed25519);
  return { bench, programmer, key: verifyRequest(crypto, result as Uint8Array) };
}

/** What a device begins with: message_1 of EDHOC starts with METHOD, an integer; label_1 with an array. */
export async function speaks(bench: Bench): Promise<"edhoc" | "label" | "nothing"> {
  const programmer = new ScriptedProgrammer(bench);
  bench.peripheral.connect();
  bench.peripheral.subscribe();
  await settle();
  if (programmer.inbox.length === 0) {
    await bench.clock.pass(READ_INFO_MS);
    return "nothing";
  }
  const [first] = await programmer.take();
  bench.peripheral.lose();
  return first! >> 5 === 4 ? "label" : "edhoc";
}
