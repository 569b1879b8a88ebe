/** Core Specification 5.4: clauses without a volume are of Vol 4 Part E (HCI). */
import { STATUS } from "../../../../sim/radio/hci/codes.js";
import { deep, ok, same } from "../../../support/assert.js";
import { advertising, scanning } from "../hci.js";
import { SECOND_US } from "../room.js";
import { advertise, type Case, conform, FIRST, pair, RANDOM_ADDRESS, SECOND, scan } from "./pair.js";

const { success, invalidParameters, disallowed } = STATUS;

const ADVERTISING: Case[] = [
  [
    "7.7.65.2",
    "an advertising report, octet by octet, and that of the scan response",
    async () => {
      const it = await pair();
      await advertise(it);
      await scan(it);
      await it.room.clock.pass(SECOND_US / 10);
      const [report, response] = it.b.le("advertisingReport");
      deep(report, [1, 0, 0, ...FIRST, 3, 2, 1, 6, 256 - 40]);
      deep(response, [1, 4, 0, ...FIRST, 3, 2, 9, 0x56, 256 - 40]);
    },
  ],
  [
    "7.8.10",
    "a passive scan asks for no scan response",
    async () => {
      const it = await pair();
      await advertise(it);
      await scan(it, scanning({ active: 0 }));
      await it.room.clock.pass(SECOND_US);
      deep(new Set(it.b.le("advertisingReport").map(([, type]) => type)), new Set([0]));
    },
  ],
  [
    "7.8.11",
    "Filter_Duplicates: each advertiser once, and its scan response once",
    async () => {
      const it = await pair();
      await advertise(it);
      await scan(it, scanning(), 1);
      await it.room.clock.pass(SECOND_US);
      same(it.b.le("advertisingReport").length, 2);
    },
  ],
  [
    "Vol 6 Part B 4.4.2.2.1",
    "an advertising event each interval, and up to 10 ms later",
    async () => {
      const it = await pair();
      await advertise(it); // 100 ms
      await scan(it, scanning({ active: 0 }));
      await it.room.clock.pass(100 * SECOND_US);
      const reports = it.b.le("advertisingReport").length;
      ok(reports > 100_000 / 110 && reports < 100_000 / 100, `expected 909 to 1000, came ${reports}`);
    },
  ],
  [
    "7.8.5",
    "refused: while advertising, an interval out of range, an unknown type, no channel",
    async () => {
      const it = await pair();
      await advertise(it);
      const set = async (parameters: ReturnType<typeof advertising>) =>
        (await it.a.command("leSetAdvertisingParameters", ...parameters))[0];
      same(await set(advertising()), disallowed);
      await it.a.command("leSetAdvertisingEnable", 0);
      same(await set(advertising({ interval: 0x1f })), invalidParameters);
      same(await set(advertising({ interval: 0x4001 })), invalidParameters);
      same(await set(advertising({ type: 5 })), invalidParameters);
      same(await set([...advertising().slice(0, 6), 0, 0]), invalidParameters);
    },
  ],
  [
    "7.8.7",
    "advertising data of 32 octets: refused",
    async () => {
      const { a } = await pair();
      same((await a.command("leSetAdvertisingData", 32, new Uint8Array(31)))[0], invalidParameters);
    },
  ],
  [
    "7.8.9",
    "a random address that was never set cannot advertise; one that was, does",
    async () => {
      const it = await pair();
      await it.a.command("leSetAdvertisingParameters", ...advertising({ own: 1 }));
      same((await it.a.command("leSetAdvertisingEnable", 1))[0], invalidParameters);
      same((await it.a.command("leSetRandomAddress", RANDOM_ADDRESS))[0], success);
      same((await it.a.command("leSetAdvertisingEnable", 1))[0], success);
      same((await it.a.command("leSetRandomAddress", RANDOM_ADDRESS))[0], disallowed, "while advertising:");
      await scan(it);
      await it.room.clock.pass(SECOND_US / 10);
      deep(it.b.le("advertisingReport")[0].slice(2, 9), [1, ...RANDOM_ADDRESS]);
    },
  ],
  [
    "7.8.5",
    "directed at a high duty cycle: ends after 1.28 s with Advertising Timeout",
    async () => {
      const it = await pair();
      await advertise(it, advertising({ type: 1, peer: SECOND }));
      await it.room.clock.pass(1.2 * SECOND_US);
      deep(it.a.le("connectionComplete"), []);
      await it.room.clock.pass(0.1 * SECOND_US);
      deep(
        it.a.le("connectionComplete").map(([status]) => status),
        [STATUS.advertisingTimeout],
      );
    },
  ],
  [
    "7.8.16",
    "a scan and an advertiser that heed their accept lists",
    async () => {
      const it = await pair();
      await advertise(it, advertising({ filter: 1 }));
      await scan(it, scanning({ filter: 1 }));
      await it.room.clock.pass(SECOND_US);
      deep(it.b.le("advertisingReport"), [], "not on the scanner's:");
      await it.b.command("leAddToAcceptList", 0, FIRST);
      await it.room.clock.pass(SECOND_US);
      deep(
        new Set(it.b.le("advertisingReport").map(([, type]) => type)),
        new Set([0]),
        "not on the advertiser's:",
      );
      await it.a.command("leAddToAcceptList", 0, SECOND);
      await it.room.clock.pass(SECOND_US);
      deep(new Set(it.b.le("advertisingReport").map(([, type]) => type)), new Set([0, 4]));
    },
  ],
  [
    "7.8.11",
    "out of range nothing is heard",
    async () => {
      const it = await pair();
      it.a.controller.place = { x: 11, y: 0 };
      await advertise(it);
      await scan(it);
      await it.room.clock.pass(SECOND_US);
      deep(it.b.le("advertisingReport"), []);
    },
  ],
];

conform("advertising and scanning", ADVERTISING);
