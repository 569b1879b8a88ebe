/** Browsers that are small, old, calm, or without a network. */
import { deep, ok, same } from "../support/assert.js";
import { violations } from "./axe.js";
import { picture } from "./pictures.js";
import { Stage } from "./stage.js";

describe("the clinician's page in other browsers", function (this: Mocha.Suite) {
  this.timeout(120_000);

  it("fits a screen of 320 pixels, with everything in reach and nothing to scroll sideways for", async () => {
    const stage = await Stage.open({ width: 320, height: 640 });
    try {
      await stage.connect();
      for (const tab of ["Parameters", "Tests", "Device log", "Summary"]) {
        await stage.tab(tab);
        const wide = await stage.page.evaluate(() => document.documentElement.scrollWidth);
        ok(wide <= 320, `${tab} is ${wide} px wide`);
        deep(await violations(stage.page), [], tab);
      }
      await stage.tab("Parameters");
      await stage.page.evaluate(() => scrollTo(0, 0));
      await picture(stage.page, "narrow");
      const inPlace = () =>
        stage.page.evaluate(() =>
          [".bar", ".actions"].map((it) => getComputedStyle(document.querySelector(it) as Element).position),
        );
      deep(await inPlace(), ["sticky", "static"], "on a narrow screen");
      const coverPx = await stage.page.evaluate(() => document.querySelector(".bar")?.clientHeight ?? 0);
      ok(coverPx <= 215, `the bar is ${coverPx} px high: more than what is scrolled to keeps clear of`);
      await stage.page.setViewportSize({ width: 320, height: 256 });
      deep(await inPlace(), ["static", "static"], "on a low screen");
    } finally {
      await stage.close();
    }
  });

  it("asks for a passphrase where the browser cannot keep a key to itself, and opens the key with it again", async () => {
    const stage = await Stage.open();
    const { page } = stage;
    try {
      await page.addInitScript(() => {
        const { subtle } = crypto;
        const own = subtle.generateKey.bind(subtle) as (...args: unknown[]) => unknown;
        subtle.generateKey = ((algorithm: unknown, ...rest: unknown[]) =>
          algorithm === "Ed25519" || algorithm === "X25519"
            ? Promise.reject(new DOMException("not supported", "NotSupportedError"))
            : own(algorithm, ...rest)) as never;
      });
      await page.goto(stage.demo.bridge.link());
      await page.getByLabel("A passphrase for your new key").waitFor();
      deep(await violations(page), [], "with a passphrase");
      await page.getByLabel("A passphrase for your new key").fill("correct horse");
      await stage.choose(0);
      await page.reload();
      await page.getByLabel("Passphrase of your key").fill("wrong horse");
      await page.locator("button[name=bridge]").click();
      await page.getByText("The passphrase is not that of this key.").waitFor();
      await page.getByLabel("Passphrase of your key").fill("correct horse");
      await stage.choose(0);
    } finally {
      await stage.close();
    }
  });

  it("opens without a network once it was loaded", async () => {
    const stage = await Stage.open();
    const { page, context } = stage;
    try {
      await page.goto(stage.demo.bridge.link());
      await page.evaluate(async () => {
        await navigator.serviceWorker.ready;
      });
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await stage.demo.bridge.close();
      await context.setOffline(true);
      await page.reload();
      await page.getByRole("heading", { name: "Connect to a device" }).waitFor();
      const font = await page.evaluate(
        async () => (await document.fonts.load("600 14px 'Inter Variable'")).length,
      );
      same(font, 1, "the font was not kept");
    } finally {
      await stage.close();
    }
  });

  it("is drawn twice a second, and no button fades, where motion is to be reduced", async () => {
    const stage = await Stage.open();
    const { page } = stage;
    try {
      await page.emulateMedia({ reducedMotion: "reduce" });
      await stage.connect();
      const changes = new Set<number>();
      for (let i = 0; i < 20; i++) {
        changes.add(await stage.ink());
        await page.waitForTimeout(100);
      }
      ok(changes.size >= 2 && changes.size <= 7, `${changes.size} pictures in two seconds`);
      const moving = await page.evaluate(
        () =>
          [...document.querySelectorAll("*")].filter((it) => getComputedStyle(it).transitionDuration !== "0s")
            .length,
      );
      same(moving, 0);
    } finally {
      await stage.close();
    }
  });
});
