/** The floor rises before a list is stored: a key that a list drops, for its credential has ended, stays out (DESIGN section 4). */
import { Trust } from "../../../modules/credential/index.js";
import { VagusError } from "../../../modules/error/index.js";
import { deep, ok, rejects, same } from "../../support/assert.js";
import { Clinic, DAY, GROUP, MADE_AT } from "../device/clinic.js";
import { PowerCut } from "../flash/failing.js";
import { crypto, type Held, open, provisioned } from "./holding.js";

/** Whose credential ends at MADE_AT + DAY: is the programmer believed? */
function believed({ clinic, holder }: Pick<Held, "clinic" | "holder">): Promise<string> {
  const trust = new Trust(crypto, {
    anchor: holder.anchor!,
    kinds: ["programmer"],
    time: () => ({ floor: holder.floor.seconds }),
    audience: [GROUP],
    revoked: (kid) => holder.isRevoked(kid),
  });
  const { token } = clinic.credential;
  return trust.fetchCredential({ kind: "kcwt", cred: token, encoded: token } as never, []).then(
    () => "believed",
    (error: unknown) => (error instanceof VagusError ? error.code : String(error)),
  );
}

describe("A list that drops a key whose credential has ended, and the power goes (DESIGN section 4)", () => {
  it("at any byte: on the list, or ended; never believed", async () => {
    const { clinic, holder, flash } = await provisioned({ expires: MADE_AT + 9 * DAY });
    same(await believed({ clinic, holder }), "believed");
    await holder.takeList(await clinic.list(1, [clinic.credential.kid]));
    const list = await clinic.list(2, [], { issued: MADE_AT + 2 * DAY });
    const came = new Set<string>();
    const whole = flash.restart();
    const { work } = whole;
    await (await open(whole)).takeList(list);
    for (let left = 0; left <= whole.work - work; left += left % 4 === 3 ? 9 : 1) {
      const cut = flash.restart();
      const device = await open(cut);
      cut.left = left;
      await device.takeList(list).catch((error) => ok(error instanceof PowerCut, `${error}`));
      const after = cut.restart();
      const again = await open(after);
      came.add(`${await believed({ clinic, holder: again })}, epoch ${again.epoch}`);
      ok(again.epoch === 1 || again.floor.seconds >= MADE_AT + 2 * DAY, "a list ahead of its time");
    }
    deep([...came], ["cwt/status, epoch 1", "cwt/expired, epoch 1", "cwt/expired, epoch 2"]);
  });
});

describe("Dates that no clock will see (DESIGN section 4)", () => {
  const LATEST = 2 ** 33;
  const TAKES: [string, (held: Held, issued: number) => Promise<unknown>][] = [
    ["list", async ({ clinic, holder }, issued) => holder.takeList(await clinic.list(1, [], { issued }))],
    [
      "credential",
      async ({ clinic, holder }, issued) =>
        holder.rotate(await clinic.issueDevice(holder.own!.key, { issued, expires: 2 ** 40 })),
    ],
    [
      "anchor rotation",
      async ({ clinic, holder }, issued) => {
        const next = await Clinic.open(crypto, 0x40);
        const token = await next.issueDevice(holder.own!.key, { expires: 2 ** 40 });
        holder.rotateAnchor(await clinic.handOver(next.anchor, issued), token);
      },
    ],
  ];
  for (const [name, take] of TAKES) {
    it(`${name}: the year 2242 (2^33) is taken, a second later is not, and leaves the floor`, async () => {
      const held = await provisioned();
      for (const issued of [LATEST + 1, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
        await rejects("cwt/claim", () => take(held, issued));
        same(held.holder.floor.seconds, MADE_AT);
      }
      await take(held, LATEST);
      same(held.holder.floor.seconds, LATEST);
    });
  }
});
