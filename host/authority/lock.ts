/**
 * Who may write a file: whoever has a lock beside it. Every process has a lock of its own, and its name says whose it is,
 * so that nothing has to be read that a power cut may have emptied:
 *
 *   ledger.jsonl.lock.HOST.PID.STARTED.RANDOM       STARTED: when the process did, in the machine's own count; 0: unknown
 *
 * A process makes its lock and then looks for others: it holds once there is none of a living process. Where two come at
 * once, at least one of them sees the other, and goes. Names never come again, so whoever finds one of a process that is
 * gone may remove it.
 */
import { randomBytes } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { VagusError } from "../../modules/error/index.js";

/** A lock is held for one write. Of a process that cannot be looked at, it is believed for so long. */
const PATIENCE_MS = 60_000;
const UNKNOWN = "0";

/**
 * Does `action` as the only one who writes this file.
 * @throws VagusError `host/store` where another process is at it
 */
export function whileLocked<T>(path: string, action: () => T): T {
  const release = lock(path);
  try {
    return action();
  } finally {
    release();
  }
}

/**
 * Holds a file for longer: as long as this process lives, or until what it returns is called.
 * @throws VagusError `host/store` where another process holds it
 */
export function lock(path: string): () => void {
  const host = hostname().replace(/[^A-Za-z0-9-]/g, "_");
  const random = randomBytes(6).toString("hex");
  const own = `${path}.lock.${host}.${process.pid}.${startOf(process.pid)}.${random}`;
  closeSync(openSync(own, "wx", 0o600));
  const release = () => rmSync(own, { force: true });
  try {
    for (const other of locksOf(path)) {
      if (other === own) continue;
      if (isHeld(other, `${path}.lock`, host)) {
        throw new VagusError(
          "host/store",
          `${path}: expected nobody else to be writing, came another process (${basename(other)}): try again`,
        );
      }
      rmSync(other, { force: true, recursive: true });
    }
    return release;
  } catch (error) {
    release();
    throw error;
  }
}

function locksOf(path: string): string[] {
  const start = `${basename(path)}.lock`;
  return readdirSync(dirname(path))
    .filter((name) => name === start || name.startsWith(`${start}.`))
    .map((name) => join(dirname(path), name));
}

/** A lock of another kind is nobody's. */
function isHeld(lock: string, start: string, host: string): boolean {
  const match = /^\.([A-Za-z0-9_-]+)\.(\d+)\.([0-9a-f]+)\.[0-9a-f]+$/.exec(lock.slice(start.length));
  const pid = Number(match?.[2]);
  if (match === null || !(pid > 0)) return false;
  const [, where, , started] = match;
  if (where === host && !isAlive(pid)) return false;
  const now = where === host ? startOf(pid) : UNKNOWN;
  return started === UNKNOWN || now === UNKNOWN ? isYoung(lock) : now === started;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function isYoung(lock: string): boolean {
  const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  return made !== undefined && Math.abs(Date.now() - made) < PATIENCE_MS;
}

/** Tells a process from a later one with its number: the boot and field 22 of its stat (proc(5)), where there is /proc. */
function startOf(pid: number): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").replace(/-/g, "").slice(0, 8);
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return /^\d+$/.test(ticks) ? `${boot}${Number(ticks).toString(16)}` : UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}
