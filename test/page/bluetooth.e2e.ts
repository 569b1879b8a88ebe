/**
 * What a clinician does over Bluetooth: Chromium's own stack, a stand-in BlueZ on a bus of its own, host stacks and LE
 * controllers on both sides of the virtual air. The bridge serves the page and asks the Authority; no reading passes it.
 */
import dbus from "dbus-next";
import type { CDPSession } from "playwright-core";
import type { Controller } from "../../sim/radio/controller/controller.js";
import { VirtualRadio } from "../../sim/radio/virtual.js";
import { deep, ok, same } from "../support/assert.js";
import { missingBus } from "../support/debian.mjs";
import { revoke } from "./colleague.js";
import { picture } from "./pictures.js";
import { Stage } from "./stage.js";

const FAR = { x: 30, y: 0 };
const NEAR = { x: 1, y: 0 };

/** Has BlueZ forget a device, as it does by itself 30 s after one was last heard. */
async function forget(busAddress: string, address: string): Promise<void> {
  const bus = dbus.sessionBus({ busAddress });
  const path = `/org/bluez/hci0/dev_${address.replaceAll(":", "_")}`;
  await bus.call(
    new dbus.Message({
      ...{ destination: "org.bluez", path: "/org/bluez/hci0", interface: "org.bluez.Adapter1" },
      ...{ member: "RemoveDevice", signature: "o", body: [path] },
    }),
  );
  bus.disconnect();
}

describe("the clinician's page in Chromium, by Bluetooth", function (this: Mocha.Suite) {
  this.timeout(120_000);
  let stage: Stage;
  let radio: VirtualRadio;
  let second: Controller;
  let chooser: CDPSession;
  const port = (index: number) => () => stage.demo.firmware[index]?.port ?? 0;

  before(async function () {
    if (missingBus()) this.skip();
    radio = await VirtualRadio.start({ port: port(0), supervisionMs: 1000 });
    second = await radio.add(port(1));
    second.place = FAR;
    stage = await Stage.open({
      devices: 2,
      flags: ["--enable-features=WebBluetooth"],
      env: { DBUS_SYSTEM_BUS_ADDRESS: radio.busAddress },
    });
    chooser = await stage.context.newCDPSession(stage.page);
    await chooser.send("DeviceAccess.enable");
  });
  after(async () => {
    await stage?.close();
    await radio?.close();
  });

  const page = () => stage.page;
  const device = () => page().locator(".whose strong").textContent();

  /** In the browser's own chooser the first device that was not there before is taken. */
  async function choose(press: string, before: readonly string[] = []): Promise<string> {
    const chosen = new Promise<string>((resolve, reject) => {
      const prompted = ({ id, devices }: { id: string; devices: { id: string }[] }) => {
        const found = devices.find((one) => !before.includes(one.id));
        if (found === undefined) return;
        chooser.off("DeviceAccess.deviceRequestPrompted", prompted);
        chooser
          .send("DeviceAccess.selectPrompt", { id, deviceId: found.id })
          .then(() => resolve(found.id), reject);
      };
      chooser.on("DeviceAccess.deviceRequestPrompted", prompted);
    });
    await page().getByRole("button", { name: press }).click();
    return chosen;
  }

  let first: string;

  it("shows a moving trace after three actions: the link, Connect by Bluetooth, and the device", async () => {
    await page().goto(stage.demo.bridge.link());
    first = await choose("Connect by Bluetooth");
    await stage.live();
    await stage.tab("Summary");
    await page()
      .getByText(/Connected over Bluetooth to/)
      .waitFor();
    const { packets } = radio.air.traffic.fromPeripheral;
    ok(packets > 40, `${packets} packets on the air`);
  });

  it("changes a parameter, read back", async () => {
    await stage.tab("Parameters");
    await page().getByRole("textbox", { name: "AV delay", exact: true }).fill("180");
    await page().getByRole("button", { name: "Send for read-back" }).click();
    await page().getByRole("dialog").waitFor();
    const rows = await page().locator("dialog tbody tr").allInnerTexts();
    deep(
      rows.map((row) => row.replace(/\s+/g, " ")),
      ["AV delay 150 ms 180 ms"],
    );
    await page().getByRole("button", { name: "Program permanently" }).click();
    await page().getByText("Nothing is pending").waitFor();
    await page().waitForFunction(
      () => /A–V\s*180/.test(document.querySelector(".numbers")?.textContent ?? ""),
      { timeout: 20_000 },
    );
  });

  it("goes out of range, says so, and comes back with nothing lost", async () => {
    radio.device.place = FAR;
    await page().locator(".pill", { hasText: "Link lost" }).waitFor();
    await page().waitForTimeout(1500);
    radio.device.place = NEAR;
    await stage.live();
    const said = await stage.readings();
    ok(/ 0 refused, link back 1 time, none missing$/.test(said), said);
  });

  it("is chosen again where the browser has forgotten it, and nothing is lost", async () => {
    radio.device.place = FAR;
    await page().locator(".pill", { hasText: "Link lost" }).waitFor();
    await forget(radio.busAddress, first);
    await picture(page(), "choose-again");
    radio.device.place = NEAR;
    await page().waitForTimeout(1500);
    same(await page().locator(".pill", { hasText: "Live" }).count(), 0, "back by itself:");
    await choose("Choose the device again");
    await stage.live();
    const said = await stage.readings();
    ok(/ 0 refused, link back 2 times, none missing$/.test(said), said);
  });

  it("goes to another device, and shows nothing of the first", async () => {
    const before = await device();
    await page().getByRole("button", { name: "End session" }).click();
    await page().getByText("Session ended").first().waitFor();
    await page().getByRole("button", { name: "Other device" }).click();
    radio.device.place = FAR;
    second.place = NEAR;
    await choose("Connect by Bluetooth", [first]);
    await stage.live();
    const after = await device();
    ok(before !== after && after !== null, `${before}, then ${after}`);
    ok(!(await page().locator("body").innerText()).includes(before as string), "the first is still named");
  });

  it("is let in no more when it is revoked in mid-session", async () => {
    await revoke(stage.demo, 1, (await page().locator(".you .code").textContent()) as string);
    await page()
      .getByText("The device refused this programmer.", { exact: false })
      .waitFor({ timeout: 30_000 });
    const words = await page().getByRole("alert").innerText();
    ok(/Pacing goes on as programmed/.test(words) && /edhoc\/peer/.test(words), words);
  });

  it("complained of nothing on the way", () => {
    deep(
      stage.complaints.filter((text) => !/^Canvas2D|Web Bluetooth is experimental/.test(text)),
      [],
    );
  });
});
