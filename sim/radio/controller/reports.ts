/** Events that say much (Core Specification 5.4, Vol 4 Part E section 7.7.65). */
import { type Address, isResolvable, NOBODY } from "../address.js";
import { LE_EVENT } from "../hci/codes.js";
import { leEvent } from "../hci/packet.js";
import { uint } from "../octets.js";
import type { Controller } from "./controller.js";
import type { Link } from "./link.js";

/** LE Connection Complete or, where the host wants that one, LE Enhanced Connection Complete (7.7.65.1, 7.7.65.10). */
export function connectionComplete(controller: Controller, status: number, link?: Link): Uint8Array {
  const peer = link === undefined ? NOBODY : controller.identity.resolve(link.end.peer);
  const { interval, latency, timeout } = link?.parameters ?? { interval: 0, latency: 0, timeout: 0 };
  const first = [status, uint(link?.handle ?? 0, 2), link?.end.role === "peripheral" ? 1 : 0] as const;
  const last = [uint(interval, 2), uint(latency, 2), uint(timeout, 2), 0] as const;
  if (controller.mask.wantsLe(LE_EVENT.enhancedConnectionComplete)) {
    const [own, other] = [privateOr0(link?.end.own), privateOr0(peer.type >= 2 ? link?.end.peer : undefined)];
    return leEvent("enhancedConnectionComplete", ...first, peer.type, peer.octets, own, other, ...last);
  }
  return leEvent("connectionComplete", ...first, peer.type % 2, peer.octets, ...last);
}

function privateOr0(address: Address | undefined): Uint8Array {
  return address !== undefined && isResolvable(address) ? address.octets : NOBODY.octets;
}

/** LE Data Length Change (7.7.65.7). */
export function dataLengthChange(
  handle: number,
  out: number,
  outUs: number,
  into: number,
  intoUs: number,
): Uint8Array {
  return leEvent("dataLengthChange", uint(handle, 2), ...[out, outUs, into, intoUs].map((it) => uint(it, 2)));
}
