/** Somebody has no right at all, and much time: he wants the battery, the memory, or everybody else kept out. */
import { Control } from "../../../host/programmer/control.js";
import { RATION } from "../../../modules/device/ration.js";
import { MESSAGE_MAX } from "../../../modules/gatt/index.js";
import { countOf, readLog } from "../aftermath.js";
import type { Attack, Family } from "../attack.js";
import { hostileBytes } from "../hostile-bytes.js";
import { openLink } from "../link.js";
import { around } from "../memory.js";
import type { Scene } from "../scene.js";

const HALF_OPEN = 10_000;
const FRAGMENTS = 5000;
const SILENT = 12;
const MINUTE_MS = 60_000;

/** Connects, lets the device make its ephemeral key, and hangs up. @returns was there a message_1? */
async function halfOpen({ stage }: Scene): Promise<boolean> {
  const link = await openLink(stage.firmware.port, 247).catch(() => undefined);
  if (link === undefined) return false;
  try {
    const control = await Control.open({ link, timeoutMs: 5000 });
    await control.take("message_1");
    return true;
  } catch {
    return false;
  } finally {
    link.close();
  }
}

async function times(n: number, act: () => Promise<boolean>): Promise<number> {
  let worked = 0;
  for (let i = 0; i < n; i++) if (await act()) worked++;
  return worked;
}

const handshakes =
  (count: number): Attack["play"] =>
  async (scene) => {
    const { stage } = scene;
    const { firmware } = stage;
    const inWindow = async () => {
      await firmware.press(300); // the window: nothing is rationed in it
      let begun = 0;
      for (let i = 0; i < count; i++) {
        if (i % 500 === 499) await firmware.press(300);
        if (await halfOpen(scene)) begun++;
      }
      scene.expect(begun >= count * 0.99, `only ${begun} of ${count} handshakes were begun in the window`);
      scene.device(`${begun} handshakes begun and forgotten in the button's window`);
    };
    await around(scene, inWindow, async () => {
      await firmware.press(300);
      await times(50, () => halfOpen(scene));
    });
    await firmware.pass(20 * MINUTE_MS);
    const begun = await times(40, () => halfOpen(scene));
    scene.expect(
      begun <= RATION.capacity + 1,
      `without the button ${begun} handshakes were begun, one behind the other`,
    );
    scene.device(`without the button ${begun} of 40, the rest closed at once`);
    await firmware.pass(10 * MINUTE_MS);
    scene.clinician("is in at the first try when the flood has ended");
  };

/** Writes fragments that never make a message, as fast as they are taken. */
async function flood(
  scene: Scene,
  control: { write(value: Uint8Array): Promise<void> },
  count: number,
): Promise<number> {
  const { crypto } = scene;
  let written = 0;
  for (; written < count; written++) {
    const kind = written % 5;
    const value = kind === 4 ? new Uint8Array(0) : crypto.random(kind === 3 ? 1 : 244);
    if (kind < 3) value[0] = [0x80, 0x3f, 0xc0][kind]! | (written & 0x0f);
    if (kind === 0) value.set([MESSAGE_MAX >> 8, MESSAGE_MAX & 0xff], 1); // the first of 4,096 bytes that never end
    try {
      await control.write(value);
    } catch {
      break;
    }
  }
  return written;
}

export const floods: Family = {
  title: "Floods",
  attacks: [
    {
      name: "half-open-handshakes",
      does: `begins ten thousand handshakes, and ends none`,
      slow: true,
      play: handshakes(HALF_OPEN),
    },
    {
      name: "half-open-handshakes-few",
      does: "begins four hundred handshakes, and ends none",
      play: handshakes(400),
    },
    {
      name: "fragment-flood",
      does: `has the right to read, and floods his session with ${FRAGMENTS} fragments that never make a message`,
      async play(scene) {
        const { stage, hospital } = scene;
        const mallory = await hospital.person("Mallory", ["ecg:read"]);
        const session = async (count: number) => {
          const link = await openLink(stage.firmware.port);
          const { Programmer } = await import("../../../host/programmer/programmer.js");
          const { credential, key } = mallory;
          const it = await Programmer.connect({
            crypto: scene.crypto,
            credential,
            key,
            trust: stage.trust(),
            link,
            observe: () => {},
          });
          const written = await flood(scene, link, count);
          scene.expect(written === count, `the link was closed behind ${written}`);
          await it.command("status", 1);
          it.close();
        };
        const before = stage.said.length;
        await around(
          scene,
          () => session(FRAGMENTS),
          () => session(300),
        );
        for (const code of stage.refusals(before)) scene.met(code);
        const log = await (async () => {
          const alice = await scene.connect(scene.alice);
          const read = await readLog(scene, alice);
          alice.close();
          return read;
        })();
        scene.expect(
          log.failures.length <= 64,
          `the flood wrote ${log.failures.length} entries into the log`,
        );
        scene.expect(countOf(log, "provisioned") === 1, "the flood pushed what was done out of the log");
        scene.device(
          `${log.failures.length} entries of the log for all of it, and what was done still stands there`,
        );
        scene.clinician("his session answers a command behind it, so hers would");
      },
    },
    {
      name: "fragment-flood-without-a-right",
      does: "floods the handshake with fragments, and stays as long as he can",
      async play(scene) {
        const { stage } = scene;
        const one = async (count: number) => {
          const link = await openLink(stage.firmware.port);
          let closed = false;
          await link.subscribe({
            control() {},
            telemetry() {},
            closed: () => {
              closed = true;
            },
          });
          await flood(scene, link, count);
          await stage.firmware.pass(10_500);
          await scene.comes(() => closed, "the end of a connection that does not authenticate");
        };
        await around(
          scene,
          () => one(3000),
          () => one(300),
        );
        await stage.firmware.pass(3 * MINUTE_MS);
        scene.device("closed it behind 10 s, authenticated or not");
        scene.clinician("is in at the first try when he is gone");
      },
    },
    {
      name: "slow-caller",
      does: "connects and says nothing, over and over, to keep everybody else out",
      async play(scene) {
        const { stage } = scene;
        const { firmware } = stage;
        let held = 0;
        for (let i = 0; i < SILENT; i++) {
          const link = await openLink(firmware.port);
          let closed = false;
          await link.subscribe({
            control() {},
            telemetry() {},
            closed: () => {
              closed = true;
            },
          });
          await firmware.pass(10_500);
          if (!(await scene.comes(() => closed, "the end of a silent connection"))) return link.close();
          held++;
          await firmware.pass(MINUTE_MS);
        }
        scene.expect(held === SILENT, `${held} of ${SILENT} silent connections were closed`);
        await firmware.press(300);
        const silent = await openLink(firmware.port);
        await silent.subscribe({ control() {}, telemetry() {}, closed() {} });
        const session = await scene.connect(scene.alice); // while he is there
        await session.command("status", 1);
        session.close();
        silent.close();
        await firmware.pass(10 * MINUTE_MS);
        scene.device("closes him behind 10 s each time; in the button's window keeps a place for another");
        scene.clinician("presses the button, and is in while he still is there");
      },
    },
    {
      name: "bytes-that-are-no-att",
      does: "sends the radio random bytes, frames on other channels, PDUs of no length, writes where nothing can be written, and keeps his connections open",
      play: hostileBytes,
    },
  ],
};
