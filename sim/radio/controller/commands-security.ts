/** Encryption and private addresses (Core Specification 5.4, Vol 4 Part E sections 7.8.22 to 7.8.26, 7.8.38 to 7.8.45). */
import { type Address, aes128 } from "../address.js";
import { OPCODE, STATUS } from "../hci/codes.js";
import { type OctetReader, reversed } from "../octets.js";
import { type Commands, complete, done, within } from "./command.js";
import { ofLink } from "./commands-general.js";
import type { Controller } from "./controller.js";
import { RESOLVING_LIST_SIZE } from "./identity.js";

const address = (parameters: OctetReader): Address => ({
  type: parameters.uint(1),
  octets: parameters.bytes(6),
});

/** The list is not changed under whoever uses it (section 7.8.38). */
function inUse({ identity, advertiser, scanner, initiator }: Controller): boolean {
  return identity.resolution && (advertiser.on || scanner.on || initiator.on);
}

export const SECURITY: Commands = {
  [OPCODE.leEncrypt]: {
    length: 32,
    supported: [27, 6],
    run(_controller, parameters) {
      const [key, plain] = [parameters.bytes(16), parameters.bytes(16)];
      return done(reversed(aes128(reversed(key), reversed(plain))));
    },
  },
  [OPCODE.leEnableEncryption]: ofLink(28, [28, 0], "status", (link, parameters) => {
    if (link.end.role !== "central") return STATUS.disallowed;
    return link.encryption.start(parameters.bytes(10), parameters.bytes(16))
      ? STATUS.success
      : STATUS.disallowed;
  }),
  [OPCODE.leLtkReply]: ofLink(18, [28, 1], "complete", (link, parameters) =>
    link.encryption.reply(parameters.bytes(16)) ? STATUS.success : STATUS.disallowed,
  ),
  [OPCODE.leLtkNegativeReply]: ofLink(2, [28, 2], "complete", (link) =>
    link.encryption.reply(undefined) ? STATUS.success : STATUS.disallowed,
  ),
  [OPCODE.leAddToResolvingList]: {
    length: 39,
    supported: [34, 3],
    run(controller, parameters) {
      const { identity } = controller;
      const peer = address(parameters);
      const [peerIrk, localIrk] = [parameters.bytes(16), parameters.bytes(16)];
      if (inUse(controller)) return complete(STATUS.disallowed);
      if (identity.entries.length >= RESOLVING_LIST_SIZE) return complete(STATUS.memoryExceeded);
      if (peer.type > 1 || identity.entry(peer) !== undefined) return complete(STATUS.invalidParameters);
      identity.entries.push({ identity: peer, peerIrk, localIrk });
      return done();
    },
  },
  [OPCODE.leRemoveFromResolvingList]: {
    length: 7,
    supported: [34, 4],
    run(controller, parameters) {
      const { identity } = controller;
      if (inUse(controller)) return complete(STATUS.disallowed);
      const entry = identity.entry(address(parameters));
      if (entry === undefined) return complete(STATUS.unknownConnection);
      identity.entries = identity.entries.filter((it) => it !== entry);
      return done();
    },
  },
  [OPCODE.leClearResolvingList]: {
    length: 0,
    supported: [34, 5],
    run(controller) {
      if (inUse(controller)) return complete(STATUS.disallowed);
      controller.identity.entries = [];
      return done();
    },
  },
  [OPCODE.leReadResolvingListSize]: { length: 0, supported: [34, 6], run: () => done(RESOLVING_LIST_SIZE) },
  [OPCODE.leReadPeerResolvable]: {
    length: 7,
    supported: [34, 7],
    run({ identity }, parameters) {
      const peer = identity.entry(address(parameters))?.peer;
      return peer === undefined ? complete(STATUS.unknownConnection, new Uint8Array(6)) : done(peer.octets);
    },
  },
  [OPCODE.leReadLocalResolvable]: {
    length: 7,
    supported: [35, 0],
    run({ identity }, parameters) {
      const local = identity.entry(address(parameters))?.local;
      return local === undefined
        ? complete(STATUS.unknownConnection, new Uint8Array(6))
        : done(local.address.octets);
    },
  },
  [OPCODE.leSetAddressResolution]: {
    length: 1,
    supported: [35, 1],
    run({ identity, advertiser, scanner, initiator }, parameters) {
      const enable = parameters.uint(1);
      if (enable > 1) return complete(STATUS.invalidParameters);
      if (advertiser.on || scanner.on || initiator.on) return complete(STATUS.disallowed);
      identity.resolution = enable === 1;
      return done();
    },
  },
  [OPCODE.leSetRpaTimeout]: {
    length: 2,
    supported: [35, 2],
    run({ identity }, parameters) {
      const seconds = parameters.uint(2);
      if (!within(seconds, 1, 0x0e10)) return complete(STATUS.invalidParameters);
      identity.rpaTimeoutS = seconds;
      return done();
    },
  },
};
