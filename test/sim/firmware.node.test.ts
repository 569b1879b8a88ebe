import { readFileSync } from "node:fs";
import { startFirmware } from "../../sim/firmware.js";
import { rejects, same } from "../support/assert.js";

/** A firmware that says what is expected of one, and its process id as the port. */
const WORDS = `
  const say = (event) => console.log(JSON.stringify(event));
  say({ event: "advertising", port: process.pid, engine: "none" });
  say({ event: "started", label: "00", provisioned: false });
  setInterval(() => {}, 1000);`;

/** The process group (proc(5), /proc/pid/stat, field 5). */
function groupOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ")[2]);
}

describe("the firmware as a process", () => {
  it("a terminal's Ctrl-C does not reach it: it has a process group of its own", async () => {
    const firmware = await startFirmware({
      command: [process.execPath, "-e", WORDS],
      source: "synthetic",
      paced: false,
    });
    try {
      same(groupOf(firmware.port), firmware.port);
    } finally {
      await firmware.stop();
    }
  });

  it("one that ends before it has started says why", () =>
    rejects("host/link", () =>
      startFirmware({
        command: [process.execPath, "-e", "console.error('no heart'); process.exit(3)"],
        source: "synthetic",
        paced: false,
      }),
    ));
});
