/** What a clinician does, from the first connection on, in Debian's Chromium over the bridge. */

import { readFileSync } from "node:fs";
import { verifyBundle } from "../../host/bundle/verify.js";
import { nodeZlib } from "../../host/cose/zlib.js";
import { readSequence } from "../../host/store/sequence.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { deep, ok, same } from "../support/assert.js";
import { violations } from "./axe.js";
import { revoke } from "./colleague.js";
import { picture } from "./pictures.js";
import { Stage } from "./stage.js";

const PATIENCE_MS = 120_000;

function throwsSome(act: () => unknown, what: string): void {
  let thrown = false;
  try {
    act();
  } catch {
    thrown = true;
  }
  ok(thrown, `${what} is another, and it holds`);
}

describe("the clinician's page in Chromium, over the bridge", function (this: Mocha.Suite) {
  this.timeout(PATIENCE_MS);
  let stage: Stage;
  before(async () => {
    stage = await Stage.open({ devices: 2 });
  });
  after(() => stage?.close());
  const device = () => stage.page.locator(".whose strong").textContent();

  it("shows a moving trace after two actions: the link, and Connect", async () => {
    await stage.page.goto(stage.demo.bridge.link());
    await stage.page.getByRole("heading", { name: "Connect to a device" }).waitFor();
    deep(await violations(stage.page), [], "before the session");
    same(await stage.page.evaluate(() => location.hash), "", "the token stays in the address");
    await picture(stage.page, "connect");
    await stage.choose(0);
  });

  it("says whose device it is, by which key, what the clinician may, and for how long", async () => {
    const bar = (await stage.page.locator("header.bar").innerText()).replace(/\s+/g, " ");
    ok(/Device [\w-]{11} ([0-9a-f]{4} ){3}[0-9a-f]{4} · ward-3/.test(bar), bar);
    ok(/Your credential 6 d 23 h left ([0-9a-f]{4} ){4}· may program/.test(bar), bar);
    ok(/Live verified and encrypted/.test(bar), bar);
  });

  it("keeps the key where no script can read it", async () => {
    const kept = await stage.page.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open("vagus", 1);
        opening.onsuccess = () => resolve(opening.result);
      });
      const request = database.transaction("identity").objectStore("identity").get("own");
      await new Promise((resolve) => (request.onsuccess = resolve));
      const { handle } = request.result.key;
      const exported = await crypto.subtle.exportKey("pkcs8", handle).catch(() => "refused");
      return { extractable: handle.extractable, algorithm: handle.algorithm.name, exported };
    });
    deep(kept, { extractable: false, algorithm: "Ed25519", exported: "refused" });
  });

  it("finds the rate and the intervals", async () => {
    await stage.page.waitForFunction(
      () => /^\d+$/.test(document.querySelector("[data-figure=rate]")?.textContent ?? ""),
      {
        timeout: 20_000,
      },
    );
    const rate = Number(await stage.page.locator("[data-figure=rate]").textContent());
    ok(rate >= 55 && rate <= 90, `rate ${rate}`);
  });

  it("shows the pacer's own markers under the trace, and their intervals", async () => {
    const { page } = stage;
    await page.waitForFunction(
      () => /V paced\s*100/.test(document.querySelector(".numbers")?.textContent ?? ""),
      {
        timeout: 20_000,
      },
    );
    const numbers = (await page.locator(".numbers").innerText()).replace(/\s+/g, " ");
    ok(/A–V 150 ms/.test(numbers), numbers);
  });

  const input = (label: string) => stage.page.getByRole("textbox", { name: label, exact: true });
  const programmed = (name: string) =>
    stage.page.evaluate((of) => document.querySelector<HTMLInputElement>(`#p-${of}`)?.value, name);

  it("explains limits and conflicts as they are typed, and sends nothing that may not be so", async () => {
    const { page } = stage;
    await input("AV delay").fill("300");
    await input("Post-ventricular ARP (PVARP)").fill("300");
    await page
      .getByText("AV delay and PVARP are 600 ms, above the interval of the upper rate limit, 500 ms")
      .first()
      .waitFor();
    same(await input("AV delay").getAttribute("aria-invalid"), "true");
    ok(await page.getByRole("button", { name: "Send for read-back" }).isDisabled(), "it may be sent");
    deep(await violations(page), [], "conflicts");
    await picture(page, "conflict");
    await page.getByRole("button", { name: "Discard" }).click();
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>("#p-avDelayMs")?.value === "150", // drawn with the next frame
      { timeout: 5000 },
    );
  });

  it("changes a parameter: sent, read back, looked at, programmed, and read again", async () => {
    const { page } = stage;
    await input("AV delay").fill("180");
    await input("Ventricular amplitude").focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowDown");
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>("#p-ventricularAmplitudeMv")?.value === "3",
    );
    await page.getByRole("button", { name: "Send for read-back" }).click();
    await page.getByRole("dialog").waitFor();
    const rows = await page.locator("dialog tbody tr").allInnerTexts();
    deep(
      rows.map((row) => row.replace(/\s+/g, " ")),
      ["AV delay 150 ms 180 ms", "Ventricular amplitude 3.5 V 3 V"],
    );
    deep(await violations(page), [], "the review");
    await picture(page, "review");
    await page.getByRole("button", { name: "Program permanently" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByText("Nothing is pending").waitFor();
    same(await programmed("avDelayMs"), "180");
    await page.waitForFunction(
      () => /A–V\s*180/.test(document.querySelector(".numbers")?.textContent ?? ""),
      {
        timeout: 20_000,
      },
    );
  });

  it("Pace-Now is one press, from every view, and one more ends it", async () => {
    const { page } = stage;
    await stage.tab("Device log");
    await page.getByRole("button", { name: "Pace-Now" }).click();
    await page.getByRole("button", { name: "End Pace-Now" }).waitFor();
    await stage.tab("Parameters");
    await page.getByText("by Pace-Now").waitFor();
    deep(await violations(page), [], "Pace-Now");
    await picture(page, "pace-now");
    await page.locator("header.bar").getByRole("button", { name: "End Pace-Now" }).click();
    await page.getByText("as programmed").waitFor();
  });

  it("runs a test, and keeps its result", async () => {
    const { page } = stage;
    await stage.tab("Tests");
    await page.getByRole("button", { name: "Ventricle: Lead impedance" }).click();
    const result = page.locator(".results li").first();
    await result.waitFor({ timeout: 30_000 });
    ok(
      /^Ventricular lead impedance: \d+ Ω \(mean of 5\)$/.test(await result.innerText()),
      await result.innerText(),
    );
    deep(await violations(page), [], "tests");
    await picture(page, "tests");
  });

  it("freezes, measures by calipers with the keyboard alone, and runs on", async () => {
    const { page } = stage;
    await page.getByRole("button", { name: "Calipers" }).click();
    const caliper = page.getByRole("slider", { name: "Caliper B" });
    await caliper.focus();
    const before = await page.locator(".caliper-reading").textContent();
    for (let i = 0; i < 5; i++) await page.keyboard.press("Shift+ArrowRight");
    const after = await page.locator(".caliper-reading").textContent();
    same(before?.split(" ms")[0], "800");
    same(after?.split(" ms")[0], "1000");
    const still = await stage.ink();
    await page.waitForTimeout(600);
    same(await stage.ink(), still, "a frozen strip moved");
    deep(await violations(page), [], "frozen, with calipers");
    await picture(page, "calipers");
    await page.getByRole("button", { name: "Run" }).click();
    await stage.moving();
  });

  it("reads the device's log, verified to its end", async () => {
    await stage.tab("Device log");
    await stage.page.getByRole("button", { name: "What was done" }).click();
    await stage.page.getByText(/entries, each linked to the one before/).waitFor();
    const rows = await stage.page.locator("table.log tbody tr").allInnerTexts();
    ok(
      rows.some((row) => /Session opened/.test(row) && /you/.test(row)),
      rows.join("\n"),
    );
    deep(await violations(stage.page), [], "the log");
    await picture(stage.page, "log");
  });

  it("loses the link, says so, draws nothing in its place, and fetches all that was missed", async () => {
    const { page, demo } = stage;
    demo.bridge.refusing = true;
    try {
      demo.bridge.cut();
      await page.getByText("Link lost", { exact: true }).waitFor();
      await page.getByText(/No data for \d+ s/).waitFor();
      same(
        await page.locator("[data-figure=rate]").textContent(),
        "––",
        "an old rate is shown as if it were now",
      );
      await page.waitForTimeout(3000); // the pen draws what has come
      const still = await stage.ink();
      await page.waitForTimeout(1000);
      same(await stage.ink(), still, "something was drawn without data");
      deep(await violations(page), [], "stale");
      await picture(page, "lost");
    } finally {
      demo.bridge.refusing = false;
    }
    await stage.live();
    const said = await stage.readings();
    ok(/ 0 refused, link back 1 time, none missing$/.test(said), said);
  });

  it("prints a summary of what was done", async () => {
    await stage.tab("Summary");
    deep(await violations(stage.page), [], "the summary");
    await stage.page.waitForTimeout(1200);
    ok((await stage.page.locator(".summary-strip svg").count()) === 1, "no strip");
    await picture(stage.page, "summary");
  });

  it("saves what it received as evidence, which holds by the Authority's public key; not with a byte changed", async () => {
    const { page, demo } = stage;
    await page.getByText(/the device is not revoked, as of/).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as evidence" }).click(),
    ]);
    ok(/^vagus-[\w-]{11}-\d{8}-\d{4}\.bundle$/.test(download.suggestedFilename()));
    const bytes = new Uint8Array(readFileSync((await download.path()) as string));
    const { anchor } = demo.hospital.office.authority;
    const verify = (content: Uint8Array) => {
      const file = { length: content.length, read: (at: number, n: number) => content.subarray(at, at + n) };
      return verifyBundle(createPortableCrypto(), readSequence(file), { anchor, zlib: nodeZlib });
    };
    const { device: subject, tokens, covered, streams, heldUntil } = verify(bytes);
    deep([subject, covered, heldUntil], [await device(), tokens, null]);
    const readings = Number(/^(\d+) verified/.exec(await stage.readings())?.[1]);
    const saved = streams.reduce((sum, one) => sum + one.readings, 0);
    deep(
      streams.map(({ stream }) => stream),
      [1, 2, 3],
    );
    ok(saved > 40 && saved <= readings, `${saved} of ${readings} readings`);
    for (let at = 7; at < bytes.length; at += Math.ceil(bytes.length / 10)) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      throwsSome(() => verify(changed), `byte ${at}`);
    }
  });

  it("has kept it when the page is closed and opened again, until it is forgotten", async () => {
    const other = await stage.context.newPage();
    try {
      await other.goto(stage.demo.bridge.link());
      const kept = other.getByRole("region", { name: "Kept in this browser" });
      await kept.getByText(`${await device()}`).waitFor();
      ok(/, \d+ tokens$/.test((await kept.locator("li .sub").innerText()).trim()));
      deep(await violations(other), [], "with sessions kept");
      await picture(other, "kept");
    } finally {
      await other.close();
    }
  });

  it("goes to another device, and shows nothing of the first", async () => {
    const { page } = stage;
    const first = await device();
    await page.getByRole("button", { name: "End session" }).click();
    await page.getByText("Session ended").first().waitFor();
    await page.getByRole("button", { name: "Other device" }).click();
    await stage.choose(1);
    const second = await device();
    ok(first !== second && second !== null, `${first}, then ${second}`);
    ok(!(await page.locator("body").innerText()).includes(first as string), "the first is still named");
  });

  it("forgets a session that it kept, and no other", async () => {
    const other = await stage.context.newPage();
    try {
      await other.goto(stage.demo.bridge.link());
      const rows = other.getByRole("region", { name: "Kept in this browser" }).locator("li");
      await rows.nth(1).waitFor();
      const second = await rows.nth(0).locator("strong").innerText();
      await rows
        .nth(1)
        .getByRole("button", { name: /^Forget/ })
        .click();
      await rows.nth(1).waitFor({ state: "detached" });
      deep(await rows.locator("strong").allInnerTexts(), [second]);
    } finally {
      await other.close();
    }
  });

  it("is let in no more when the Authority has revoked it, and says what to do", async () => {
    const { page, demo } = stage;
    const kid = await page.locator(".you .code").textContent();
    await revoke(demo, 1, kid as string);
    await page
      .getByText("The device refused this programmer.", { exact: false })
      .waitFor({ timeout: 30_000 });
    const words = await page.getByRole("alert").innerText();
    ok(/Pacing goes on as programmed/.test(words) && /edhoc\/peer/.test(words), words);
    deep(await violations(page), [], "revoked");
    await picture(page, "revoked");
  });

  it("complained of nothing on the way", () => {
    deep(
      stage.complaints.filter((text) => !/WebSocket connection to .* failed|^Canvas2D/.test(text)),
      [],
    );
  });
});
