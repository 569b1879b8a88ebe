/** What the audit log tells of commands that are done (PROTOCOL, "The audit log"). */
import type { CborValue } from "../../../modules/cbor/index.js";
import type { Holder } from "../../../modules/credential/index.js";
import { deedOf } from "../../../modules/device/deed.js";
import type { CommandName } from "../../../modules/session/index.js";
import { deep, same } from "../../support/assert.js";

const KID = new Uint8Array(8).fill(3);
const holder = { anchor: { kid: KID }, epoch: 7, floor: { seconds: 1000 } } as unknown as Holder;
const told = (name: CommandName, parameters: CborValue = null) =>
  deedOf({ id: 4, name, parameters }, holder, 900);

describe("What a command has been", () => {
  const cases: [CommandName, string, CborValue, CborValue?][] = [
    ["rotate", "credentialRotated", null],
    ["anchor", "anchorRotated", KID],
    ["list", "listTaken", 7],
    ["time", "timeReset", [900, 1000]],
    ["audit", "logRead", null],
    ["release", "journalReleased", [1, 12], [1, 3, 12, new Uint8Array(16)]],
    ["start", "commandDone", [4, 2]],
    ["test", "commandDone", [4, 24]],
  ];
  for (const [name, event, detail, parameters] of cases)
    it(`${name}: ${event}`, () => deep(told(name, parameters), { event, detail }));

  it("commands that only look, and those that the pacer tells of itself, leave no entry", () => {
    for (const name of ["status", "parameters", "stage", "program", "paceNow", "cancel", "outcome"] as const)
      same(told(name), undefined, name);
  });
});
