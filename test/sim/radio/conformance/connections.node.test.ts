/** Core Specification 5.4: clauses without a volume are of Vol 4 Part E (HCI). */
import { STATUS } from "../../../../sim/radio/hci/codes.js";
import { deep, ok, same } from "../../../support/assert.js";
import { connecting, le16 } from "../hci.js";
import { SECOND_US } from "../room.js";
import { advertise, type Case, completed, conform, connected, FIRST, HANDLE, pair, SECOND } from "./pair.js";

const { success, invalidParameters, disallowed, unknownConnection } = STATUS;

const CONNECTING: Case[] = [
  [
    "7.7.65.1",
    "LE Connection Complete on both sides, octet by octet",
    async () => {
      const it = await pair();
      await advertise(it);
      deep(await it.b.command("leCreateConnection", ...connecting(FIRST)), [success]);
      await it.room.clock.pass(SECOND_US / 2);
      const rest = [12, 0, 0, 0, 100, 0, 0];
      deep(it.b.le("connectionComplete"), [[0, HANDLE, 0, 0, 0, ...FIRST, ...rest]]);
      deep(it.a.le("connectionComplete"), [[0, HANDLE, 0, 1, 0, ...SECOND, ...rest]]);
      same(it.a.controller.advertiser.on, false, "it advertises no more:");
    },
  ],
  [
    "7.7.65.10",
    "whoever wants the enhanced event gets that one",
    async () => {
      const it = await pair();
      await it.b.command("leSetEventMask", [0xff, 0x03, 0, 0, 0, 0, 0, 0]);
      await advertise(it);
      await it.b.command("leCreateConnection", ...connecting(FIRST));
      await it.room.clock.pass(SECOND_US / 2);
      const none = [0, 0, 0, 0, 0, 0];
      deep(it.b.le("enhancedConnectionComplete"), [
        [0, HANDLE, 0, 0, 0, ...FIRST, ...none, ...none, 12, 0, 0, 0, 100, 0, 0],
      ]);
      deep(it.b.le("connectionComplete"), []);
    },
  ],
  [
    "7.8.12",
    "refused: an interval or a time-out out of range, a time-out that is too short for it, a second attempt",
    async () => {
      const { b } = await pair();
      const create = async (options: Parameters<typeof connecting>[1]) =>
        (await b.command("leCreateConnection", ...connecting(FIRST, options)))[0];
      same(await create({ interval: 5 }), invalidParameters);
      same(await create({ interval: 3201 }), invalidParameters);
      same(await create({ latency: 500 }), invalidParameters);
      same(await create({ timeout: 9 }), invalidParameters);
      same(
        await create({ interval: 80, latency: 4, timeout: 100 }),
        invalidParameters,
        "1 s is 5 * 100 ms * 2:",
      );
      same(await create({ own: 1 }), invalidParameters, "no random address:");
      same(await create({}), success);
      same(await create({}), disallowed);
    },
  ],
  [
    "7.8.13",
    "Cancel: Connection Complete with Unknown Connection Identifier; without an attempt, Command Disallowed",
    async () => {
      const { b } = await pair();
      deep(await b.command("leCreateConnectionCancel"), [disallowed]);
      await b.command("leCreateConnection", ...connecting(FIRST));
      deep(await b.command("leCreateConnectionCancel"), [success]);
      deep(
        b.le("connectionComplete").map(([status]) => status),
        [unknownConnection],
      );
    },
  ],
  [
    "7.8.12",
    "a device that is connected already: Connection Already Exists",
    async () => {
      const { b } = await connected();
      deep(await b.command("leCreateConnection", ...connecting(FIRST)), [STATUS.connectionExists]);
    },
  ],
  [
    "7.1.6",
    "Disconnect: this side ended it, the other hears the reason; an unknown handle and a reason that is none are refused",
    async () => {
      const { room, a, b } = await connected();
      deep(await b.command("disconnect", le16(0x0999), 0x13), [unknownConnection]);
      deep(await b.command("disconnect", le16(HANDLE), 0x08), [invalidParameters]);
      deep(await b.command("disconnect", le16(HANDLE), 0x13), [success]);
      await room.clock.pass(SECOND_US / 10);
      deep(b.events("disconnectionComplete"), [[0, HANDLE, 0, STATUS.localHost]]);
      deep(a.events("disconnectionComplete"), [[0, HANDLE, 0, STATUS.remoteUser]]);
    },
  ],
  [
    "7.1.6",
    "Disconnect by the peripheral, the same",
    async () => {
      const { room, a, b } = await connected();
      await a.command("disconnect", le16(HANDLE), 0x15);
      await room.clock.pass(SECOND_US / 10);
      deep(a.events("disconnectionComplete"), [[0, HANDLE, 0, STATUS.localHost]]);
      deep(b.events("disconnectionComplete"), [[0, HANDLE, 0, 0x15]]);
    },
  ],
  [
    "Vol 6 Part B 4.5.2",
    "out of range: Connection Timeout on both sides, after the supervision time-out and not before",
    async () => {
      const { room, a, b } = await connected();
      a.controller.place = { x: 50, y: 0 };
      await room.clock.pass(0.95 * SECOND_US);
      deep([...a.events("disconnectionComplete"), ...b.events("disconnectionComplete")], []);
      await room.clock.pass(0.1 * SECOND_US);
      deep(a.events("disconnectionComplete"), [[0, HANDLE, 0, STATUS.connectionTimeout]]);
      deep(b.events("disconnectionComplete"), [[0, HANDLE, 0, STATUS.connectionTimeout]]);
    },
  ],
  [
    "Vol 6 Part B 4.5.2",
    "back within the time-out: nothing is lost, and nobody hears of it",
    async () => {
      const { room, a, b } = await connected();
      a.controller.place = { x: 50, y: 0 };
      b.acl(HANDLE, 0, Uint8Array.of(1, 2, 3));
      await room.clock.pass(0.5 * SECOND_US);
      a.controller.place = { x: 1, y: 0 };
      await room.clock.pass(0.5 * SECOND_US);
      deep(
        a.data().map(({ bytes }) => bytes),
        [Uint8Array.of(1, 2, 3)],
      );
      same(completed(b), 1);
      deep([...a.events("disconnectionComplete"), ...b.events("disconnectionComplete")], []);
    },
  ],
  [
    "Vol 6 Part B 4.5.2",
    "a peripheral that is never heard: Connection Failed to be Established after six intervals",
    async () => {
      const it = await pair();
      await advertise(it);
      await it.b.command("leCreateConnection", ...connecting(FIRST, { interval: 80 }));
      for (let n = 0; n < 1000 && it.b.controller.links.size === 0; n++) await it.room.clock.pass(1000);
      it.a.controller.place = { x: 50, y: 0 };
      await it.room.clock.pass(0.55 * SECOND_US);
      deep(it.b.events("disconnectionComplete"), []);
      await it.room.clock.pass(0.15 * SECOND_US);
      deep(it.b.events("disconnectionComplete"), [[0, HANDLE, 0, STATUS.notEstablished]]);
    },
  ],
  [
    "7.8.18",
    "Connection Update: both hear of it at the instant; the peripheral's host may not ask that way",
    async () => {
      const { room, a, b } = await connected();
      const update = [le16(HANDLE), le16(24), le16(24), le16(0), le16(200), le16(0), le16(0)];
      deep(await a.command("leConnectionUpdate", ...update), [STATUS.unsupportedRemote]);
      deep(await b.command("leConnectionUpdate", ...update), [success]);
      await room.clock.pass(0.04 * SECOND_US);
      deep(b.le("connectionUpdateComplete"), [], "before the instant:");
      await room.clock.pass(0.2 * SECOND_US);
      const event = [0, HANDLE, 0, 24, 0, 0, 0, 200, 0];
      deep(b.le("connectionUpdateComplete"), [event]);
      deep(a.le("connectionUpdateComplete"), [event]);
    },
  ],
  [
    "7.8.21",
    "the other side's features and version",
    async () => {
      const { room, a, b } = await connected();
      for (const host of [a, b]) {
        deep(await host.command("leReadRemoteFeatures", le16(HANDLE)), [success]);
        deep(await host.command("readRemoteVersion", le16(HANDLE)), [success]);
        await room.clock.pass(SECOND_US / 10);
        deep(host.le("remoteFeaturesComplete"), [[0, HANDLE, 0, 0x69, 0, 0, 0, 0, 0, 0, 0]]);
        deep(host.events("readRemoteVersionComplete"), [[0, HANDLE, 0, 0x0d, 0xff, 0xff, 1, 0]]);
      }
    },
  ],
  [
    "Vol 6 Part B 4.5.1",
    "peripheral latency: an idle peripheral sleeps through so many events, one with data does not",
    async () => {
      const { room, a, b } = await connected({}, connecting(FIRST, { latency: 9, timeout: 400 }));
      room.air.traffic.reset();
      await room.clock.pass(15 * SECOND_US); // 1,000 events
      const heard = room.air.traffic.fromPeripheral.empty;
      ok(heard >= 99 && heard <= 101, `expected 100, came ${heard}`);
      a.acl(HANDLE, 0, Uint8Array.of(1));
      await room.clock.pass(0.02 * SECOND_US);
      same(b.data().length, 1);
    },
  ],
];

conform("connections", CONNECTING);
