import { VagusError } from "../../../../modules/error/index.js";
import { describe as say, spoken } from "../../../../modules/platform/esp32/serial.js";
import { ok, same } from "../../../support/assert.js";

describe("the serial line of a board", () => {
  const label = new Uint8Array(16).fill(0xab);

  it("says the label until the device is provisioned, and never again", () => {
    const started = { kind: "started", label, boot: 7, fresh: false } as const;
    same(say({ ...started, state: "new" }), `started, boot 7, label ${"ab".repeat(16)}`);
    for (const state of ["provisioned", "revoked"] as const) {
      const line = say({ ...started, state });
      ok(!line.includes("abab") && line.includes(state), line);
    }
  });

  it("says why it refused, and what is wrong with its flash", () => {
    const error = new VagusError("device/ration", "expected less");
    same(say({ kind: "refused", error }), "refused, device/ration: expected less");
    same(say({ kind: "fault", error }), "fault, device/ration: expected less");
    same(say({ kind: "window" }), "window");
  });

  it("of a hardened build says the label at each start until it is provisioned, and nothing else", () => {
    const started = { kind: "started", label, boot: 1, fresh: true, state: "new" } as const;
    ok(spoken(started, "label")?.includes("ab".repeat(16)));
    ok(
      spoken({ ...started, boot: 2, fresh: false }, "label")?.includes("ab".repeat(16)),
      "after a torn start:",
    );
    for (const state of ["provisioned", "revoked"] as const)
      same(spoken({ ...started, boot: 3, fresh: false, state }, "label"), undefined);
    same(spoken({ kind: "refused", error: new VagusError("device/ration", "less") }, "label"), undefined);
    same(spoken({ kind: "authenticated" }, "label"), undefined);
    same(spoken({ kind: "authenticated" }, undefined), "authenticated");
  });
});
