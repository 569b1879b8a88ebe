/** Advertising and scanning (Core Specification 5.4, Vol 4 Part E sections 7.8.4 to 7.8.11). */
import { RANDOM } from "../address.js";
import { OPCODE, STATUS } from "../hci/codes.js";
import type { OctetReader } from "../octets.js";
import { ADVERTISING_TYPE, type AdvertisingParameters } from "./advertiser.js";
import { type Commands, complete, done, within } from "./command.js";
import type { ScanParameters } from "./scanner.js";

const DATA_MAX = 31;

/** Advertising and scan response data: a length, and 31 octets of which so many count. */
function advertisingData(parameters: OctetReader): Uint8Array | undefined {
  const length = parameters.uint(1);
  return length <= DATA_MAX ? parameters.bytes(DATA_MAX).slice(0, length) : undefined;
}

function advertisingParameters(parameters: OctetReader): AdvertisingParameters | undefined {
  const [min, max] = [parameters.uint(2), parameters.uint(2)];
  const [type, ownType, peerType] = [parameters.uint(1), parameters.uint(1), parameters.uint(1)];
  const octets = parameters.bytes(6);
  const [channels, filter] = [parameters.uint(1), parameters.uint(1)];
  const timed =
    type === ADVERTISING_TYPE.directedHigh || (within(min, 0x20, 0x4000) && within(max, min, 0x4000));
  const known = type <= 4 && ownType <= 3 && peerType <= RANDOM && filter <= 3;
  if (!timed || !known || !within(channels, 1, 7)) return undefined;
  return { interval: max, type, ownType, peer: { type: peerType, octets }, filter };
}

function scanParameters(parameters: OctetReader): ScanParameters | undefined {
  const type = parameters.uint(1);
  const [interval, window] = [parameters.uint(2), parameters.uint(2)];
  const [ownType, filter] = [parameters.uint(1), parameters.uint(1)];
  if (!within(interval, 4, 0x4000) || !within(window, 4, interval)) return undefined;
  if (type > 1 || ownType > 3 || filter > 3) return undefined;
  return { active: type === 1, interval, window, ownType, filtered: (filter & 1) === 1 };
}

export const ADVERTISING: Commands = {
  [OPCODE.leSetRandomAddress]: {
    length: 6,
    supported: [25, 4],
    run(controller, parameters) {
      const busy = controller.advertiser.on || controller.scanner.on || controller.initiator.on;
      if (busy) return complete(STATUS.disallowed);
      controller.identity.random = { type: RANDOM, octets: parameters.bytes(6) };
      return done();
    },
  },
  [OPCODE.leSetAdvertisingParameters]: {
    length: 15,
    supported: [25, 5],
    run({ advertiser }, parameters) {
      if (advertiser.on) return complete(STATUS.disallowed);
      const read = advertisingParameters(parameters);
      if (read === undefined) return complete(STATUS.invalidParameters);
      advertiser.parameters = read;
      return done();
    },
  },
  [OPCODE.leReadAdvertisingPower]: { length: 0, supported: [25, 6], run: () => done(0) },
  [OPCODE.leSetAdvertisingData]: {
    length: 1 + DATA_MAX,
    supported: [25, 7],
    run({ advertiser }, parameters) {
      const data = advertisingData(parameters);
      if (data === undefined) return complete(STATUS.invalidParameters);
      advertiser.data = data;
      return done();
    },
  },
  [OPCODE.leSetScanResponseData]: {
    length: 1 + DATA_MAX,
    supported: [26, 0],
    run({ advertiser }, parameters) {
      const data = advertisingData(parameters);
      if (data === undefined) return complete(STATUS.invalidParameters);
      advertiser.scanResponse = data;
      return done();
    },
  },
  [OPCODE.leSetAdvertisingEnable]: {
    length: 1,
    supported: [26, 1],
    run({ advertiser, identity }, parameters) {
      const enable = parameters.uint(1);
      if (enable > 1) return complete(STATUS.invalidParameters);
      const { ownType, peer } = advertiser.parameters;
      if (enable === 1 && identity.own(ownType, peer) === undefined)
        return complete(STATUS.invalidParameters);
      if (enable === 1) advertiser.start();
      else advertiser.stop();
      return done();
    },
  },
  [OPCODE.leSetScanParameters]: {
    length: 7,
    supported: [26, 2],
    run({ scanner }, parameters) {
      if (scanner.on) return complete(STATUS.disallowed);
      const read = scanParameters(parameters);
      if (read === undefined) return complete(STATUS.invalidParameters);
      scanner.parameters = read;
      return done();
    },
  },
  [OPCODE.leSetScanEnable]: {
    length: 2,
    supported: [26, 3],
    run({ scanner, identity }, parameters) {
      const [enable, onlyNew] = [parameters.uint(1), parameters.uint(1)];
      const nameless = scanner.parameters.ownType % 2 === RANDOM && identity.own(RANDOM) === undefined;
      const impossible = enable === 1 && scanner.parameters.active && nameless;
      if (enable > 1 || onlyNew > 1 || impossible) return complete(STATUS.invalidParameters);
      scanner.enable(enable === 1, onlyNew === 1);
      return done();
    },
  },
};
