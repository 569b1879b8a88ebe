import { toBase64url } from "../../modules/bytes/base64url.js";
import { equal, toHex } from "../../modules/bytes/index.js";
import { verifyCredential, verifyRequest } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { parseCwtUnverified } from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { hexOf } from "./kid.js";
import type { Office } from "./office.js";
import type { Answer, Question } from "./question.js";

/**
 * Answers what a programmer asks while it is in a session with a device.
 * @throws VagusError as `judgeFreshness`; for a credential `credential/holder` where it is not this device's,
 *   `credential/revoked`, `credential/request` where another key than the device's has signed, `cwt/…`
 */
export async function answerQuestion(crypto: Crypto, office: Office, question: Question): Promise<Answer> {
  if (question.what === "freshness") return office.freshness(question.request);
  const { device, nonce } = office.judge(question.request);
  if (question.what === "time") return { token: await office.timeReset(nonce, device) };
  return { token: await renew(crypto, office, device, question) };
}

/** The next credential of a device: for a key that the device itself has asked for, with the one that it has. */
async function renew(
  crypto: Crypto,
  office: Office,
  device: string,
  asked: Extract<Question, { what: "credential" }>,
): Promise<Uint8Array> {
  const { registry, authority } = office;
  const options = { kind: "device", anchor: authority.anchor, time: { floor: 0 } } as const;
  const current = verifyCredential(crypto, asked.credential, options);
  const name = toBase64url(current.kid);
  if (current.subject !== device || !registry.ofKey(name).some(({ sub }) => sub === device)) {
    throw new VagusError(
      "credential/holder",
      `expected a credential of ${device}, came one of ${current.subject}`,
    );
  }
  if (registry.isKeyRevoked(name)) {
    const came = `${hexOf(name)}, which is revoked`;
    throw new VagusError("credential/revoked", `expected a key that holds, came ${came}`);
  }
  const { kid } = parseCwtUnverified(asked.holder);
  const holder = verifyRequest(crypto, asked.holder, { ...current.key, kid: current.kid });
  if (kid === undefined || !equal(kid, current.kid)) {
    throw new VagusError(
      "credential/request",
      `expected a request that the device's key ${toHex(current.kid)} signed, came one of another`,
    );
  }
  const { audience } = current;
  return (await office.issue({ kind: "device", holder, audience, subject: device })).token;
}
