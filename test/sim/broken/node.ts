import { openPorts as open } from "../../../modules/platform/node/index.js";
import { breaking } from "./ports.js";

export const openPorts = async () =>
  breaking(await open(), process.env.VAGUS_BREAK, (line) => process.stdout.write(`${line}\n`));
