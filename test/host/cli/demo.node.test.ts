import { run } from "../../../host/cli/demo.js";
import { UsageError } from "../../../host/cli/usage.js";
import { ok } from "../../support/assert.js";

describe("vagus demo refuses wrong usage before anything is started", () => {
  const cases = [
    ["--seconds", "x"],
    ["--seconds", "0"],
    ["--mtu", "22"],
    ["--mtu", "248"],
    ["--reading-ms", "249"],
    ["--source", "heart"],
    ["--engine", "v8"],
    ["--rhythm", "merry"],
    ["--mode", "DDDR"],
  ];
  for (const args of cases) {
    it(args.join(" "), async () => {
      const thrown = await run(args).catch((error: unknown) => error);
      ok(thrown instanceof UsageError, `came ${String(thrown)}`);
      ok((thrown as Error).message.startsWith(`${args[0]}: expected `), (thrown as Error).message);
    });
  }
});
