import { openPorts as open } from "../../../modules/platform/xs/index.js";
import { breaking } from "./ports.js";

export const openPorts = async () =>
  breaking(await open(), native("xs_environment")("VAGUS_BREAK"), (line) => console.log(line));
