/** What an attack leaves in the device's memory. */
import type { Scene } from "./scene.js";

const MINUTE_MS = 60_000;

type Measured = Record<string, number>;

/** What the engine holds behind a collection: what a flood left is in it. */
export async function around(
  scene: Scene,
  act: () => Promise<void>,
  warm: () => Promise<void>,
): Promise<void> {
  const { firmware } = scene.stage;
  await warm(); // what comes once, comes now
  await firmware.pass(2 * MINUTE_MS); // what the button has opened is over
  const before = await firmware.measure();
  await act();
  await firmware.pass(2 * MINUTE_MS);
  const after = await firmware.measure();
  const grown = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
  scene.device(`heap before and after: ${shown(before)}; ${shown(after)}`);
  for (const [name, most] of Object.entries(ALLOWED)) {
    scene.expect(grown(name) <= most, `${name}: ${grown(name)} more than before`);
  }
}

/** A slot or two for a counter, a chunk for a number that became longer; V8 keeps what it has compiled. */
const ALLOWED: Measured = { slots: 12, chunkBytes: 512, heapBytes: 1_500_000 };

function shown({ slots, chunkBytes, heapBytes }: Measured): string {
  return slots === undefined
    ? `${Math.round((heapBytes ?? 0) / 1024)} KiB`
    : `${slots} slots and ${chunkBytes} bytes`;
}
