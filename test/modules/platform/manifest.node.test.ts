/** The Moddable builds without the SDK; and that this check sees what it is there to see. */
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SECTOR_SIZE } from "../../../modules/flash/index.js";
import { ok, same } from "../../support/assert.js";
import { PLATFORMS, type Platform, readBuild } from "./builds.js";

/** Tests run in the checkout. */
const ROOT = process.cwd();

describe("the manifests of the Moddable builds", () => {
  for (const platform of PLATFORMS) {
    it(`${platform}: name every module, resolve every import, have C for every native, preload what is used, and no noble`, () => {
      const { problems, seen, c } = readBuild(ROOT, platform);
      same(problems.join("\n"), "");
      ok(seen.imports > 100 && seen.natives > 15 && c.size > 5, JSON.stringify(seen));
    });
  }

  describe("are found wanting where", () => {
    let copy = "";
    before(() => {
      copy = mkdtempSync(join(tmpdir(), "vagus-manifests-"));
    });
    beforeEach(() => {
      for (const name of ["manifest.json", "manifests", "modules", "main.ts"]) {
        rmSync(join(copy, name), { recursive: true, force: true });
        cpSync(join(ROOT, name), join(copy, name), { recursive: true });
      }
      for (const name of ["encode.js", "decode.js"]) {
        cpSync(join(ROOT, "node_modules/cbor-x", name), join(copy, "node_modules/cbor-x", name));
      }
    });
    after(() => rmSync(copy, { recursive: true, force: true }));

    const edit = (path: string, change: (text: string) => string) => {
      const before = readFileSync(join(copy, path), "utf8");
      const changed = change(before);
      ok(changed !== before, `${path} is as it was`);
      writeFileSync(join(copy, path), changed);
    };
    const add = (path: string, text: string) => appendFileSync(join(copy, path), text);

    const planted: [string, Platform, () => void, RegExp][] = [
      [
        "a folder is not named",
        "esp32/nodemcu",
        () => edit("manifests/firmware.json", (text) => text.replace(/.*"modules\/cose\/\*.*\n/, "")),
        /no manifest names modules\/cose\/index\.ts/,
      ],
      [
        "a folder is named that is not there",
        "win",
        () => edit("manifests/firmware.json", (text) => text.replace("modules/cose/*", "modules/rose/*")),
        /modules\/cose\/index\.ts is called modules\/rose\/index/,
      ],
      [
        "a source is named that is not there",
        "mac",
        () =>
          edit("manifests/simulator.json", (text) => text.replace("platform/sim/host", "platform/sim/ghost")),
        /ghost, which is not there/,
      ],
      [
        "an import leads nowhere",
        "lin",
        () => add("modules/bytes/index.ts", 'export { nothing } from "./nothing.js";\n'),
        /modules\/bytes\/index\.ts imports \.\/nothing\.js/,
      ],
      [
        "an import is of another platform",
        "esp32/nodemcu",
        () =>
          add(
            "modules/platform/esp32/serial.ts",
            'import TCP from "embedded:io/socket/tcp";\nnew TCP({});\n',
          ),
        /serial\.ts imports embedded:io\/socket\/tcp/,
      ],
      [
        "an import happens late",
        "esp32/nodemcu",
        () => add("modules/platform/esp32/serial.ts", 'export const later = () => import("./later.js");\n'),
        /serial\.ts imports \.\/later\.js/,
      ],
      [
        "noble comes in",
        "esp32/nodemcu",
        () => add("modules/cose/index.ts", 'export * from "@noble/hashes/sha2.js";\n'),
        /imports @noble/,
      ],
      [
        "a native has no C",
        "esp32/nodemcu",
        () =>
          edit("modules/platform/esp32/radio_xs.c", (text) =>
            text.replace("xs_vagus_radio_send(", "xs_vagus_radio_sent("),
          ),
        /stack\.ts calls "xs_vagus_radio_send", which no C defines/,
      ],
      [
        "a native's C is commented out",
        "esp32/nodemcu",
        () => edit("modules/platform/esp32/entropy.c", (text) => `/* ${text.replace(/\*\//g, "")} */`),
        /calls "xs_vagus_entropy"/,
      ],
      [
        "a native's name is not written out",
        "lin",
        () =>
          add(
            "modules/platform/sim/index.ts",
            'export const call = (name: "xs_sim_heap") => native(name);\n',
          ),
        /calls name/,
      ],
      [
        "a module of the platform is missing",
        "lin",
        () => edit("manifests/simulator.json", (text) => text.replace('"platform":', '"platforn":')),
        /there is no module platform/,
      ],
      [
        "something that is used is not preloaded",
        "esp32/nodemcu",
        () =>
          edit("manifests/screens.json", (text) =>
            text.replace('"preload": "modules/platform/esp32/index"', '"preload": []'),
          ),
        /modules\/platform\/esp32\/radio is not preloaded/,
      ],
      [
        "something is preloaded that is not there",
        "esp32/nodemcu",
        () =>
          edit("manifests/firmware.json", (text) =>
            text.replace("modules/device/index", "modules/device/start"),
          ),
        /there is no module modules\/device\/start/,
      ],
    ];
    for (const [name, platform, plant, expected] of planted) {
      it(name, () => {
        const before = readBuild(copy, platform).problems;
        plant();
        const found = readBuild(copy, platform)
          .problems.filter((problem) => !before.includes(problem))
          .join("\n");
        ok(expected.test(found), `expected ${expected}, came ${found.slice(0, 500)}`);
      });
    }
  });

  it("keep what the device keeps in a partition of 2 MB inside the chip's 4 MB, not encrypted: its records clear bits in place", () => {
    const rows = readFileSync("manifests/esp32/partitions.csv", "utf8")
      .split("\n")
      .filter((line) => line && !line.startsWith("#"))
      .map((line) => line.split(",").map((cell) => cell.trim()));
    let end = 0;
    for (const [name, , , offset, size] of rows) {
      ok(Number(offset) >= end, `${name} begins behind what stands before it`);
      end = Number(offset) + Number(size);
    }
    ok(end <= 4 * 1024 * 1024, `expected 4 MB at most, came ${end}`);
    const [, , , offset, size, ...flags] = rows.find(([name]) => name === "vagus") ?? [];
    same(Number(offset) % SECTOR_SIZE, 0);
    same(Number(size) / SECTOR_SIZE, 512);
    same(flags.join(), "");
  });

  it("give each board contacts, and a lamp where it has a plain one and no display", () => {
    const { config, platforms } = JSON.parse(readFileSync("manifests/boards.json", "utf8"));
    ok(config.vagus.contacts.length > 0);
    for (const board of ["esp32/nodemcu", "esp32/esp32c3", "esp32/esp32s3", "esp32/m5stack"]) {
      ok(board in platforms, board);
    }
  });
});
