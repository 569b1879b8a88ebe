/** The link is lost while it is being programmed: what the page says then is what the device did. */
import type { WebSocketRoute } from "playwright-core";
import { ATT, readUint16le } from "../../modules/gatt/att.js";
import { ok, same } from "../support/assert.js";
import { Stage } from "./stage.js";

const HEADER = 4;

/** The opcodes of the frames that a message has: see `modules/gatt/att.ts`. */
function opcodes(message: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at + HEADER < message.length; at += HEADER + readUint16le(message, at))
    found.push(message[at + HEADER]!);
  return found;
}

describe("the clinician's page, when the link is lost in the midst of programming", function (this: Mocha.Suite) {
  this.timeout(120_000);
  let stage: Stage;
  /** At the first of it the link ends, and it does not arrive. */
  let cutAt: { readonly from: "page" | "device"; readonly opcode: number } | undefined;
  let cuts = 0;

  before(async () => {
    stage = await Stage.open();
    await stage.page.routeWebSocket(/\/bridge\/link\//, (page) => {
      const device = page.connectToServer();
      const passing = (from: "page" | "device", to: WebSocketRoute) => (message: string | Buffer) => {
        const cut = cutAt;
        if (cut?.from === from && opcodes(message as Buffer).includes(cut.opcode)) {
          cutAt = undefined;
          cuts++;
          void page.close();
          void device.close();
        } else to.send(message);
      };
      page.onMessage(passing("page", device));
      device.onMessage(passing("device", page));
    });
    await stage.connect();
  });
  after(() => stage?.close());

  const page = () => stage.page;

  /** Sends a new AV delay, and cuts the link when it is told to program it. */
  async function program(ms: number, cut: typeof cutAt): Promise<void> {
    await stage.tab("Parameters");
    await page().getByRole("textbox", { name: "AV delay", exact: true }).fill(`${ms}`);
    await page().getByRole("button", { name: "Send for read-back" }).click();
    await page().getByRole("dialog").waitFor();
    cutAt = cut;
    await page().getByRole("button", { name: "Program permanently" }).click();
  }

  const happened = async () => {
    await stage.tab("Summary");
    return page().locator("table.chart").innerText();
  };
  const programmings = (text: string) => text.match(/Programmed permanently/g)?.length ?? 0;

  it("the device did it, and its answer is lost: it is asked what became of it, and it is done once", async () => {
    await program(180, { from: "device", opcode: ATT.indication });
    await page().getByRole("dialog").waitFor({ state: "detached" });
    await stage.live();
    await page().getByText("Nothing is pending").waitFor();
    await page().waitForFunction(
      () => document.querySelector<HTMLInputElement>("#p-avDelayMs")?.value === "180",
    );
    const text = await happened();
    same(cuts, 1, "links cut:");
    same(programmings(text), 1);
    ok(/Link lost/.test(text) && /Link is back/.test(text), text);
    const notice = await page().getByRole("alert").count();
    same(notice, 0, "refusals shown:");
  });

  it("it never reached the device: the page says that it was not done, and the device has what it had", async () => {
    await program(200, { from: "page", opcode: ATT.writeRequest });
    await page().getByRole("alert").waitFor();
    await stage.live();
    same(cuts, 2, "links cut:");
    same(programmings(await happened()), 1);
    await stage.tab("Parameters");
    await page().getByRole("button", { name: "Read again" }).click();
    await page()
      .getByText(/programmed 180 ms/)
      .waitFor();
    same(await page().getByRole("textbox", { name: "AV delay", exact: true }).inputValue(), "200");
  });

  it("and then it can be programmed", async () => {
    await page().getByRole("button", { name: "Send for read-back" }).click();
    await page().getByRole("dialog").waitFor();
    await page().getByRole("button", { name: "Program permanently" }).click();
    await page().getByText("Nothing is pending").waitFor();
    same(programmings(await happened()), 2);
  });
});
