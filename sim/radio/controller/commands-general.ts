/** Commands that every controller has (Core Specification 5.4, Vol 4 Part E sections 7.1, 7.3, 7.4, 7.5). */
import { OPCODE, STATUS } from "../hci/codes.js";
import { int8, type OctetReader, uint } from "../octets.js";
import { type Command, type Commands, complete, done, pending } from "./command.js";
import { ACL, FEATURES, LOCAL_VERSION } from "./features.js";
import type { Link } from "./link.js";

/** Reasons that a host may give (section 7.1.6). */
const REASONS = [0x05, 0x13, 0x14, 0x15, 0x1a, 0x29, 0x3b];
/** LMP features without BR/EDR: bit 37 not supported, bit 38 LE (Vol 2 Part C section 3.3). */
const LMP_FEATURES = Uint8Array.of(0, 0, 0, 0, 0b0110_0000, 0, 0, 0);

/** A command about a connection whose handle comes first; the handle stands first in what it returns, too. */
export function ofLink(
  length: number,
  supported: readonly [number, number],
  answers: "complete" | "status",
  run: (link: Link, parameters: OctetReader) => number | Uint8Array,
): Command {
  return {
    length,
    supported,
    run(controller, parameters) {
      const handle = parameters.uint(2);
      const link = controller.link(handle);
      const result = link === undefined ? STATUS.unknownConnection : run(link, parameters);
      const status = typeof result === "number" ? result : STATUS.success;
      const returned = typeof result === "number" ? new Uint8Array(0) : result;
      return answers === "status" ? pending(status) : complete(status, uint(handle, 2), returned);
    },
  };
}

export const GENERAL: Commands = {
  [OPCODE.disconnect]: ofLink(3, [0, 5], "status", (link, parameters) => {
    const reason = parameters.uint(1);
    if (!REASONS.includes(reason)) return STATUS.invalidParameters;
    link.terminate(reason);
    return STATUS.success;
  }),
  [OPCODE.readRemoteVersion]: ofLink(2, [2, 7], "status", (link) => {
    link.askVersion();
    return STATUS.success;
  }),
  [OPCODE.setEventMask]: {
    length: 8,
    supported: [5, 6],
    run(controller, parameters) {
      controller.mask.events = parameters.bytes(8);
      return done();
    },
  },
  [OPCODE.reset]: {
    length: 0,
    supported: [5, 7],
    run(controller) {
      controller.reset();
      return done();
    },
  },
  [OPCODE.readLeHostSupport]: {
    length: 0,
    supported: [24, 5],
    run: ({ leHost }) => done(leHost ? 1 : 0, 0),
  },
  [OPCODE.writeLeHostSupport]: {
    length: 2,
    supported: [24, 6],
    run(controller, parameters) {
      controller.leHost = parameters.uint(1) === 1;
      return done();
    },
  },
  [OPCODE.readLocalVersion]: { length: 0, supported: [14, 3], run: () => done(LOCAL_VERSION) },
  [OPCODE.readLocalCommands]: { length: 0, supported: [14, 4], run: ({ supported }) => done(supported) },
  [OPCODE.readLocalFeatures]: { length: 0, supported: [14, 5], run: () => done(LMP_FEATURES) },
  [OPCODE.readBufferSize]: {
    length: 0,
    supported: [14, 7],
    run: () => done(uint(ACL.octets, 2), 0, uint(ACL.packets, 2), uint(0, 2)),
  },
  [OPCODE.readBdAddr]: {
    length: 0,
    supported: [15, 1],
    run: ({ identity }) => done(identity.publicAddress.octets),
  },
  [OPCODE.readRssi]: ofLink(2, [15, 5], "complete", (link) => Uint8Array.of(int8(link.rssiDbm))),
};

export const LE_GENERAL: Commands = {
  [OPCODE.leSetEventMask]: {
    length: 8,
    supported: [25, 0],
    run(controller, parameters) {
      controller.mask.leEvents = parameters.bytes(8);
      return done();
    },
  },
  [OPCODE.leReadBufferSize]: {
    length: 0,
    supported: [25, 1],
    run: () => done(uint(ACL.octets, 2), ACL.packets),
  },
  [OPCODE.leReadLocalFeatures]: { length: 0, supported: [25, 2], run: () => done(FEATURES) },
  [OPCODE.leRand]: { length: 0, supported: [27, 7], run: ({ air }) => done(air.random.bytes(8)) },
  /** Any combination of roles and states (section 7.8.27). */
  [OPCODE.leReadSupportedStates]: {
    length: 0,
    supported: [28, 3],
    run: () => done(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0x03, 0, 0)),
  },
};
