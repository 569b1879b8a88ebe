/** npm start -- --web: devices, a hospital and a bridge, until it is interrupted. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Crypto } from "../../modules/crypto/port.js";
import type { Firmware, FirmwareOptions } from "../../sim/firmware.js";
import { startFirmware } from "../../sim/firmware.js";
import { Bridge } from "./bridge.js";
import { DemoHospital } from "./demo.js";

export interface WebDemoOptions {
  readonly crypto: Crypto;
  /** Where the built page is. */
  readonly page: string;
  /** Of each device; `folder` aside, which is below `keep`. */
  readonly firmware: Omit<FirmwareOptions, "folder" | "onEvent">;
  readonly devices: number;
  /** Where devices and Authority are kept; without it they are forgotten. */
  readonly keep?: string;
  /** Of the bridge; by default a free one. */
  readonly port?: number;
}

/** A hospital with its devices, and the bridge to them. */
export class WebDemo {
  readonly bridge: Bridge;
  readonly hospital: DemoHospital;
  readonly firmware: readonly Firmware[];
  readonly #forget: string | undefined;

  private constructor(
    bridge: Bridge,
    hospital: DemoHospital,
    firmware: readonly Firmware[],
    forget: string | undefined,
  ) {
    this.bridge = bridge;
    this.hospital = hospital;
    this.firmware = firmware;
    this.#forget = forget;
  }

  /** @throws VagusError where the firmware does not start, or the page was not built */
  static async open(options: WebDemoOptions): Promise<WebDemo> {
    const folder = options.keep ?? mkdtempSync(join(tmpdir(), "vagus-web-"));
    const forget = options.keep === undefined ? folder : undefined;
    const firmware: Firmware[] = [];
    try {
      const hospital = await DemoHospital.open(options.crypto, join(folder, "authority"));
      const numbers = Array.from({ length: options.devices }, (_, index) => index + 1);
      const started = numbers.map(async (number) => {
        const device = await startFirmware({ ...options.firmware, folder: join(folder, `device-${number}`) });
        firmware[number - 1] = device;
        await hospital.provision(device);
      });
      const results = await Promise.allSettled(started);
      for (const result of results) if (result.status === "rejected") throw result.reason;
      const bridge = await Bridge.open({
        page: options.page,
        devices: () => firmware.map(({ port }, index) => ({ name: `simulated device ${index + 1}`, port })),
        authority: hospital.bridged,
        ...(options.port !== undefined && { port: options.port }),
      });
      return new WebDemo(bridge, hospital, firmware, forget);
    } catch (error) {
      await Promise.all(firmware.map((device) => device.stop()));
      if (forget !== undefined) rmSync(forget, { recursive: true, force: true });
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.bridge.close();
    await Promise.all(this.firmware.map((device) => device.stop()));
    if (this.#forget !== undefined) rmSync(this.#forget, { recursive: true, force: true });
  }
}

/** Prints the link, opens a browser where there is a screen, and waits for an interrupt. */
export async function runWebDemo(
  options: WebDemoOptions,
  { json, open }: { readonly json: boolean; readonly open: boolean },
): Promise<number> {
  const demo = await WebDemo.open(options);
  const url = demo.bridge.link();
  if (json) process.stdout.write(`${JSON.stringify({ url, devices: demo.firmware.length })}\n`);
  else tell(url, demo);
  if (open && !json) openBrowser(url);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
    for (const device of demo.firmware) device.ended.then(resolve);
  });
  await demo.close();
  return 0;
}

function tell(url: string, { firmware, bridge }: WebDemo): void {
  const many = firmware.length === 1 ? "a device" : `${firmware.length} devices`;
  process.stdout.write(
    `\n  The clinician's page, with ${many} on ${firmware[0]?.engine ?? "nothing"}:\n\n    ${url}\n\n` +
      "  The link is good once. Open it, press Connect, and the heart is there.\n" +
      `  ${process.stdin.isTTY ? "Enter prints another link; " : ""}Ctrl-C ends. Not a medical device.\n\n`,
  );
  if (!process.stdin.isTTY) return;
  createInterface({ input: process.stdin }).on("line", () => process.stdout.write(`    ${bridge.link()}\n`));
}

/** Only where there is a screen to open it on. */
function openBrowser(url: string): void {
  const { platform, env } = process;
  const [command, ...args] =
    platform === "darwin" ? ["open"] : platform === "win32" ? ["cmd", "/c", "start", ""] : ["xdg-open"];
  if (platform === "linux" && env.DISPLAY === undefined && env.WAYLAND_DISPLAY === undefined) return;
  spawn(command as string, [...args, url], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
