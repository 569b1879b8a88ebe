import { toHex } from "../../../modules/bytes/index.js";
import {
  ASSEMBLY_MS,
  ATT_OVERHEAD,
  Fragmenter,
  MESSAGE_MAX,
  MTU_MAX,
  MTU_MIN,
  Reassembler,
} from "../../../modules/gatt/index.js";
import { deep, ok, same, throws } from "../../support/assert.js";

function message(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + seed * 17) & 0xff;
  return bytes;
}

/** The messages that come out when `fragments` go in. */
function join(reassembler: Reassembler, fragments: readonly Uint8Array[], nowMs = 0): Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (const fragment of fragments) {
    const whole = reassembler.push(fragment, nowMs);
    if (whole !== undefined) messages.push(whole);
  }
  return messages;
}

describe("Fragments (DESIGN section 8)", () => {
  const DRAWN: [string, number, number, string[]][] = [
    ["an empty message", 0, 20, ["c00000"]],
    ["one that fits", 3, 20, ["c00003112f4e".replace("112f4e", toHex(message(3)))]],
    [
      "one that needs three",
      40,
      20,
      [
        `800028${toHex(message(40).slice(0, 17))}`,
        `01${toHex(message(40).slice(17, 36))}`,
        `42${toHex(message(40).slice(36))}`,
      ],
    ],
  ];
  for (const [name, length, size, expected] of DRAWN) {
    it(`as drawn: ${name}`, () => deep(new Fragmenter().cut(message(length), size).map(toHex), expected));
  }

  it("every MTU from 23 to 247: what was cut is joined, and no fragment is too long", () => {
    const fragmenter = new Fragmenter();
    const reassembler = new Reassembler();
    for (let mtu = MTU_MIN; mtu <= MTU_MAX; mtu++) {
      const size = mtu - ATT_OVERHEAD;
      for (const length of [0, 1, size - 4, size - 3, size - 2, 2 * size - 4, 2 * size - 3, 300]) {
        const fragments = fragmenter.cut(message(length), size);
        ok(fragments.every((fragment) => fragment.length <= size));
        same(fragments.length, length <= size - 3 ? 1 : 1 + Math.ceil((length - (size - 3)) / (size - 1)));
        deep(join(reassembler, fragments), [message(length)], `MTU ${mtu}, ${length} bytes`);
      }
    }
    same(reassembler.dropped, 0);
  });

  it("every length up to 600, and to 4096 around each kilobyte", () => {
    const fragmenter = new Fragmenter();
    const reassembler = new Reassembler();
    const lengths = Array.from({ length: 600 }, (_, i) => i);
    for (const kilobyte of [1024, 2048, 3072, 4096]) lengths.push(kilobyte - 1, kilobyte);
    for (const length of lengths) {
      const messages = join(reassembler, fragmenter.cut(message(length), 244));
      same(messages.length, 1);
      deep(messages[0], message(length));
    }
  });

  it("a message of 4096 bytes at MTU 23: its counter goes round three times", () => {
    const fragments = new Fragmenter().cut(message(MESSAGE_MAX), 20);
    same(fragments.length, 216);
    deep(join(new Reassembler(), fragments), [message(MESSAGE_MAX)]);
  });

  it("refuses to cut what is too long or for too little room, and counts nothing", () => {
    const fragmenter = new Fragmenter();
    throws("gatt/too-long", () => fragmenter.cut(message(MESSAGE_MAX + 1), 244));
    for (const size of [19, 0, -1, Number.NaN]) throws("gatt/mtu", () => fragmenter.cut(message(1), size));
    same(fragmenter.cut(message(1), 20)[0]![0], 0xc0);
  });
});

describe("Fragments that are not right drop their message, never the next one", () => {
  const A = 1;
  const B = 2;
  type Spoil = (a: Uint8Array[], b: Uint8Array[]) => Uint8Array[];
  const first = (length: number): Uint8Array => Uint8Array.of(0x80, length >> 8, length & 0xff, 9, 9);
  // What comes: fragments of A (4 of them) spoilt somehow, then those of B. And what is to come out: B or both.
  const CASES: [string, Spoil, number[]][] = [
    ["one dropped", (a, b) => [a[0]!, a[1]!, a[3]!, ...b], [B]],
    ["the first dropped", (a, b) => [...a.slice(1), ...b], [B]],
    ["the last dropped", (a, b) => [...a.slice(0, 3), ...b], [B]],
    ["one doubled", (a, b) => [a[0]!, a[1]!, a[1]!, a[2]!, a[3]!, ...b], [B]],
    ["the first doubled: begun afresh", (a, b) => [a[0]!, ...a, ...b], [A, B]],
    ["the last doubled", (a, b) => [...a, a[3]!, ...b], [A, B]],
    ["two exchanged", (a, b) => [a[0]!, a[2]!, a[1]!, a[3]!, ...b], [B]],
    ["another message within", (a, b) => [a[0]!, a[1]!, ...b, a[2]!, a[3]!], [B]],
    ["an empty value", (a, b) => [a[0]!, new Uint8Array(0), ...a.slice(1), ...b], [B]],
    ["the end too early", (a, b) => [a[0]!, Uint8Array.of(0x40 | 1, 1, 2), ...b], [B]],
    [
      "no end",
      (a, b) => [a[0]!, a[1]!, a[2]!, Uint8Array.of(a[3]![0]! & 0x3f, ...a[3]!.subarray(1)), ...b],
      [B],
    ],
    ["too much", (a, b) => [a[0]!, a[1]!, a[2]!, Uint8Array.of(...a[3]!, 0), ...b], [B]],
    ["a length of 4097", (_a, b) => [first(4097), ...b], [B]],
    ["a length of 65535", (_a, b) => [first(65535), ...b], [B]],
    [
      "a first fragment without a length",
      (_a, b) => [Uint8Array.of(0x80), Uint8Array.of(0xc0, 0), ...b],
      [B],
    ],
    ["first and last, yet not whole", (_a, b) => [Uint8Array.of(0xc0, 0, 9, 1), ...b], [B]],
    ["first, whole, yet not last", (_a, b) => [Uint8Array.of(0x80, 0, 1, 1), ...b], [B]],
  ];
  for (const [name, spoil, expected] of CASES) {
    it(name, () => {
      const fragmenter = new Fragmenter();
      const a = fragmenter.cut(message(70, A), 20);
      const b = fragmenter.cut(message(50, B), 20);
      same(a.length, 4);
      const reassembler = new Reassembler();
      const messages: Uint8Array[] = [];
      for (const fragment of spoil(a, b)) {
        try {
          const whole = reassembler.push(fragment, 0);
          if (whole !== undefined) messages.push(whole);
        } catch (error) {
          throws("gatt/fragment", () => {
            throw error;
          });
        }
      }
      deep(
        messages,
        expected.map((seed) => message(seed === A ? 70 : 50, seed)),
      );
      ok(reassembler.dropped > 0);
    });
  }

  it(`late: more than ${ASSEMBLY_MS} ms after its first`, () => {
    for (const [late, out] of [
      [ASSEMBLY_MS, 1],
      [ASSEMBLY_MS + 1, 0],
    ] as const) {
      const fragments = new Fragmenter().cut(message(30), 20);
      const reassembler = new Reassembler();
      reassembler.push(fragments[0]!, 100);
      if (out) deep(reassembler.push(fragments[1]!, 100 + late), message(30));
      else throws("gatt/fragment", () => reassembler.push(fragments[1]!, 100 + late));
    }
  });

  it("the message handed out is the receiver's own", () => {
    const fragment = Uint8Array.of(0xc0, 0, 1, 7);
    const whole = new Reassembler().push(fragment, 0);
    fragment.fill(0);
    deep(whole, Uint8Array.of(7));
  });
});
