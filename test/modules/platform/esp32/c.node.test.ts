/** The C of a board, compiled and tried without ESP-IDF: over a stand-in for what it includes. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ok, same } from "../../../support/assert.js";

const SOURCES = "modules/platform/esp32";
const HERE = "test/modules/platform/esp32/c";
const XS = "node_modules/@agoric/xsnap/moddable/xs/includes";

const HEADERS = [
  "ble_hs_hci_priv.h",
  "bootloader_random.h",
  "driver/uart.h",
  "esp_random.h",
  "freertos/FreeRTOS.h",
  "host/ble_gap.h",
  "host/ble_hs.h",
  "host/ble_sm.h",
  "host/ble_uuid.h",
  "nimble/nimble_npl.h",
  "nimble/nimble_port.h",
  "nimble/nimble_port_freertos.h",
  "nvs.h",
  "os/os_mbuf.h",
  "services/gap/ble_svc_gap.h",
  "syscfg/syscfg.h",
  "xsHost.h",
];

const compiler = ["gcc", "clang", "clang-14", "cc"].find(
  (name) => spawnSync(name, ["--version"]).status === 0,
);

describe("the C of a board", function () {
  this.timeout(60_000);
  let folder = "";
  before(function () {
    if (compiler === undefined) this.skip();
    folder = mkdtempSync(join(tmpdir(), "vagus-c-"));
    for (const name of HEADERS) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), '#include "stand-in.h"\n');
    }
  });
  after(() => {
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
  });

  const compile = (...args: string[]) => {
    const flags = ["-std=gnu17", "-Wall", "-Wextra", "-Werror", `-I${folder}`, `-I${HERE}`, `-I${SOURCES}`];
    const { status, stderr } = spawnSync(
      compiler ?? "",
      [...flags, "-isystem", XS, "-include", "stddef.h", ...args],
      {
        encoding: "utf8",
      },
    );
    return { status, stderr: stderr.slice(0, 2000) };
  };

  const files = readdirSync(SOURCES).filter((name) => name.endsWith(".c"));

  it("is there", () => ok(files.length >= 5, files.join()));

  for (const name of files) {
    it(`compiles without warnings: ${name}`, () => {
      same(compile("-fsyntax-only", join(SOURCES, name)).stderr, "");
    });
  }

  it("compiles without NimBLE's security manager too", () =>
    same(compile("-fsyntax-only", "-DNIMBLE_BLE_SM=0", join(SOURCES, "radio_nimble.c")).stderr, ""));

  it("is refused where it calls what nobody has", () => {
    const wrong = join(folder, "wrong.c");
    writeFileSync(wrong, '#include "stand-in.h"\nint main(void) { return ble_gap_nothing(); }\n');
    ok(compile("-fsyntax-only", wrong).status !== 0);
  });

  const play = (test: string, ...names: string[]) => {
    const program = join(folder, test);
    const sources = [join(HERE, `${test}_test.c`), ...names.map((name) => join(SOURCES, name))];
    same(compile("-fsanitize=undefined,address", "-g", "-o", program, ...sources).stderr, "");
    const { status, stdout, stderr } = spawnSync(program, { encoding: "utf8" });
    same(stdout.replace(/^\d+ checks, /, "").trim() + stderr, "0 failures");
    same(status, 0);
  };

  it("the radio: advertising, links in order, sending or not, bounds on what waits, pairing when it is allowed and once", () =>
    play("radio", "radio_nimble.c", "radio_queue.c"));

  it("the serial line: all of a line, by a driver of its own that is gone again, or by the debugger's", () =>
    play("serial", "serial_uart.c"));

  it("nothing of a board is said by trace(), which goes nowhere without a console", () => {
    for (const folder of [SOURCES, `${SOURCES}-display`])
      for (const name of readdirSync(folder).filter((each) => each.endsWith(".ts")))
        ok(!/\btrace\(/.test(readFileSync(join(folder, name), "utf8")), name);
  });
});
