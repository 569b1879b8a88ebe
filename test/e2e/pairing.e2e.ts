import type { VagusError } from "../../modules/error/index.js";
import { ok, rejects, same } from "../support/assert.js";
import { readings, STREAM, until, Ward } from "./ward.js";

/** Is what the device sends encrypted by the controllers? */
const encrypted = ({ radio }: Ward): boolean =>
  [...radio.device.links.values()].some(({ end }) => end.sealer !== undefined);

describe("pairing the link (DESIGN section 5)", () => {
  describe("where the device lets it", () => {
    let ward: Ward;
    before(async () => {
      ward = await Ward.open({ pairing: true });
    });
    after(() => ward.close());

    it("before the handshake: refused, and the handshake is to be had all the same", async () => {
      const link = await ward.connect();
      ok(link.pair);
      const refused = await link.pair(123456).then(
        () => undefined,
        (error: VagusError) => error,
      );
      ok(refused?.message.includes("PAIRING_NOT_SUPPORTED"), `came ${refused?.message}`);
      same(encrypted(ward), false);
      link.close();
      (await ward.session()).programmer.close();
    });

    it("after message_4, with the session's passkey: the link is encrypted, and the stream goes on", async () => {
      const { programmer, link, tokens, refused } = await ward.session();
      await programmer.start(STREAM.ecg, 250, 0);
      same(encrypted(ward), false);
      await link.pair?.(programmer.passkey);
      await until("encryption", () => encrypted(ward));
      const before = readings(tokens).length;
      await until("readings", () => readings(tokens).length > before + 4);
      same(refused.length, 0);
      await programmer.stop(STREAM.ecg);
      programmer.close();
    });

    it("a wrong passkey: refused, not encrypted, no second attempt in this session, which goes on", async () => {
      const { programmer, link } = await ward.session();
      const wrong = (programmer.passkey + 1) % 1_000_000;
      const first = await link.pair?.(wrong).then(
        () => undefined,
        (error: VagusError) => error,
      );
      ok(first?.message.includes("CONFIRM_VALUE_FAILED"), `came ${first?.message}`);
      const second = await link.pair?.(programmer.passkey).then(
        () => undefined,
        (error: VagusError) => error,
      );
      ok(second?.message.includes("PAIRING_NOT_SUPPORTED"), `came ${second?.message}`);
      same(encrypted(ward), false);
      await programmer.command("challenge", null);
      programmer.close();
    });

    it("the link is lost while it pairs: an error with a code, and the next session pairs", async () => {
      const { programmer, link, closed } = await ward.session();
      ward.radio.moveTo(30);
      await rejects("host/link", async () => link.pair?.(programmer.passkey));
      await until("the end of the link", () => closed.length > 0);
      ward.radio.moveTo(1);
      const again = await ward.session();
      await again.link.pair?.(again.programmer.passkey);
      await until("encryption", () => encrypted(ward));
      again.programmer.close();
    });
  });

  it("where it does not, which is the default: refused after the handshake too", async () => {
    const ward = await Ward.open();
    try {
      const { programmer, link } = await ward.session();
      await rejects("host/link", async () => link.pair?.(programmer.passkey));
      same(encrypted(ward), false);
      programmer.close();
    } finally {
      await ward.close();
    }
  });
});
