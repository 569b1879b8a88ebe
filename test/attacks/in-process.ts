/**
 * The firmware on Node in this process: the same device, the same ports, the same link over a loopback socket. What a
 * process of its own costs is not paid. A weakness can be bundled into it.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Device } from "../../modules/device/index.js";
import { headlessPorts } from "../../modules/platform/headless/ports.js";
import { nodeHost } from "../../modules/platform/node/host.js";
import type { Firmware, FirmwareEvent, FirmwareOptions } from "../../sim/firmware.js";

/** Starts the device, as `startFirmware` does in a process of its own. */
export async function startInProcess(options: Omit<FirmwareOptions, "command">): Promise<Firmware> {
  const folder = options.folder as string;
  mkdirSync(folder, { recursive: true });
  const settings: Record<string, string | undefined> = {
    VAGUS_FLASH: join(folder, "flash.bin"),
    VAGUS_DEVICE_SECRET: join(folder, "secret.bin"),
    VAGUS_SOURCE: options.source,
    VAGUS_PACED: options.paced ? "1" : "0",
    VAGUS_CLOCK: "bench",
    VAGUS_SECTORS: options.sectors === undefined ? undefined : String(options.sectors),
  };
  const words: FirmwareEvent[] = [];
  const host = nodeHost({
    setting: (name) => settings[name],
    print: (line) => {
      const event = JSON.parse(line) as FirmwareEvent;
      words.push(event);
      setImmediate(() => options.onEvent?.(event));
    },
  });
  const ports = await headlessPorts(host);
  await Device.start(ports);
  const said = (event: string) => words.find((word) => word.event === event);
  const started = said("started");
  const ask = (line: object) =>
    new Promise<Record<string, number>>((resolve) =>
      ports.bench.obey(JSON.stringify(line), (answer) => resolve(JSON.parse(answer))),
    );
  const pass = (ms: number) => ask({ pass: ms }).then(() => {});
  const cutPower = async () => host.cutPower();
  return {
    label: new Uint8Array(Buffer.from(String(started?.label), "hex")),
    port: Number(said("advertising")?.port),
    engine: String(said("advertising")?.engine),
    state: String(started?.state),
    press: async (ms) => {
      ports.bench.obey('{"button":"down"}');
      await pass(ms);
      ports.bench.obey('{"button":"up"}');
    },
    pass,
    magnet: (on) => ask({ magnet: on }).then(() => {}),
    measure: () => ask({ measure: true }),
    stop: cutPower,
    cutPower,
    ended: Promise.resolve(),
  };
}
