/** Two hosts on two controllers in one room, and a table of cases about them. */
import { STATUS } from "../../../../sim/radio/hci/codes.js";
import { Seeded } from "../../../../sim/radio/random.js";
import { deep, same } from "../../../support/assert.js";
import { advertising, connecting, data31, Hci, le16, scanning } from "../hci.js";
import { Room, type RoomOptions, SECOND_US } from "../room.js";

const { success } = STATUS;
export const FIRST = [0x01, 0, 0, 0, 0, 0];
export const SECOND = [0x02, 0, 0, 0, 0, 0];
export const RANDOM_ADDRESS = [1, 2, 3, 4, 5, 0xc6];
export const HANDLE = 0x0040;

export interface Pair {
  readonly room: Room;
  /** The advertiser's host, at address 1, and the scanner's or initiator's, at address 2. */
  readonly a: Hci;
  readonly b: Hci;
}

export async function pair(options: RoomOptions & { octets?: number } = {}): Promise<Pair> {
  const room = new Room(options);
  const [a, b] = [
    new Hci(room.controller(options.octets ?? 27)),
    new Hci(room.controller(options.octets ?? 27)),
  ];
  await a.begin();
  await b.begin();
  return { room, a, b };
}

export async function advertise({ a }: Pair, parameters = advertising()): Promise<void> {
  same((await a.command("leSetAdvertisingParameters", ...parameters))[0], success);
  await a.command("leSetAdvertisingData", ...data31(2, 1, 6));
  await a.command("leSetScanResponseData", ...data31(2, 9, 0x56));
  same((await a.command("leSetAdvertisingEnable", 1))[0], success);
}

export async function scan({ b }: Pair, parameters = scanning(), onlyNew = 0): Promise<void> {
  same((await b.command("leSetScanParameters", ...parameters))[0], success);
  same((await b.command("leSetScanEnable", 1, onlyNew))[0], success);
}

export async function connected(
  options: Parameters<typeof pair>[0] = {},
  parameters = connecting(FIRST),
): Promise<Pair> {
  const it = await pair(options);
  await advertise(it);
  same((await it.b.command("leCreateConnection", ...parameters))[0], success);
  for (let n = 0; n < 100 && it.b.controller.links.size === 0; n++) await it.room.clock.pass(SECOND_US / 10);
  await it.room.clock.pass(SECOND_US / 10);
  it.a.le("connectionComplete");
  it.b.le("connectionComplete");
  return it;
}

export const completed = (host: Hci): number =>
  host.events("completedPackets").reduce((sum, [, , , packets]) => sum + packets, 0);

export type Case = [clause: string, name: string, run: () => Promise<void>];

export const LTK = [...new Seeded(9).bytes(16)];
export const RAND_EDIV = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

export async function encrypted(options: Parameters<typeof pair>[0] = {}): Promise<Pair> {
  const it = await connected(options);
  same((await it.b.command("leEnableEncryption", le16(HANDLE), RAND_EDIV, LTK))[0], success);
  await it.room.clock.pass(SECOND_US / 5);
  deep(it.a.le("ltkRequest"), [[HANDLE, 0, ...RAND_EDIV]]);
  deep(await it.a.command("leLtkReply", le16(HANDLE), LTK), [success, HANDLE, 0]);
  await it.room.clock.pass(SECOND_US);
  return it;
}

/** The clauses stand in the names. */
export function conform(title: string, cases: readonly Case[]): void {
  describe(`the virtual controller: ${title}`, () => {
    for (const [clause, name, run] of cases) it(`${clause}: ${name}`, run);
  });
}
