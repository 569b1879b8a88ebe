/** The page's demo: a hospital with its Authority, devices, and a bridge that joins a browser to them. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { toBase64url } from "../../modules/bytes/base64url.js";
import { encode } from "../../modules/cbor/index.js";
import { type NamedKey, SCOPE, verifyRequest } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import type { Firmware } from "../../sim/firmware.js";
import { answerQuestion } from "../authority/answer.js";
import { AUTHORITY_FILES, AuthorityFolder } from "../authority/folder.js";
import { Office } from "../authority/office.js";
import { decodeQuestion, encodeAnswer, encodeRefusal } from "../authority/question.js";
import { HOLD_MS } from "../demo/run.js";
import { LoopbackLink } from "../link/loopback.js";
import { Provisioner } from "../programmer/provisioner.js";
import type { BridgedAuthority } from "./bridge.js";

/** The group of the demo's devices, which its programmers may talk to. */
const GROUP = "ward-3";
const LINK_TRIES = 40;
const LINK_PAUSE_MS = 50;

/** A hospital's Authority as `vagus authority` keeps it; its key lies there bare, which is fit for nothing but a demo. */
export class DemoHospital {
  readonly office: Office;
  readonly #crypto: Crypto;

  private constructor(crypto: Crypto, office: Office) {
    this.#crypto = crypto;
    this.office = office;
  }

  /** @throws VagusError as `AuthorityFolder` */
  static async open(crypto: Crypto, path: string): Promise<DemoHospital> {
    const facts = {
      name: "Vagus demo hospital",
      curve: "Ed25519",
      statusUri: "https://demo.example/s",
      created: new Date().toISOString(),
    } as const;
    const there = existsSync(join(path, AUTHORITY_FILES.facts));
    const folder = there
      ? AuthorityFolder.open(crypto, path)
      : await AuthorityFolder.create(crypto, path, facts, "insecure");
    const { key } = await folder.unlock(crypto, () => Promise.resolve(""));
    return new DemoHospital(crypto, new Office(crypto, folder, key, nowSeconds));
  }

  /** Holds the device's button and gives it its credential, over the label session. Not where it has one. */
  async provision(firmware: Firmware): Promise<void> {
    if (firmware.state === "provisioned") return;
    await firmware.press(HOLD_MS);
    const { port, label } = firmware;
    const provisioner = await Provisioner.connect({ crypto: this.#crypto, link: await linkTo(port), label });
    try {
      const holder = await provisioner.identify(this.office.authority.anchor.curve);
      const { token } = await this.office.issue({ kind: "device", holder, audience: [GROUP] });
      await provisioner.provision(token, this.office.authority.anchorKey);
    } finally {
      provisioner.close();
    }
  }

  /** What the bridge may ask of it: a demo gives a programmer of its group every right there is. */
  get bridged(): BridgedAuthority {
    const { office } = this;
    const crypto = this.#crypto;
    return {
      anchor: toBase64url(office.authority.anchor.kid),
      issue: async (request) => {
        const holder: NamedKey = verifyRequest(crypto, request);
        const scope = Object.values(SCOPE);
        const { token } = await office.issue({ kind: "programmer", holder, audience: [GROUP], scope });
        return encode([token, office.authority.anchorKey]);
      },
      statusList: () => office.statusList(),
      answer: async (question) => {
        try {
          return encodeAnswer(question, await answerQuestion(crypto, office, decodeQuestion(question)));
        } catch (error) {
          if (!(error instanceof VagusError)) throw error;
          return encodeRefusal(question, error);
        }
      },
    };
  }
}

/** The device serves one central at a time: it may not have seen the last one go. */
async function linkTo(port: number): Promise<LoopbackLink> {
  for (let left = LINK_TRIES; ; left--) {
    try {
      return await LoopbackLink.open({ port });
    } catch (error) {
      if (left <= 1 || !(error instanceof VagusError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, LINK_PAUSE_MS));
    }
  }
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
