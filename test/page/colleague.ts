/** A colleague who comes by with the Authority's list: the button opens the window in which a device takes a second session. */
import type { WebDemo } from "../../host/bridge/run.js";
import { LoopbackLink } from "../../host/link/loopback.js";
import { carry } from "../../host/programmer/manage.js";
import { Programmer } from "../../host/programmer/programmer.js";
import { Trust } from "../../modules/credential/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { ok } from "../support/assert.js";

/** @param device which of the demo's. @param kid of the programmer that is revoked, as the page shows it */
export async function revoke(demo: WebDemo, device: number, kid: string): Promise<void> {
  const crypto = createPortableCrypto();
  const { office } = demo.hospital;
  const key = await crypto.generate("Ed25519");
  const credential = await office.issue({
    kind: "programmer",
    holder: key,
    audience: ["ward-3"],
    scope: ["ecg:read"],
  });
  const revoked = office.registry.ofKey(Buffer.from(kid.replace(/ /g, ""), "hex").toString("base64url"));
  ok(revoked.length === 1, `${kid} is unknown`);
  office.revoke(revoked);
  const list = await office.list("ward-3");
  const firmware = demo.firmware[device]!;
  await firmware.press(100);
  const colleague = await Programmer.connect({
    crypto,
    link: await LoopbackLink.open({ port: firmware.port }),
    credential,
    key,
    trust: new Trust(crypto, {
      anchor: office.authority.anchor,
      kinds: ["device"],
      time: () => ({ floor: 0 }),
    }),
    observe: () => {},
  });
  await carry(colleague, list as Uint8Array, crypto);
  colleague.close();
}
