/** Status lists with Node's zlib: sizes, and compressed attacks. */
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { nodeZlib } from "../../../host/cose/zlib.js";
import { type CborValue, encode } from "../../../modules/cbor/index.js";
import { decodeStatusList, encodeStatusList, StatusList } from "../../../modules/cwt/index.js";
import { ok, same, throws } from "../../support/assert.js";

const lst = (bytes: Uint8Array): CborValue =>
  new Map<CborValue, CborValue>([
    ["bits", 1],
    ["lst", new Uint8Array(bytes)],
  ]);

describe("Token Status List, compressed", () => {
  it("465,000 devices, one in a thousand revoked: 58,125 bytes, and some 1 KB compressed", () => {
    const list = StatusList.empty(1, 465_000);
    same(list.bytes.length, 58_125);
    let random = 1;
    for (let i = 0; i < 465; i++) {
      random = (Math.imul(random, 1103515245) + 12345) >>> 0;
      list.set(random % 465_000, 1);
    }
    const written = encode(encodeStatusList(list, nodeZlib));
    ok(written.length < 1536, `${written.length} bytes`);
    const read = decodeStatusList(encodeStatusList(list, nodeZlib), nodeZlib);
    for (let i = 0; i < 465_000; i += 7) same(read.get(i), list.get(i));
  });

  it("a list that inflates without end is refused", () => {
    const bomb = deflateSync(new Uint8Array(50_000_000), { level: 9 });
    throws("cwt/status", () => decodeStatusList(lst(bomb), nodeZlib));
    throws("cwt/status", () => decodeStatusList(lst(deflateSync(new Uint8Array(101))), nodeZlib, 100));
    same(decodeStatusList(lst(deflateSync(new Uint8Array(100))), nodeZlib, 100).size, 800);
  });

  it("other formats, cut off and changed bytes are refused", () => {
    const good = deflateSync(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]));
    for (const bad of [
      new Uint8Array(0),
      gzipSync(good),
      deflateRawSync(good),
      good.subarray(0, good.length - 1),
    ]) {
      throws("cwt/status", () => decodeStatusList(lst(bad), nodeZlib));
    }
    for (let i = good.length - 4; i < good.length; i++) {
      const changed = new Uint8Array(good);
      changed[i] ^= 1;
      throws("cwt/status", () => decodeStatusList(lst(changed), nodeZlib));
    }
  });
});
