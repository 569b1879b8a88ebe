import { createBattery } from "../../../../modules/cardiac/battery/index.js";
import { simulatedPatient } from "../../../../modules/cardiac/index.js";
import { HEALTHY, withFault } from "../../../../modules/cardiac/leads/index.js";
import { NOMINAL } from "../../../../modules/cardiac/pacer/index.js";
import type { DeviceView } from "../../../../modules/device/index.js";
import * as words from "../../../../modules/platform/display/words.js";
import { same } from "../../../support/assert.js";

const IDLE: DeviceView = {
  state: "provisioned",
  link: "none",
  peer: undefined,
  windowMs: 0,
  provisioningMs: 0,
  own: { subject: "rBeod1W4s6I", expires: 1_800_000_000 },
  epoch: 3,
  boot: 7,
  recording: false,
  journal: { usedBytes: 0, capacityBytes: 2_000_000 },
};
const PEER = { kind: "hub", kid: "5937a86c9bf6a2a7" } as const;

const LINKS: [view: Partial<DeviceView>, text: string, color: string][] = [
  [{}, "no link", "dim"],
  [{ state: "new" }, "new: hold the button for 3 s", "warn"],
  [{ windowMs: 41_200 }, "open to all, 42 s", "warn"],
  [{ windowMs: 41_200, provisioningMs: 41_200 }, "open to be provisioned, 42 s", "warn"],
  [{ link: "connected" }, "somebody connects", "busy"],
  [{ link: "authenticated", peer: PEER }, "hub 5937a86c9bf6a2a7", "good"],
  [{ link: "authenticated" }, "being provisioned", "busy"],
  [{ state: "revoked", link: "connected" }, "revoked: it sends nothing any more", "bad"],
];

describe("the words on a display", () => {
  for (const [view, text, color] of LINKS)
    it(`${JSON.stringify(view)}: ${text}`, () => {
      const said = words.link({ ...IDLE, ...view });
      same(said.texts[0], text);
      same(said.color, color);
    });

  it("of a credential: whose, how new its list is, and until when", () =>
    same(words.credential(IDLE).texts[0], "rBeod1W4s6I, list 3, to 2027-01-15"));

  it("of a journal that fills", () => {
    const at = (usedBytes: number) =>
      words.journal({ ...IDLE, recording: true, journal: { usedBytes, capacityBytes: 2_000_000 } });
    same(at(1500).texts[0], "2 kB kept, recording");
    same(at(1_950_000).texts[0], "1.9 MB kept, recording");
    same(at(1_950_000).color, "warn");
    same(at(5_000_000).part, 1);
  });

  it("of pacing: what is in force, and why it is not what was programmed", () => {
    const patient = simulatedPatient();
    same(words.pacing(patient).texts[0], "DDD 60-120");
    patient.instruct({ type: "program", parameters: { ...NOMINAL, mode: "VVI" }, temporary: true });
    patient.liveUntil(3000);
    same(words.pacing(patient).texts[0], "VVI 60, for a test");
    patient.instruct({ type: "magnet", on: true });
    patient.liveUntil(6000);
    same(words.pacing(patient).texts[0], "DOO 100, magnet");
    patient.setLead(withFault(HEALTHY.atrium, "fracture"));
    same(words.pacing(patient).texts[0], "atrium: 10 kohm, too high");
    same(words.pacing(undefined).texts[0], "none: a recorded heart");
  });

  it("of a battery that ends", () => {
    const patient = simulatedPatient();
    const said = () => `${words.battery(patient).texts[0]} ${words.battery(patient).color}`;
    same(said(), "100 % dim");
    patient.setBattery(createBattery(7));
    same(said(), "7 % warn");
    patient.setBattery(createBattery(1));
    same(said(), "1 % bad");
  });
});
