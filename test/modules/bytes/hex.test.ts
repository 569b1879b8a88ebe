import { fromHex, toHex } from "../../../modules/bytes/index.js";
import { VagusError } from "../../../modules/error/index.js";
import { deep, ok, same, throws } from "../../support/assert.js";

describe("hexadecimal", () => {
  it("every byte, in both cases", () => {
    for (let byte = 0; byte < 256; byte++) {
      const text = byte.toString(16).padStart(2, "0");
      same(toHex(Uint8Array.of(byte)), text);
      deep(fromHex(text), Uint8Array.of(byte));
      deep(fromHex(text.toUpperCase()), Uint8Array.of(byte), text.toUpperCase());
    }
    same(toHex(new Uint8Array(0)), "");
    deep(fromHex(""), new Uint8Array(0));
    deep(fromHex("00fFaBc0"), Uint8Array.of(0x00, 0xff, 0xab, 0xc0));
  });

  const REFUSED = [
    "0",
    "000",
    "0g",
    "0/",
    "0:",
    "0@",
    "0`",
    "g0",
    "0x00",
    " 0",
    "00\n",
    "00 ",
    "-1",
    "é0",
    "００",
    "𝟘0",
  ];
  for (const text of REFUSED) {
    it(`${JSON.stringify(text)} is none`, () => {
      throws("host/input", () => fromHex(text));
    });
  }

  it("what was expected and what came", () => {
    let message = "";
    try {
      fromHex("012");
    } catch (error) {
      if (error instanceof VagusError) message = error.message;
    }
    ok(message.includes("expected an even number of hexadecimal digits, came 3 characters"), message);
  });

  it("65,536 bytes in well below a second: both ways are linear", () => {
    const bytes = Uint8Array.from({ length: 65536 }, (_, i) => i * 7);
    const started = Date.now();
    deep(fromHex(toHex(bytes)), bytes);
    const took = Date.now() - started;
    ok(took < 1000, `took ${took} ms`);
  });
});
