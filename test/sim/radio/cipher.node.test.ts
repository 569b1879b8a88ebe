import { ah, parseAddress, privateAddress, resolves } from "../../../sim/radio/address.js";
import { LinkCipher, sessionKey } from "../../../sim/radio/ll/cipher.js";
import { reversed } from "../../../sim/radio/octets.js";
import { Seeded } from "../../../sim/radio/random.js";
import { deep, same } from "../../support/assert.js";

/** As the specification prints a number: most significant octet first. */
const number = (hex: string): Uint8Array => reversed(new Uint8Array(Buffer.from(hex, "hex")));
const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));

/** Core Specification 5.4, Vol 6 Part C section 1: LE encryption sample data. */
const LTK = number("4c68384139f574d836bcf34e9dfb01bf");
const SAMPLE = {
  skdCentral: number("acbdcedfe0f10213"),
  ivCentral: number("badcab24"),
  skdPeripheral: number("0213243546576879"),
  ivPeripheral: number("deafbabe"),
};
const CONTROL = 0b11;

describe("encryption of the link (Vol 6 Part E section 2)", () => {
  it("the session key of the sample data", () =>
    deep(sessionKey(LTK, SAMPLE), octets("99ad1b5226a37e3e058e3b8e27c2c666")));

  it("LL_START_ENC_RSP of the sample data, from the central and from the peripheral", () => {
    const START_ENC_RSP = Uint8Array.of(0x06);
    deep(new LinkCipher(LTK, SAMPLE, true).seal(CONTROL, START_ENC_RSP), octets("9fcda7f448"));
    deep(new LinkCipher(LTK, SAMPLE, false).seal(CONTROL, START_ENC_RSP), octets("a34c13a415"));
  });

  it("what was sealed opens in order, with the header and the key that it was sealed with, and not else", () => {
    const [sealer, opener] = [new LinkCipher(LTK, SAMPLE, true), new LinkCipher(LTK, SAMPLE, true)];
    const [first, second] = [sealer.seal(2, Uint8Array.of(1)), sealer.seal(1, Uint8Array.of(2, 3))];
    deep(opener.open(2, first), Uint8Array.of(1));
    deep(opener.open(1, second), Uint8Array.of(2, 3));
    same(new LinkCipher(LTK, SAMPLE, true).open(1, first), undefined, "another LLID:");
    same(new LinkCipher(LTK, SAMPLE, true).open(1, second), undefined, "another counter:");
    same(new LinkCipher(LTK, SAMPLE, false).open(2, first), undefined, "another direction:");
    same(new LinkCipher(number("00".repeat(16)), SAMPLE, true).open(2, first), undefined, "another key:");
    same(new LinkCipher(LTK, SAMPLE, true).open(2, first.slice(0, 4)), undefined, "a MIC alone:");
  });
});

describe("resolvable private addresses (Vol 6 Part B section 1.3.2)", () => {
  /** Vol 3 Part H appendix D.7: sample data of ah(). */
  it("the hash of the sample data", () =>
    deep(ah(number("ec0234a357c8ad05341010a60a397d9b"), number("708194")), number("0dfbaa")));

  it("an address is resolved by its own key alone", () => {
    const random = new Seeded(7);
    const [irk, other] = [random.bytes(16), random.bytes(16)];
    for (let n = 0; n < 50; n++) {
      const address = privateAddress(irk, random);
      same(resolves(irk, address), true);
      same(resolves(other, address), false);
    }
    same(resolves(irk, parseAddress("C0:00:00:00:00:01", 1)), false, "a static address:");
  });
});
