/** What no programmer says to the radio: bytes that are no frame, and PDUs that are no request of ours. */
import { connect } from "node:net";
import { ATT } from "../../modules/gatt/index.js";
import type { Attack } from "./attack.js";
import { around } from "./memory.js";
import type { Scene } from "./scene.js";

const TIMES = 400;
const WARM = 40;
/** The button's window is open for a minute: nothing is rationed in it. */
const PRESS_EVERY = 20;
/** In real time, long before whoever does not authenticate has to go. */
const AT_ONCE_MS = 2000;
const MINUTE_MS = 60_000;

/** What is not answered is not answered in this time. */
const SILENCE_MS = 10;

interface Line {
  /** What the device does: closes the link, answers with an error, or says nothing. */
  readonly met: "closed" | "refused" | "nothing";
  bytes(random: Uint8Array): Uint8Array;
}

const framed = (pdu: readonly number[]) => Uint8Array.of(pdu.length, 0, 4, 0, ...pdu);
const line = (met: Line["met"], ...bytes: number[]): Line => ({ met, bytes: () => Uint8Array.from(bytes) });
const pdu = (met: Line["met"], ...bytes: number[]): Line => line(met, ...framed(bytes));

const HOSTILE: readonly Line[] = [
  {
    met: "closed",
    bytes: (random) => {
      random[3]! |= 0x80; // on no channel that there is
      return random;
    },
  },
  { met: "refused", bytes: (random) => framed([0x3f, ...random]) },
  line("closed", 0, 0, 4, 0),
  line("closed", 5, 0, 6, 0, 1, 2, 3, 4, 5),
  pdu("refused", ATT.writeRequest, 9, 0, 1, 2, 3),
  pdu("refused", ATT.writeRequest, 0xff, 0xff, 1),
  pdu("refused", ATT.mtuRequest, 23),
  pdu("nothing", ATT.confirmation),
  pdu("nothing", 0x52, 3, 0, 0xc0, 0, 1, 7),
  line("closed", 0xff, 0xff, 4, 0, 1),
];

/** One connection, on which this is said. @returns what the device did; "taken" where it answered as to a request */
function said(port: number, bytes: Uint8Array, patienceMs: number): Promise<Line["met"] | "taken"> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    const over = (met: Line["met"] | "taken") => {
      clearTimeout(patience);
      socket.destroy();
      resolve(met);
    };
    const patience = globalThis.setTimeout(() => over("nothing"), patienceMs);
    socket.on("data", (answer) => over(answer[4] === ATT.error ? "refused" : "taken"));
    socket.on("error", () => {});
    socket.on("close", () => over("closed"));
  });
}

/** Says all of it, over and over. He leaves a connection only when he knows what came of it. */
async function sayAll(scene: Scene, times: number): Promise<void> {
  const { stage, crypto } = scene;
  const { firmware } = stage;
  let [heard, gone] = [stage.said.length, 0];
  const noticed = () => {
    for (; heard < stage.said.length; heard++) if (stage.said[heard]?.event === "disconnected") gone++;
    return gone;
  };
  for (let i = 0; i < times; i++) {
    if (i % PRESS_EVERY === 0) await firmware.press(300);
    const { met, bytes } = HOSTILE[i % HOSTILE.length]!;
    const sent = bytes(crypto.random(60));
    const came = await said(firmware.port, sent, met === "nothing" ? SILENCE_MS : AT_ONCE_MS);
    scene.expect(came === met, `line ${i % HOSTILE.length}: expected ${met}, came ${came}`);
    if (came !== met) return;
    await stage.until(() => noticed() > i, "the end of a connection");
  }
}

export const hostileBytes: Attack["play"] = async (scene) => {
  await around(
    scene,
    () => sayAll(scene, TIMES),
    () => sayAll(scene, WARM),
  );
  await scene.stage.firmware.pass(10 * MINUTE_MS);
  scene.device(`closed at once what is no frame, answered or passed over what is no request: ${TIMES} times`);
  scene.clinician("is in at the first try when he is gone");
};
