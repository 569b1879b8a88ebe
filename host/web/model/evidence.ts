/** A session that the browser kept, as a bundle that anybody verifies with the Authority's public key: `host/bundle/format.ts`. */
import type { Crypto } from "../../../modules/crypto/port.js";
import { writeBundle } from "../../bundle/write.js";
import { ReceiptBook } from "../../receipt/receipt.js";
import { readStored } from "../../store/stored-token.js";
import type { KeptSession } from "../store/token-store.js";
import type { Identity } from "./identity.js";

/** Of a session, each time it is asked for. */
export type Tokens = () => AsyncIterable<{ readonly stream: number; readonly token: Uint8Array }>;

/**
 * Signs for what was received, and seals it.
 * @param now seconds since 1970
 */
export async function bundleOf(
  crypto: Crypto,
  { key, credential }: Identity,
  session: Pick<KeptSession, "device" | "credentials" | "lists">,
  tokens: Tokens,
  now: number,
): Promise<Uint8Array[]> {
  const book = new ReceiptBook(crypto);
  for await (const { stream, token } of tokens()) book.take(stream, token, readStored(token).cti);
  const content = {
    devices: session.credentials,
    signers: [credential.token],
    statusLists: session.lists,
    receipts: await book.sign(key, session.device, now),
    tokens: only(tokens()),
  };
  const items: Uint8Array[] = [];
  for await (const item of writeBundle(crypto, key, now, content)) items.push(item);
  return items;
}

async function* only(tokens: ReturnType<Tokens>): AsyncGenerator<Uint8Array> {
  for await (const { token } of tokens) yield token;
}
