/**
 * One process at a time: commands that are started together in a new checkout do not install over one another. It needs
 * nothing but Node, as it comes before everything else (files of the host's have host/authority/lock.ts).
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Runs a piece of work while this process alone holds a claim: a file with its process number.
 * A claim whose process is gone is taken over.
 * @param {string} claim the file's path; it is gone again afterwards
 * @param {() => Promise<unknown>} work
 */
export async function alone(claim, work) {
  mkdirSync(dirname(claim), { recursive: true });
  while (!claimed(claim)) await new Promise((resolve) => setTimeout(resolve, 100));
  try {
    return await work();
  } finally {
    rmSync(claim, { force: true });
  }
}

function claimed(claim) {
  try {
    writeFileSync(claim, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (abandoned(claim)) rmSync(claim, { force: true });
    return false;
  }
}

/** An empty claim is one that is being written, or the file went in between: both are looked at again. */
function abandoned(claim) {
  let holder;
  try {
    holder = Number(readFileSync(claim, "utf8"));
  } catch {
    return false;
  }
  if (!holder) return false;
  try {
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}
