/** Some of each kind on the real engine, and above all what could fill its heap; `npm run attacks` plays them all there. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { skip } from "engine";
import { startFirmware } from "../../sim/firmware.js";
import { attacksOn } from "./suite.js";

const RUNNER = resolve("build/xs/vagus-xs");
const CHOSEN = [
  "credential-revoked-in-session",
  "hub-widens-its-scope",
  "word-stale",
  "list-older-behind-a-power-cut",
  "device-revoked-in-mid-stream",
  "time-reset-replayed",
  "message-2-replayed",
  "command-replayed",
  "every-message-doubled",
  "typ-confusion",
  "journal-full",
  "half-open-handshakes-few",
  "fragment-flood",
  "fragment-flood-without-a-right",
  "bytes-that-are-no-att",
  "out-of-range-an-hour",
];

if (!existsSync(RUNNER)) skip("the XS runner is not built")("Attacks, firmware on XS");
else {
  attacksOn(
    "XS",
    async () => {
      const { bundleFirmware } = await import(join(process.cwd(), "sim/build/programs.mjs"));
      const command = [RUNNER, await bundleFirmware("xs")];
      return (options) => startFirmware({ ...options, command });
    },
    ({ name }) => CHOSEN.includes(name),
  );
}
