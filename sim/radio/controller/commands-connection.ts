/** Connections (Core Specification 5.4, Vol 4 Part E sections 7.8.12 to 7.8.21, 7.8.33 to 7.8.35, 7.8.46). */
import { OPCODE, STATUS } from "../hci/codes.js";
import type { ConnectionParameters } from "../ll/connection.js";
import { DATA_OCTETS_MAX, DATA_OCTETS_MIN, dataTimeUs } from "../ll/pdu.js";
import { type OctetReader, uint } from "../octets.js";
import { type Commands, complete, done, pending, within } from "./command.js";
import { ofLink } from "./commands-general.js";
import { ACCEPT_LIST_SIZE, CONNECTIONS_MAX } from "./features.js";

/** LE data packets' times, with and without what a coded PHY would take (section 7.8.33). */
const TIME_US = { min: 0x0148, max: 0x4290 } as const;

function connectionParameters(parameters: OctetReader): ConnectionParameters | undefined {
  const [min, max] = [parameters.uint(2), parameters.uint(2)];
  const [latency, timeout] = [parameters.uint(2), parameters.uint(2)];
  parameters.uint(4); // lengths of connection events: information only
  const possible =
    within(min, 6, 3200) && within(max, min, 3200) && latency <= 499 && within(timeout, 10, 3200);
  // the time-out in ms is larger than (1 + latency) * interval * 2
  if (!possible || timeout * 10 <= (1 + latency) * max * 1.25 * 2) return undefined;
  return { interval: min, latency, timeout };
}

export const CONNECTION: Commands = {
  [OPCODE.leCreateConnection]: {
    length: 25,
    supported: [26, 4],
    run(controller, parameters) {
      const { initiator, identity } = controller;
      const [interval, window, filter] = [parameters.uint(2), parameters.uint(2), parameters.uint(1)];
      const peer = { type: parameters.uint(1), octets: parameters.bytes(6) };
      const ownType = parameters.uint(1);
      const wanted = connectionParameters(parameters);
      if (initiator.on) return pending(STATUS.disallowed);
      if (
        !within(interval, 4, 0x4000) ||
        !within(window, 4, interval) ||
        filter > 1 ||
        ownType > 3 ||
        peer.type > 3
      ) {
        return pending(STATUS.invalidParameters);
      }
      const meant = { type: peer.type % 2, octets: peer.octets };
      if (wanted === undefined || identity.own(ownType, meant) === undefined) {
        return pending(STATUS.invalidParameters);
      }
      if (controller.links.size >= CONNECTIONS_MAX) return pending(STATUS.connectionLimit);
      const filtered = filter === 1;
      if (!filtered && controller.isConnectedTo(meant)) return pending(STATUS.connectionExists);
      initiator.start({ interval, window, filtered, peer: meant, ownType, parameters: wanted });
      return pending();
    },
  },
  [OPCODE.leCreateConnectionCancel]: {
    length: 0,
    supported: [26, 5],
    run: ({ initiator }) => complete(initiator.cancel() ? STATUS.success : STATUS.disallowed),
  },
  [OPCODE.leReadAcceptListSize]: { length: 0, supported: [26, 6], run: () => done(ACCEPT_LIST_SIZE) },
  [OPCODE.leClearAcceptList]: {
    length: 0,
    supported: [26, 7],
    run(controller) {
      controller.acceptList = [];
      return done();
    },
  },
  [OPCODE.leAddToAcceptList]: {
    length: 7,
    supported: [27, 0],
    run(controller, parameters) {
      if (controller.acceptList.length >= ACCEPT_LIST_SIZE) return complete(STATUS.memoryExceeded);
      controller.addAccepted({ type: parameters.uint(1), octets: parameters.bytes(6) });
      return done();
    },
  },
  [OPCODE.leRemoveFromAcceptList]: {
    length: 7,
    supported: [27, 1],
    run(controller, parameters) {
      controller.removeAccepted({ type: parameters.uint(1), octets: parameters.bytes(6) });
      return done();
    },
  },
  [OPCODE.leConnectionUpdate]: ofLink(14, [27, 2], "status", (link, parameters) => {
    const wanted = connectionParameters(parameters);
    if (wanted === undefined) return STATUS.invalidParameters;
    // a peripheral's host asks over L2CAP: the request procedure of the link layer is not among the features
    if (link.end.role === "peripheral") return STATUS.unsupportedRemote;
    link.update(wanted);
    return STATUS.success;
  }),
  [OPCODE.leReadRemoteFeatures]: ofLink(2, [27, 5], "status", (link) => {
    link.askFeatures();
    return STATUS.success;
  }),
  [OPCODE.leSetDataLength]: ofLink(6, [33, 6], "complete", (link, parameters) => {
    const [octets, time] = [parameters.uint(2), parameters.uint(2)];
    if (!within(octets, DATA_OCTETS_MIN, DATA_OCTETS_MAX) || !within(time, TIME_US.min, TIME_US.max)) {
      return STATUS.invalidParameters;
    }
    link.setDataLength(octets);
    return STATUS.success;
  }),
  [OPCODE.leReadDefaultDataLength]: {
    length: 0,
    supported: [33, 7],
    run: ({ defaultOctets }) => done(uint(defaultOctets, 2), uint(dataTimeUs(defaultOctets), 2)),
  },
  [OPCODE.leWriteDefaultDataLength]: {
    length: 4,
    supported: [34, 0],
    run(controller, parameters) {
      const [octets, time] = [parameters.uint(2), parameters.uint(2)];
      if (!within(octets, DATA_OCTETS_MIN, DATA_OCTETS_MAX) || !within(time, TIME_US.min, TIME_US.max)) {
        return complete(STATUS.invalidParameters);
      }
      controller.defaultOctets = octets;
      return done();
    },
  },
  [OPCODE.leReadMaximumDataLength]: {
    length: 0,
    supported: [35, 3],
    run() {
      const most = [uint(DATA_OCTETS_MAX, 2), uint(dataTimeUs(DATA_OCTETS_MAX), 2)];
      return done(...most, ...most);
    },
  },
};
