/** Core Specification 5.4: clauses without a volume are of Vol 4 Part E (HCI). */
import { STATUS } from "../../../../sim/radio/hci/codes.js";
import { Seeded } from "../../../../sim/radio/random.js";
import { deep, ok, same } from "../../../support/assert.js";
import { advertising, connecting, Hci, le16 } from "../hci.js";
import { Room, SECOND_US } from "../room.js";
import {
  advertise,
  type Case,
  conform,
  connected,
  encrypted,
  FIRST,
  HANDLE,
  LTK,
  RAND_EDIV,
  SECOND,
  scan,
} from "./pair.js";

const { success, disallowed } = STATUS;

const SECURITY: Case[] = [
  [
    "7.8.24",
    "Encryption Change on both sides, and data is encrypted from then on: a MIC more in each packet",
    async () => {
      const { room, a, b } = await encrypted();
      deep(a.events("encryptionChange"), [[0, HANDLE, 0, 1]]);
      deep(b.events("encryptionChange"), [[0, HANDLE, 0, 1]]);
      room.air.traffic.reset();
      b.acl(HANDLE, 0, Uint8Array.of(1, 2, 3));
      a.acl(HANDLE, 0, Uint8Array.of(4, 5));
      await room.clock.pass(SECOND_US / 10);
      deep(
        a.data().map(({ bytes }) => bytes),
        [Uint8Array.of(1, 2, 3)],
      );
      deep(
        b.data().map(({ bytes }) => bytes),
        [Uint8Array.of(4, 5)],
      );
      same(room.air.traffic.fromCentral.octets, 7);
      same(room.air.traffic.fromPeripheral.octets, 6);
    },
  ],
  [
    "7.8.26",
    "no key: PIN or Key Missing on the central's side, and the link goes on unencrypted",
    async () => {
      const { room, a, b } = await connected();
      await b.command("leEnableEncryption", le16(HANDLE), RAND_EDIV, LTK);
      await room.clock.pass(SECOND_US / 10);
      deep(await a.command("leLtkNegativeReply", le16(HANDLE)), [success, HANDLE, 0]);
      await room.clock.pass(SECOND_US / 10);
      deep(b.events("encryptionChange"), [[STATUS.keyMissing, HANDLE, 0, 0]]);
      deep(a.events("encryptionChange"), []);
      b.acl(HANDLE, 0, Uint8Array.of(1));
      await room.clock.pass(SECOND_US / 10);
      same(a.data().length, 1);
    },
  ],
  [
    "7.7.65.5",
    "a host that does not want to be asked has no key",
    async () => {
      const { room, a, b } = await connected();
      await a.command("leSetEventMask", [0x0f, 0, 0, 0, 0, 0, 0, 0]);
      await b.command("leEnableEncryption", le16(HANDLE), RAND_EDIV, LTK);
      await room.clock.pass(SECOND_US / 10);
      deep(b.events("encryptionChange"), [[STATUS.keyMissing, HANDLE, 0, 0]]);
    },
  ],
  [
    "Vol 6 Part E 2",
    "another key: the first encrypted packet ends the connection with MIC Failure, the other side's supervision does the rest",
    async () => {
      const { room, a, b } = await connected();
      await b.command("leEnableEncryption", le16(HANDLE), RAND_EDIV, LTK);
      await room.clock.pass(SECOND_US / 10);
      await a.command(
        "leLtkReply",
        le16(HANDLE),
        LTK.map((octet) => octet ^ 1),
      );
      await room.clock.pass(2 * SECOND_US);
      deep(a.events("disconnectionComplete"), [[0, HANDLE, 0, STATUS.micFailure]]);
      deep(b.events("disconnectionComplete"), [[0, HANDLE, 0, STATUS.connectionTimeout]]);
      deep([...a.events("encryptionChange"), ...b.events("encryptionChange")], []);
    },
  ],
  [
    "Vol 6 Part B 5.1.3.1",
    "data waits while encryption is being set up, and none of it goes in the clear",
    async () => {
      const { room, a, b } = await connected();
      await b.command("leEnableEncryption", le16(HANDLE), RAND_EDIV, LTK);
      b.acl(HANDLE, 0, Uint8Array.of(1));
      await room.clock.pass(SECOND_US / 5);
      a.acl(HANDLE, 0, Uint8Array.of(2));
      await room.clock.pass(SECOND_US / 5);
      deep([...a.data(), ...b.data()], []);
      await a.command("leLtkReply", le16(HANDLE), LTK);
      await room.clock.pass(SECOND_US / 5);
      deep(
        a.data().map(({ bytes }) => bytes),
        [Uint8Array.of(1)],
      );
      deep(
        b.data().map(({ bytes }) => bytes),
        [Uint8Array.of(2)],
      );
    },
  ],
  [
    "7.7.39",
    "encrypted once more, with another key: Encryption Key Refresh Complete on both sides",
    async () => {
      const { room, a, b } = await encrypted();
      const other = LTK.map((octet) => octet ^ 0xff);
      same((await b.command("leEnableEncryption", le16(HANDLE), RAND_EDIV, other))[0], success);
      await room.clock.pass(SECOND_US / 5);
      await a.command("leLtkReply", le16(HANDLE), other);
      await room.clock.pass(SECOND_US / 5);
      deep(a.events("keyRefreshComplete"), [[0, HANDLE, 0]]);
      deep(b.events("keyRefreshComplete"), [[0, HANDLE, 0]]);
      b.acl(HANDLE, 0, Uint8Array.of(1));
      await room.clock.pass(SECOND_US / 5);
      same(a.data().length, 1);
    },
  ],
  [
    "7.8.24, 7.8.25",
    "only a central begins it, and only who was asked answers",
    async () => {
      const { a } = await connected();
      deep(await a.command("leEnableEncryption", le16(HANDLE), RAND_EDIV, LTK), [disallowed]);
      deep(await a.command("leLtkReply", le16(HANDLE), LTK), [disallowed, HANDLE, 0]);
      deep(await a.command("leLtkNegativeReply", le16(HANDLE)), [disallowed, HANDLE, 0]);
    },
  ],
  [
    "7.8.38, 7.8.44, 7.8.45",
    "a private address: changes with its time-out, and is resolved by who has the key alone",
    async () => {
      const room = new Room();
      const [a, b, stranger] = [27, 27, 27].map((octets) => new Hci(room.controller(octets)));
      for (const host of [a, b, stranger]) await host.begin();
      const [irk, none] = [new Seeded(5).bytes(16), new Uint8Array(16)];
      const nobody = [0, 0, 0, 0, 0, 0];
      same((await a.command("leAddToResolvingList", 0, nobody, none, irk))[0], success);
      same((await a.command("leSetAddressResolution", 1))[0], success);
      same((await a.command("leSetRpaTimeout", le16(2)))[0], success);
      same((await b.command("leAddToResolvingList", 0, FIRST, irk, none))[0], success);
      same((await b.command("leSetAddressResolution", 1))[0], success);
      await advertise({ room, a, b }, advertising({ own: 2 }));
      await scan({ room, a, b });
      await scan({ room, a, b: stranger });
      await room.clock.pass(5 * SECOND_US);
      const seen = (host: Hci) => new Set(host.le("advertisingReport").map((it) => `${it.slice(2, 9)}`));
      deep(seen(b), new Set([`2,${FIRST}`]), "who has the key sees the identity:");
      const addresses = [...seen(stranger)];
      same(addresses.length, 3, "who has not sees another address each two seconds:");
      for (const address of addresses) same(Number(address.split(",")[6]) >> 6, 1, "its two highest bits:");
      deep(await a.command("leAddToResolvingList", 0, SECOND, irk, irk), [disallowed], "in use:");
      const [status, ...local] = await a.command("leReadLocalResolvable", 0, nobody);
      same(status, success);
      ok(addresses.some((address) => address === `1,${local}`));
      await b.command("leSetScanEnable", 0, 0);
      await b.command("leSetEventMask", [0xff, 0x03, 0, 0, 0, 0, 0, 0]);
      same((await b.command("leCreateConnection", ...connecting(FIRST)))[0], success, "by its identity:");
      await room.clock.pass(SECOND_US);
      deep(
        b.le("enhancedConnectionComplete").map((it) => it.slice(4, 11)),
        [[2, ...FIRST]],
      );
    },
  ],
];

conform("encryption and private addresses", SECURITY);
