/** An Authority of the tests at work, in a folder of its own, with a clock that the test holds. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuthorityFolder } from "../../../host/authority/folder.js";
import { Office } from "../../../host/authority/office.js";
import type { Credential } from "../../../modules/credential/index.js";
import type { PrivateKey, SigningCurve } from "../../../modules/crypto/port.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";

export const crypto = createPortableCrypto();
export const NOW = 1_800_000_000;
export const DAY = 86_400;
export const STATUS_URI = "https://st.example/s";

export interface Books {
  readonly office: Office;
  readonly clock: { now: number };
  close(): void;
}

export async function openBooks(curve: SigningCurve = "Ed25519"): Promise<Books> {
  const path = mkdtempSync(join(tmpdir(), "vagus-test-"));
  const facts = { name: "test", curve, statusUri: STATUS_URI, created: "2027" };
  const folder = await AuthorityFolder.create(crypto, path, facts, "insecure");
  const { key } = await folder.unlock(crypto, async () => "");
  const clock = { now: NOW };
  const office = new Office(crypto, folder, key, () => clock.now);
  return { office, clock, close: () => rmSync(path, { recursive: true, force: true }) };
}

export interface Holder {
  readonly key: PrivateKey<SigningCurve>;
  readonly credential: Credential;
}

export async function programmerOf(office: Office, audience = ["ward"], lifetimeS = DAY): Promise<Holder> {
  const key = await crypto.generate(office.authority.anchor.curve);
  const scope = ["ecg:read", "delegate"];
  return {
    key,
    credential: await office.issue({ kind: "programmer", holder: key, audience, scope, lifetimeS }),
  };
}

export async function deviceOf(office: Office, audience = ["ward"], lifetimeS?: number): Promise<Holder> {
  const key = await crypto.generate(office.authority.anchor.curve);
  const content = { kind: "device", holder: key, audience, ...(lifetimeS && { lifetimeS }) } as const;
  return { key, credential: await office.issue(content) };
}
