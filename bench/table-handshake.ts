import type { Figures } from "./figures.js";

type Row = readonly [what: string, messages: readonly number[] | undefined, total: number];

/**
 * What others publish, in octets: "Message Size Examples" of RFC 9528 section 1.2, and "Bytes-Over-Air" of
 * benchmarks.md in github.com/eriptic/uoscore-uedhoc at commit 002de27.
 */
const PUBLISHED: readonly Row[] = [
  ["RFC 9528 1.2: signatures, kid", [37, 102, 77], 216],
  ["RFC 9528 1.2: signatures, x5t", [37, 115, 90], 242],
  ["RFC 9528 1.2: static DH, kid", [37, 45, 19], 101],
  ["RFC 9528 1.2: static DH, x5t", [37, 58, 33], 128],
  ["uoscore-uedhoc: two X.509 of 293 bytes by value", undefined, 808],
  ["uoscore-uedhoc: X.509 that both have", undefined, 242],
  ["uoscore-uedhoc: static DH keys that both have", undefined, 101],
];

const NOTES = `  by kid, beside the RFC's signatures with kid: the version's EAD item (5 bytes in messages 1 and 2), a kid of 8 bytes for one of 1
  (8 in 2 and 3), a tag of 16 bytes for one of 8 (8 in 3), and message_4, which the RFC's sums leave out. Signatures and not
  static DH, since the device's key signs readings.
  uoscore-uedhoc's benchmarks.md has no figure for each message, and no more than the RFC's section 1.2 any count of work;
  its times (ESP32 at 160 MHz: 0.402 s by value, 0.294 s with X.509 that both have) compare with nothing here.
`;

const cells = (messages: readonly number[] | undefined): string =>
  [0, 1, 2, 3].map((i) => `${messages?.[i] ?? "–"}`.padStart(5)).join("");

/** The handshake's figures beside what others publish. */
export function handshakeTable(f: Figures): string {
  const [programmer, device] = f.handshakeCredentials;
  const own: readonly Row[] = [
    [`by value: ${programmer} (programmer), ${device} (device)`, f.handshakeMessages, f.handshakeBytes],
    ["by kid", f.handshakeMessagesKid, f.handshakeBytesKid],
  ];
  const rows = [...own, ...PUBLISHED].map(
    ([what, messages, total]) => `  ${what.padEnd(48)}${cells(messages)}${String(total).padStart(8)}`,
  );
  const meter = (value: number) => value.toLocaleString("en-US").padStart(12);
  return [
    "Bytes of a handshake: EDHOC, method 0, suite 1, Ed25519, the device as Initiator; without fragments' headers",
    `  ${"message".padEnd(48)}${[1, 2, 3, 4].map((n) => `${n}`.padStart(5)).join("")}${"total".padStart(8)}`,
    ...rows,
    NOTES,
    "Work of a handshake, the device's",
    `  ${"byte codes of XS, whole firmware, by value".padEnd(52)}${meter(f.handshakeMeter)}`,
    `  ${"byte codes of XS, whole firmware, by kid".padEnd(52)}${meter(f.handshakeMeterKid)}`,
    `  operations, by value: ${operations(f.handshakeOperations)}`,
    `  operations, by kid:   ${operations(f.handshakeOperationsKid)}`,
    "  Byte codes: two runs, of one session and of two. Operations: the handshake alone, the token of the peer verified in it.\n",
  ].join("\n");
}

function operations(calls: Readonly<Record<string, number>>): string {
  const done = Object.entries(calls).filter(([, count]) => count > 0);
  return done.map(([name, count]) => `${name} ${count}`).join(", ");
}
