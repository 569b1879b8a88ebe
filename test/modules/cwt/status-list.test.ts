import { cryptos } from "engine";
import { fromHex } from "../../../modules/bytes/index.js";
import type { CborValue } from "../../../modules/cbor/index.js";
import {
  CLAIM,
  checkSuccession,
  decodeStatusList,
  encodeStatusList,
  isStale,
  lookUpStatus,
  readStatusListToken,
  STATUS,
  StatusList,
  type StatusListToken,
  signCwt,
  statusClaim,
  statusListClaims,
  statusReference,
  TYP,
  verifyCwt,
  type Zlib,
} from "../../../modules/cwt/index.js";
import { deep, same, throws } from "../../support/assert.js";

/** Not zlib, but honest about sizes; the real one is judged by the published vectors. */
const stored: Zlib = {
  deflate: (bytes) => bytes.slice(),
  inflate(bytes, maxSize) {
    if (bytes.length > maxSize) throw new Error("too large");
    return bytes;
  },
};
const URI = "https://example.com/statuslists/1";

function token(list: StatusList, more: Partial<StatusListToken> = {}): StatusListToken {
  return { uri: URI, iat: 100, list, ...more };
}

describe("Token Status List (draft-ietf-oauth-status-list)", () => {
  it("one bit each (section 4.1)", () => {
    const list = StatusList.empty(1, 16);
    for (const index of [0, 3, 4, 5, 7, 8, 9, 13, 15]) list.set(index, 1);
    deep(list.bytes, fromHex("b9a3"));
  });

  it("two bits each (section 4.1)", () => {
    const list = StatusList.empty(2, 12);
    [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3].forEach((status, index) => {
      list.set(index, status);
    });
    deep(list.bytes, fromHex("c944f9"));
    same(list.get(9), STATUS.suspended);
  });

  for (const bits of [1, 2, 4, 8] as const) {
    it(`${bits} bits: every status at every place, neighbours untouched, and back to valid`, () => {
      const list = StatusList.empty(bits, 24);
      const top = 2 ** bits - 1;
      for (let i = 0; i < 24; i++) {
        list.set(i, top);
        for (let j = 0; j < 24; j++) same(list.get(j), j === i ? top : 0);
        list.set(i, STATUS.valid);
      }
      throws("cwt/status", () => list.set(0, top + 1));
      throws("cwt/status", () => list.set(0, -1));
      for (const index of [-1, 24, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
        throws("cwt/status", () => list.get(index));
    });
  }

  const lst = (bits: CborValue, bytes: CborValue): CborValue =>
    new Map<CborValue, CborValue>([
      ["bits", bits],
      ["lst", bytes],
    ]);
  const BAD: [string, CborValue][] = [
    ["no map", 1],
    ["empty", new Map()],
    ["3 bits", lst(3, fromHex("00"))],
    ["0 bits", lst(0, fromHex("00"))],
    ["16 bits", lst(16, fromHex("00"))],
    ["lst as text", lst(1, "00")],
    ["more than fits", lst(1, new Uint8Array(101))],
  ];
  for (const [what, value] of BAD) {
    it(`refuses: ${what}`, () => throws("cwt/status", () => decodeStatusList(value, stored, 100)));
  }

  it("refuses what inflates beyond the limit, even where the port lets it pass", () => {
    const careless: Zlib = { ...stored, inflate: () => new Uint8Array(101) };
    throws("cwt/status", () => decodeStatusList(lst(1, fromHex("00")), careless, 100));
  });

  it("a reference in a token (section 6.3)", () => {
    const claims = new Map([[CLAIM.status, statusClaim({ index: 7, uri: URI })]]);
    deep(statusReference(claims), { index: 7, uri: URI });
    throws("cwt/status", () => statusReference(new Map()));
    throws("cwt/status", () => statusReference(new Map([[CLAIM.status, new Map()]])));
    throws("cwt/status", () =>
      statusReference(new Map([[CLAIM.status, statusClaim({ index: -1, uri: URI })]])),
    );
  });

  it("looking up: the right list, within it", () => {
    const list = StatusList.empty(1, 8);
    list.set(7, STATUS.invalid);
    same(lookUpStatus(token(list), { index: 7, uri: URI }), STATUS.invalid);
    same(lookUpStatus(token(list), { index: 6, uri: URI }), STATUS.valid);
    throws("cwt/status", () => lookUpStatus(token(list), { index: 8, uri: URI }));
    throws("cwt/status", () => lookUpStatus(token(list), { index: 7, uri: `${URI}/` }));
  });

  it("iat never goes back, the list stays the same one", () => {
    const list = StatusList.empty(1, 8);
    checkSuccession(undefined, token(list));
    checkSuccession(token(list), token(list));
    checkSuccession(token(list), token(list, { iat: 101 }));
    throws("cwt/status", () => checkSuccession(token(list), token(list, { iat: 99 })));
    throws("cwt/status", () =>
      checkSuccession(token(list), token(list, { uri: "https://example.com/2", iat: 101 })),
    );
  });

  it("is stale by exp, or by ttl since it was fetched", () => {
    const list = StatusList.empty(1, 8);
    same(isStale(token(list), 0, 1e9), false);
    same(isStale(token(list, { exp: 200 }), 150, 199), false);
    same(isStale(token(list, { exp: 200 }), 150, 200), true);
    same(isStale(token(list, { ttl: 60 }), 150, 209), false);
    same(isStale(token(list, { ttl: 60 }), 150, 210), true);
  });

  it("reads what it writes, in a signed token of its own kind", async () => {
    for (const crypto of cryptos) {
      const key = await crypto.importKey("Ed25519", new Uint8Array(32).fill(5));
      const list = StatusList.empty(2, 8);
      list.set(3, STATUS.suspended);
      const bytes = await signCwt(crypto, key, {
        typ: TYP.statusList,
        claims: statusListClaims(token(list, { exp: 300, ttl: 10 }), stored),
      });
      const options = { typ: TYP.statusList, key, algorithms: ["EdDSA"], time: { floor: 299 } } as const;
      const read = readStatusListToken(verifyCwt(crypto, bytes, options).claims, stored);
      deep(
        { ...read, list: [...read.list.bytes] },
        { uri: URI, iat: 100, exp: 300, ttl: 10, list: [128, 0] },
      );
      throws("cwt/expired", () => verifyCwt(crypto, bytes, { ...options, time: { floor: 300 } }));
    }
    deep(decodeStatusList(encodeStatusList(StatusList.empty(4, 2), stored), stored).bits, 4);
  });
});
