/** Core Specification 5.4: clauses without a volume are of Vol 4 Part E (HCI). */
import { OPCODE, STATUS } from "../../../../sim/radio/hci/codes.js";
import { deep, same } from "../../../support/assert.js";
import { SECOND_US } from "../room.js";
import { advertise, type Case, conform, FIRST, pair, SECOND, scan } from "./pair.js";

const { success, invalidParameters } = STATUS;

const COMMANDS: Case[] = [
  [
    "4.4",
    "an unknown command: Command Status with Unknown HCI Command",
    async () => deep(await (await pair()).a.raw(0x20ff, new Uint8Array(0)), [STATUS.unknownCommand]),
  ],
  [
    "5.4.1",
    "parameters too short or too long: Invalid HCI Command Parameters",
    async () => {
      const { a } = await pair();
      for (const opcode of Object.values(OPCODE)) {
        same((await a.raw(opcode, new Uint8Array(77)))[0], invalidParameters, opcode.toString(16));
      }
      same((await a.raw(OPCODE.leSetAdvertisingEnable, new Uint8Array(0)))[0], invalidParameters);
    },
  ],
  [
    "6.27",
    "what it says it supports is what it answers",
    async () => {
      const { a } = await pair();
      const [status, ...bits] = await a.command("readLocalCommands");
      same(status, success);
      same(bits.length, 64);
      const supported = bits.reduce((sum, octet) => sum + octet.toString(2).replaceAll("0", "").length, 0);
      same(supported, Object.keys(OPCODE).length);
      same((bits[25] >> 5) & 1, 1, "LE Set Advertising Parameters, octet 25, bit 5:");
      same((bits[28] >> 0) & 1, 1, "LE Enable Encryption, octet 28, bit 0:");
      same((bits[36] >> 1) & 1, 0, "LE Set Extended Advertising Parameters, octet 36, bit 1:");
    },
  ],
  [
    "7.4.6",
    "its address",
    async () => deep(await (await pair()).a.command("readBdAddr"), [success, ...FIRST]),
  ],
  [
    "7.8.2",
    "its buffers: 24 of 251 octets",
    async () => deep(await (await pair()).a.command("leReadBufferSize"), [success, 251, 0, 24]),
  ],
  [
    "7.8.3",
    "its features: encryption, data length, privacy, no extended advertising",
    async () =>
      deep(await (await pair()).a.command("leReadLocalFeatures"), [success, 0x69, 0, 0, 0, 0, 0, 0, 0]),
  ],
  [
    "7.3.2",
    "Reset: nothing is advertised, scanned for or remembered any more",
    async () => {
      const it = await pair();
      await advertise(it);
      await it.a.command("leAddToAcceptList", 0, SECOND);
      deep(await it.a.command("reset"), [success]);
      await scan(it);
      await it.room.clock.pass(SECOND_US);
      deep(it.b.le("advertisingReport"), []);
      deep(it.a.controller.acceptList, []);
    },
  ],
  [
    "7.3.1",
    "without LE Meta in the event mask there are no LE events; command answers come all the same",
    async () => {
      const it = await pair();
      await it.b.command("setEventMask", [0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0, 0]);
      await advertise(it);
      await scan(it);
      await it.room.clock.pass(SECOND_US);
      deep(it.b.came, []);
    },
  ],
  [
    "7.8.23",
    "LE Encrypt, FIPS 197 appendix B, least significant octet first",
    async () => {
      const reversed = (hex: string) => [...Buffer.from(hex, "hex")].reverse();
      const { a } = await pair();
      const answer = await a.command(
        "leEncrypt",
        reversed("2b7e151628aed2a6abf7158809cf4f3c"),
        reversed("3243f6a8885a308d313198a2e0370734"),
      );
      deep(answer, [success, ...reversed("3925841d02dc09fbdc118597196a0b32")]);
    },
  ],
];

conform("commands", COMMANDS);
