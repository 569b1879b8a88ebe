import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A bus for this user alone, where anybody may own any name. */
const CONFIG = (
  socket: string,
): string => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
    <allow user="*"/>
  </policy>
</busconfig>
`;

export interface Bus {
  /** As DBUS_SYSTEM_BUS_ADDRESS wants it. */
  readonly address: string;
  close(): Promise<void>;
}

const START_MS = 5000;

/** Starts Debian's `dbus-daemon` on a socket of its own. @throws Error where there is none, or it does not start */
export async function startBus(): Promise<Bus> {
  const folder = mkdtempSync(join(tmpdir(), "vagus-bus-"));
  const socket = join(folder, "bus");
  const config = join(folder, "bus.conf");
  writeFileSync(config, CONFIG(socket));
  const daemon = spawn(
    "dbus-daemon",
    [`--config-file=${config}`, "--nofork", "--nopidfile", "--print-address=1"],
    {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // a terminal's Ctrl-C is for us: the bus goes last
    },
  );
  const gone = new Promise<void>((resolve) => {
    daemon.once("close", () => resolve());
    daemon.once("error", () => resolve());
  });
  const close = async () => {
    daemon.kill("SIGTERM");
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const address = await firstLine(daemon);
    return { address, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function firstLine(daemon: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let [said, complaints] = ["", ""];
    const late = setTimeout(() => reject(new Error("expected dbus-daemon to start, came nothing")), START_MS);
    daemon.once("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(late);
      const missing = error.code === "ENOENT";
      reject(missing ? new Error("expected dbus-daemon; install: apt-get install -y dbus-daemon") : error);
    });
    daemon.once("close", (code) => {
      clearTimeout(late);
      reject(
        new Error(`expected dbus-daemon to start, came its end with code ${code}: ${complaints.trim()}`),
      );
    });
    daemon.stderr?.on("data", (text) => {
      complaints += text;
    });
    daemon.stdout?.on("data", (text) => {
      said += text;
      if (!said.includes("\n")) return;
      clearTimeout(late);
      resolve(said.split("\n")[0]);
    });
  });
}
