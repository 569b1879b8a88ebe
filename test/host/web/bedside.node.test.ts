/** The page's session with a device on the bench: out of range and back, its staleness, its keys. */
import { cryptos } from "engine";
import { Authority } from "../../../host/authority/authority.js";
import { nodeZlib } from "../../../host/cose/zlib.js";
import { Bedside } from "../../../host/web/model/bedside.js";
import { StatusDesk } from "../../../host/web/model/status-desk.js";
import { CRV } from "../../../modules/cose/index.js";
import { verifyCredential, verifyRequest } from "../../../modules/credential/index.js";
import { STATUS, StatusList } from "../../../modules/cwt/index.js";
import { STREAM } from "../../../modules/reading/index.js";
import { startDevice } from "../../modules/device/bench.js";
import { DAY, MADE_AT } from "../../modules/device/clinic.js";
import { another } from "../../modules/device/in-session.js";
import { deep, ok, same } from "../../support/assert.js";
import { Ward } from "../programmer/ward.js";

const crypto = cryptos[0]!;
const MANAGE = ["ecg:read", "device:manage"];

describe("A bedside, as the page has it", function () {
  this.timeout(60_000);
  let ward: Ward;
  let bedside: Bedside;
  let changed = () => {};
  const texts = () => bedside.chart.entries.map(({ text }) => text);

  async function begin(scope: string[] = ["ecg:read", "pacing:read"], status?: StatusDesk): Promise<void> {
    const { anchor, key } = ward.clinic;
    const token = await ward.clinic.issue({ scope });
    const time = { floor: MADE_AT };
    const credential = verifyCredential(crypto, token, { kind: "programmer", anchor, time });
    bedside = new Bedside({
      crypto,
      clock: { nowMs: () => ward.clock.now, after: (ms, callback) => ward.clock.after(ms, callback) },
      identity: { key, credential, anchor },
      radio: ward.radio(),
      now: () => (MADE_AT + 10) * 1000 + ward.clock.now,
      changed: () => changed(),
      ...(status && { status }),
    });
    bedside.begin();
    await ward.pass(2600);
  }

  beforeEach(async () => {
    ward = await Ward.open(crypto);
    changed = () => {};
  });

  it("is live, and stale as soon as the link is lost", async () => {
    await begin();
    deep([bedside.link.kind, bedside.staleness.kind, bedside.isStale], ["live", "live", false]);
    ok(bedside.counts.readings >= 4, `${bedside.counts.readings} readings`);
    ward.leave();
    deep([bedside.link.kind, bedside.isStale], ["lost", true]);
  });

  it("what comes after a lost link is old until it has caught up: it is never shown as live", async () => {
    await begin(["ecg:read"]);
    ward.leave();
    await ward.pass(20_000);
    const { end } = bedside.heart!.buffer;
    const { rateHz } = bedside.heart!.format;
    const behind = () => ward.clock.now / 1000 - bedside.heart!.buffer.end / rateHz;
    const lostS = behind();
    ward.comeBack();
    const shown = new Set<string>();
    const wrong: string[] = [];
    changed = () => {
      if (bedside.link.kind !== "live" || bedside.heart!.buffer.end === end) return;
      const { kind } = bedside.staleness;
      const behindS = behind() - (lostS - 20);
      if (behindS > 4 && kind === "live") wrong.push(`${behindS} s behind`);
      shown.add(kind);
    };
    await ward.pass(10_000);
    deep(wrong, [], "shown as live:");
    deep([...shown], ["backfilling", "live"]);
    deep([bedside.counts.gone, bedside.counts.refused, bedside.counts.reconnections], [0, 0, 1]);
  });

  it("goes on with a device that somebody gave another key meanwhile; what it said before still comes", async () => {
    await begin(["ecg:read"]);
    ward.leave();
    await ward.pass(3000);
    const { bench, clinic } = ward;
    const colleague = await another(bench, clinic, MANAGE);
    for (const stream of [STREAM.ecg, STREAM.state]) same(await colleague.code("stop", [stream]), undefined);
    await ward.pass(500);
    same(await colleague.refresh(), 0);
    const old = bench.device.holder.own!;
    const { result } = await colleague.command("identify", CRV.Ed25519);
    const key = verifyRequest(crypto, result as Uint8Array, { ...old.credential.key, kid: old.kid });
    const token = await clinic.issueDevice(key, { expires: MADE_AT + 20 * DAY });
    same(await colleague.code("rotate", token), undefined);
    bench.peripheral.lose();
    const { kid } = bedside.device!;
    ward.comeBack();
    await ward.pass(10_000);
    ok(`${bedside.device!.kid}` !== `${kid}`, "it has another key");
    deep(
      [bedside.staleness.kind, bedside.counts.refused, bedside.counts.gone],
      ["live", 0, 0],
      texts().join("\n"),
    );
    same(bedside.session.verifier.stream(STREAM.ecg).next !== undefined, true);
  });

  it("another device in the place of the first is not taken for it", async () => {
    await begin();
    const first = bedside.device!.subject;
    ward.leave();
    const { readings } = bedside.counts;
    const flash = await ward.clinic.provisionedFlash({ subject: new Uint8Array(8).fill(9) });
    ward.bench = await startDevice(crypto, flash, { clock: ward.clock });
    ward.comeBack();
    await ward.pass(5000);
    deep([bedside.device!.subject, bedside.counts.readings, bedside.isStale], [first, readings, true]);
    ok(bedside.link.kind !== "live", bedside.link.kind);
  });

  for (const revoked of [false, true]) {
    it(`a device that the Authority's list has ${revoked ? "as revoked is not talked to" : "is talked to, and the list is kept"}`, async () => {
      const { clinic } = ward;
      const uri = "https://clinic.example/s";
      const flash = await clinic.provisionedFlash({ status: { index: 3, uri } });
      ward.bench = await startDevice(crypto, flash, { clock: ward.clock });
      const list = StatusList.empty(1, 16);
      if (revoked) list.set(3, STATUS.invalid);
      const { anchor, authority } = clinic;
      const signed = await new Authority(crypto, authority).statusList(
        { uri, iat: MADE_AT + 5, list },
        nodeZlib,
      );
      const now = () => (MADE_AT + 10) * 1000 + ward.clock.now;
      const status = new StatusDesk(crypto, anchor, () => Promise.resolve(signed), now);
      await status.refresh();
      deep([status.problem, status.asOf, status.list], [undefined, (MADE_AT + 5) * 1000, signed]);
      await begin(["ecg:read"], status);
      deep(
        [bedside.link.kind === "live", bedside.notice?.code, bedside.counts.readings > 0],
        [!revoked, revoked ? "cwt/status" : undefined, !revoked],
        texts().join("\n"),
      );
    });
  }

  it("without a list to be had a device is talked to, and why there is none is known", async () => {
    const none = () => Promise.reject(new Error("no bridge"));
    const status = new StatusDesk(crypto, ward.clinic.anchor, none, () => 0);
    await begin(["ecg:read"], status);
    deep([bedside.link.kind, status.asOf, status.problem], ["live", undefined, "no bridge"]);
  });

  it("a list that does not come is not waited for longer than a device waits", async () => {
    const { anchor } = ward.clinic;
    const status = new StatusDesk(
      crypto,
      anchor,
      () => new Promise(() => {}),
      () => 0,
    );
    await begin(["ecg:read"], status);
    same(bedside.link.kind, "proving");
    await ward.pass(2000);
    same(bedside.link.kind, "live");
  });

  it("an error of the browser is told in words, and is not thrown", async () => {
    await begin();
    const failed = await bedside.attempt("asking", () => Promise.reject(new TypeError("fetch failed")));
    deep([failed, bedside.notice?.code, bedside.notice?.during], [undefined, "host/link", "asking"]);
  });
});
