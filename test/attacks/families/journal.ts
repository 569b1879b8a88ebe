/** Somebody wants readings gone that nobody has taken yet. */
import type { ProgrammerEvent } from "../../../host/programmer/programmer.js";
import { VagusError } from "../../../modules/error/index.js";
import { STREAM } from "../../../modules/reading/index.js";
import { tokensOf } from "../aftermath.js";
import type { Family } from "../attack.js";

/** A chip of 256 KiB: its journal is full behind some 140 readings of four seconds. */
const SECTORS = 64;
const FILLING = 250;
const TRIES = 5;

/** A recording that no clock paces leaves a handshake little time: it may come too late, and is begun again. */
async function patiently<T>(action: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await action();
    } catch (error) {
      if (left <= 1 || !(error instanceof VagusError) || error.code !== "gatt/disconnected") throw error;
    }
  }
}

export const journal: Family = {
  title: "The journal",
  attacks: [
    {
      name: "journal-full",
      sectors: SECTORS,
      does: "may read, starts a recording and goes away, so that the journal runs over what nobody has released",
      async play(scene) {
        const { stage, hospital, alice } = scene;
        const hers = tokensOf(await scene.read(alice));
        const mallory = await hospital.person("Mallory", ["ecg:read"]);
        const fill = async () => {
          const his = await scene.connect(mallory);
          await his.start(STREAM.ecg, 4000, FILLING);
          his.close();
          const watching = await patiently(() => stage.connect(alice, { timeoutMs: 60_000 }));
          const running = async () => ((await watching.command("status", 1)) as [boolean])[0];
          await stage.until(async () => !(await running()), "the end of the recording", 300_000);
          const gone = stage.said.length;
          watching.close();
          const left = () => stage.said.slice(gone).some(({ event }) => event === "disconnected");
          await stage.until(left, "the end of the connection");
        };
        await fill(); // that a journal has lost something is remembered once
        const before = await stage.firmware.measure();
        await fill();
        const after = await stage.firmware.measure();
        const slots = (after.slots ?? 0) - (before.slots ?? 0);
        scene.expect(slots <= 12, `${slots} slots more than before`);
        const events: ProgrammerEvent[] = [];
        const observe = (event: ProgrammerEvent) => events.push(event);
        const session = await stage.connect(alice, { observe, timeoutMs: 60_000 });
        const status = async () =>
          (await session.command("status", 1)) as [boolean, number, number, number, number];
        const [, boot, last, used, capacity] = await status();
        scene.expect(used > 0.95 * capacity, `the journal is not full: ${used} of ${capacity}`);
        await session.command("fetch", [1, 0, 0]);
        const over = () =>
          events.some(({ kind }) => kind === "refused") ||
          tokensOf(events).some(({ cti }) => cti.sequence === last && cti.stream === 1);
        await stage.until(over, "the newest token", 300_000);
        const came = tokensOf(events);
        const [gap] = came.filter((token) => token.kind === "gap");
        const first = hers[0]!.cti;
        scene.expect(gap !== undefined, "what is gone was not declared");
        if (gap !== undefined) {
          const whole = gap.first.boot === first.boot && gap.first.sequence <= first.sequence;
          scene.expect(whole, "the gap does not begin with what Alice had recorded first");
          const readings = came.filter(({ cti }) => cti.stream === 1).map(({ cti }) => cti.sequence);
          const expected = Array.from(
            { length: last - gap.last.sequence },
            (_, i) => gap.last.sequence + 1 + i,
          );
          scene.expect(readings.join() === expected.join(), "what is neither declared nor there");
          scene.device(
            `gave up tokens ${gap.first.sequence} to ${gap.last.sequence} of boot ${boot}, the oldest, and signed a gap for them`,
          );
          scene.clinician(
            `is told in one signed gap what is gone, and gets the ${readings.length} tokens behind it, whole`,
          );
        }
        scene.expect(
          events.every(({ kind }) => kind !== "refused"),
          "her programmer refuses what the device sends",
        );
        session.close();
      },
    },
    {
      name: "journal-release-of-another",
      does: "has every right and the Authority's word, and releases what he never had: another hash, a token to come, another stream",
      async play(scene) {
        const { alice, hospital } = scene;
        const stored = tokensOf(await scene.read(alice));
        const head = stored[stored.length - 1]!;
        const { boot, sequence } = head.cti;
        const bob = await hospital.person("Bob");
        const session = await scene.connect(bob);
        await scene.worded(session, bob);
        const hash = scene.crypto.sha256(head.token).slice(0, 16);
        await scene.refused("another hash", "journal/release", () =>
          session.command("release", [1, boot, sequence, new Uint8Array(16)]),
        );
        await scene.refused("a token to come", "journal/release", () =>
          session.command("release", [1, boot, sequence + 1, hash]),
        );
        await scene.refused("another boot", "journal/release", () =>
          session.command("release", [1, boot + 1, sequence, hash]),
        );
        for (const stream of [STREAM.pacing, STREAM.state]) {
          await scene.refused("another stream", "journal/release", () =>
            session.command("release", [stream, boot, sequence, hash]),
          );
        }
        const [, , , used] = (await session.command("status", 1)) as number[];
        scene.expect((used ?? 0) > 0, "it was given up");
        session.close();
        scene.clinician("what she has not confirmed is still there");
      },
    },
  ],
};
