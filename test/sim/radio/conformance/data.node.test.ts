/** Core Specification 5.4: clauses without a volume are of Vol 4 Part E (HCI). */
import { ACL } from "../../../../sim/radio/controller/features.js";
import { STATUS } from "../../../../sim/radio/hci/codes.js";
import { Seeded } from "../../../../sim/radio/random.js";
import { deep, same } from "../../../support/assert.js";
import { le16 } from "../hci.js";
import { SECOND_US } from "../room.js";
import { type Case, completed, conform, connected, HANDLE } from "./pair.js";

const { success, invalidParameters } = STATUS;

const DATA: Case[] = [
  [
    "Vol 6 Part B 2.4.1",
    "an ACL packet of 251 octets, 27 at a time: a beginning and nine to go on with, one buffer given back",
    async () => {
      const { room, a, b } = await connected();
      const sent = new Seeded(3).bytes(251);
      b.acl(HANDLE, 0, sent);
      await room.clock.pass(SECOND_US / 5);
      const came = a.data();
      deep(
        came.map(({ boundary }) => boundary),
        [2, 1, 1, 1, 1, 1, 1, 1, 1, 1],
      );
      deep(
        came.map(({ bytes }) => bytes.length),
        [27, 27, 27, 27, 27, 27, 27, 27, 27, 8],
      );
      deep(Uint8Array.from(came.flatMap(({ bytes }) => [...bytes])), sent);
      deep(b.events("completedPackets"), [[1, HANDLE, 0, 1, 0]]);
    },
  ],
  [
    "5.4.2",
    "a continuing ACL packet goes on with the L2CAP PDU; an unknown handle, a wrong length, a flag that a host may not set go nowhere",
    async () => {
      const { room, a, b } = await connected();
      b.acl(HANDLE, 0, Uint8Array.of(1));
      b.acl(HANDLE, 1, Uint8Array.of(2));
      b.acl(HANDLE, 2, Uint8Array.of(3));
      b.acl(HANDLE, 3, Uint8Array.of(3));
      b.acl(0x0123, 0, Uint8Array.of(4));
      b.write(Uint8Array.of(2, HANDLE, 0, 9, 0, 5));
      b.write(Uint8Array.of(2, HANDLE));
      b.write(Uint8Array.of(7, 7, 7, 7, 7, 7));
      await room.clock.pass(SECOND_US / 10);
      deep(a.data(), [
        { boundary: 2, bytes: Uint8Array.of(1) },
        { boundary: 1, bytes: Uint8Array.of(2) },
      ]);
      same(completed(b), 2);
    },
  ],
  [
    "4.1.1",
    "as many packets as there are buffers are taken; one more is an overflow and is not sent",
    async () => {
      const { room, a, b } = await connected();
      for (let n = 0; n <= ACL.packets; n++) b.acl(HANDLE, 0, Uint8Array.of(n));
      await room.clock.pass(0);
      deep(b.events("dataBufferOverflow"), [[1]]);
      await room.clock.pass(SECOND_US);
      deep(
        a.data().map(({ bytes }) => bytes[0]),
        [...Array(ACL.packets).keys()],
      );
      same(completed(b), ACL.packets);
      b.acl(HANDLE, 0, new Uint8Array(ACL.octets + 1));
      await room.clock.pass(SECOND_US);
      deep(b.events("dataBufferOverflow"), [[1]], "a packet longer than a buffer:");
    },
  ],
  [
    "4.1.1",
    "no buffer is given back before the other side has it",
    async () => {
      const { room, a, b } = await connected();
      a.controller.place = { x: 50, y: 0 };
      b.acl(HANDLE, 0, Uint8Array.of(1));
      await room.clock.pass(0.5 * SECOND_US);
      same(completed(b), 0);
      a.controller.place = { x: 0, y: 0 };
      await room.clock.pass(0.1 * SECOND_US);
      same(completed(b), 1);
    },
  ],
  [
    "7.8.33",
    "LE Set Data Length: both hear of it, and packets are longer from then on; out of range is refused",
    async () => {
      const { room, a, b } = await connected();
      deep(await b.command("leSetDataLength", le16(HANDLE), le16(26), le16(2120)), [
        invalidParameters,
        HANDLE,
        0,
      ]);
      deep(await b.command("leSetDataLength", le16(HANDLE), le16(252), le16(2120)), [
        invalidParameters,
        HANDLE,
        0,
      ]);
      deep(await b.command("leSetDataLength", le16(HANDLE), le16(251), le16(2120)), [success, HANDLE, 0]);
      await room.clock.pass(SECOND_US / 10);
      const [short, long] = [
        [27, 0, 0x48, 1],
        [251, 0, 0x48, 8],
      ];
      deep(b.le("dataLengthChange"), [[HANDLE, 0, ...long, ...short]]);
      deep(a.le("dataLengthChange"), [[HANDLE, 0, ...short, ...long]]);
      b.acl(HANDLE, 0, new Uint8Array(251));
      await room.clock.pass(SECOND_US / 10);
      deep(
        a.data().map(({ bytes }) => bytes.length),
        [251],
      );
    },
  ],
  [
    "7.8.35",
    "the suggested default: new connections ask for it themselves",
    async () => {
      const { a, b } = await connected({ octets: 251 });
      same(a.le("dataLengthChange").length > 0 && b.le("dataLengthChange").length > 0, true);
    },
  ],
  [
    "Vol 6 Part B 4.5.6",
    "a connection event of 15 ms has room for six full packets and what answers them",
    async () => {
      const { room, a, b } = await connected({ octets: 251 });
      await room.clock.pass(SECOND_US);
      b.came.length = 0;
      room.air.traffic.reset();
      for (let sent = 0, sum = 0; room.clock.nowUs < 4 * SECOND_US; await room.clock.pass(1000)) {
        sum += completed(a);
        while (sent - sum < ACL.packets) {
          a.acl(HANDLE, 0, new Uint8Array(251));
          sent++;
        }
      }
      const { packets } = room.air.traffic.fromPeripheral;
      const events = room.air.traffic.fromCentral.empty / 6;
      same(Math.round(packets / events), 6);
    },
  ],
];

conform("ACL data and its flow control", DATA);
