/** The programmer's side of the label session, against the device on the bench (DESIGN section 4). */
import { cryptos } from "engine";
import { Authority } from "../../../host/authority/authority.js";
import { Programmer } from "../../../host/programmer/programmer.js";
import { Provisioner } from "../../../host/programmer/provisioner.js";
import { Trust, verifyCredential } from "../../../modules/credential/index.js";
import type { SigningCurve } from "../../../modules/crypto/port.js";
import { DEVICE_SECTORS_MIN } from "../../../modules/device/index.js";
import { type Flash, MemoryFlash } from "../../../modules/flash/index.js";
import { STREAM } from "../../../modules/reading/index.js";
import { type Bench, startDevice } from "../../modules/device/bench.js";
import { Clinic, DAY, GROUP, MADE_AT } from "../../modules/device/clinic.js";
import { deep, rejects, same } from "../../support/assert.js";
import { linkTo } from "./bench-link.js";

const crypto = cryptos[0]!;

/** A device whose button was held. */
async function held(flash: Flash = new MemoryFlash(DEVICE_SECTORS_MIN)): Promise<Bench> {
  const bench = await startDevice(crypto, flash);
  await bench.button.hold(bench.clock, 3000);
  return bench;
}

function connect(bench: Bench, label = bench.label): Promise<Provisioner> {
  return Provisioner.connect({ crypto, label, link: linkTo(bench).link, timeoutMs: 300 });
}

async function authority(curve: SigningCurve, fill = 0x33): Promise<Authority> {
  return new Authority(crypto, await crypto.importKey(curve, new Uint8Array(32).fill(fill)));
}

describe("A device is provisioned by its label (DESIGN section 4)", () => {
  for (const curve of ["Ed25519", "P-256"] as const) {
    it(`by an Authority on ${curve}: then its programmer is let in, and has a stream`, async () => {
      const bench = await held();
      const maker = await authority(curve);
      const provisioner = await connect(bench);
      const device = await provisioner.identify(curve);
      const now = MADE_AT;
      const credential = await maker.issue({ kind: "device", holder: device, audience: [GROUP], now });
      await provisioner.provision(credential, maker.anchorKey);
      provisioner.close();
      deep([bench.device.holder.state, bench.device.holder.own!.kid], ["provisioned", device.kid]);

      const key = await crypto.generate(curve);
      const scope = ["ecg:read"];
      const token = await maker.issue({ kind: "programmer", holder: key, audience: [GROUP], scope, now });
      const time = { floor: now };
      const { anchor } = maker;
      const own = verifyCredential(crypto, token, { kind: "programmer", anchor, time });
      const trust = new Trust(crypto, { anchor, kinds: ["device"], time: () => time });
      const kinds: string[] = [];
      const programmer = await Programmer.connect({
        crypto,
        link: linkTo(bench).link,
        credential: own,
        key,
        trust,
        observe: (event) => {
          if (event.kind === "token") kinds.push(event.token.kind);
          return true;
        },
        timeoutMs: 500,
      });
      await programmer.start(STREAM.ecg, 250, 1);
      await bench.clock.pass(600);
      deep(kinds, ["header", "reading", "head"]);
      programmer.close();
    });
  }

  it("what the device refuses comes as the device's own code; the right credential is taken after it", async () => {
    const bench = await held();
    const [maker, other] = [await authority("Ed25519"), await authority("Ed25519", 0x44)];
    const provisioner = await connect(bench);
    const device = await provisioner.identify("Ed25519");
    const content = { kind: "device", audience: [GROUP], now: MADE_AT } as const;
    const credential = await maker.issue({ ...content, holder: device });
    const stray = await maker.issue({ ...content, holder: await crypto.generate("Ed25519") });
    await rejects("credential/holder", () => provisioner.provision(stray, maker.anchorKey));
    await rejects("cwt/issuer", () => provisioner.provision(credential, other.anchorKey));
    await provisioner.provision(credential, maker.anchorKey);
    same(bench.device.holder.state, "provisioned");
  });

  it("another label: refused before anything is said", async () => {
    const bench = await held();
    await rejects("session/timeout", () => connect(bench, new Uint8Array(16)).catch(asTimeout));
    deep(bench.refusals(), ["session/confirm"]);
  });

  it("a device that has a credential, and whose button nobody holds: session/order", async () => {
    const clinic = await Clinic.open(crypto);
    const bench = await startDevice(crypto, await clinic.provisionedFlash({ expires: MADE_AT + DAY }));
    await rejects("session/order", () => connect(bench));
  });

  it("with its button held it is provisioned again by the same Authority only", async () => {
    const clinic = await Clinic.open(crypto);
    const bench = await held(await clinic.provisionedFlash());
    const other = await Clinic.open(crypto, 0x40);
    const provisioner = await connect(bench);
    const key = await provisioner.identify("Ed25519");
    const foreign = await other.issueDevice(key);
    await rejects("credential/anchor", () => provisioner.provision(foreign, other.anchorKey));
    await provisioner.provision(await clinic.issueDevice(key), clinic.anchorKey);
    deep(bench.device.holder.own!.kid, key.kid);
  });

  /** A link that is hung up, or a device that says nothing more: both are no label_3. */
  function asTimeout(error: { code: string }): never {
    throw Object.assign(error, error.code === "gatt/disconnected" ? { code: "session/timeout" } : {});
  }
});
