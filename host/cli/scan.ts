import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { VagusError } from "../../modules/error/index.js";
import type { Sighting } from "../link/radio.js";
import { LINK_HELP, LINK_OPTIONS, radioOf } from "./radios.js";
import { count, JSON_HELP, JSON_OPTION } from "./report.js";
import { nothing, number } from "./usage.js";

export const summary = "looks for devices that advertise";

export const help = `vagus scan: the devices in range, as far as they tell

usage: vagus scan [--link L] [options]

${LINK_HELP}
  --seconds N           looks for so long, 1 to 60 (default 3)
${JSON_HELP}

A device tells nobody who it is before it has authenticated its programmer: it shows an address, which it changes, and how
strong its signal is; nothing more. None of this costs the device one of its handshakes.

exit codes: 0 found some; 1 found none; 2 wrong usage
`;

interface Seen {
  readonly times: number;
  readonly rssiDbm?: number;
}

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { seconds: { type: "string", default: "3" }, ...LINK_OPTIONS, ...JSON_OPTION },
  });
  nothing(positionals);
  const seconds = number("seconds", values.seconds, 1, 60);
  const { radio } = await radioOf(values);
  const seen = new Map<string, Seen>();
  let failure: VagusError | undefined;
  const stop = radio.scan({
    found: ({ address, rssiDbm }: Sighting) => {
      const { times = 0 } = seen.get(address) ?? {};
      if (times === 0 && !values.json) process.stderr.write(`found ${address}\n`);
      seen.set(address, { times: times + 1, ...(rssiDbm !== undefined && { rssiDbm }) });
    },
    failed: (error) => {
      failure = error;
    },
  });
  for (const until = Date.now() + seconds * 1000; Date.now() < until && failure === undefined; ) {
    await setTimeout(50);
  }
  stop();
  await radio.close?.();
  if (failure !== undefined) throw failure;
  const devices = [...seen].map(([address, one]) => ({ address, ...one }));
  devices.sort((a, b) => (b.rssiDbm ?? 0) - (a.rssiDbm ?? 0));
  const strength = ({ rssiDbm }: Seen) => (rssiDbm === undefined ? "" : `  ${rssiDbm} dBm`);
  const lines = devices.map((one) => `${one.address}${strength(one)}  seen ${count(one.times, "time")}`);
  const words = [...lines, `${count(devices.length, "device")} in ${seconds} s`].join("\n");
  process.stdout.write(`${values.json ? JSON.stringify({ link: radio.name, devices }) : words}\n`);
  return devices.length > 0 ? 0 : 1;
}
