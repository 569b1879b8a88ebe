/** A hospital, its devices, the bridge and a browser: what a person at the page has, in one test's hands. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { WebDemo, type WebDemoOptions } from "../../host/bridge/run.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import type { FirmwareOptions } from "../../sim/firmware.js";

const ROOT = process.cwd();
const CHROMIUM = "/usr/bin/chromium";
export const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Why no page can be tested here; undefined where it can. */
export function missingBrowser(): string | undefined {
  return existsSync(CHROMIUM) ? undefined : `no ${CHROMIUM}: apt-get install chromium`;
}

export interface StageOptions {
  readonly devices?: number;
  readonly firmware?: Partial<FirmwareOptions>;
  readonly width?: number;
  readonly height?: number;
  /** For the browser alone. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export class Stage {
  readonly demo: WebDemo;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page complained of: nothing, unless a test says so. */
  readonly complaints: string[];

  private constructor(
    demo: WebDemo,
    browser: Browser,
    context: BrowserContext,
    page: Page,
    complaints: string[],
  ) {
    this.demo = demo;
    this.browser = browser;
    this.context = context;
    this.page = page;
    this.complaints = complaints;
  }

  static async open({
    devices = 1,
    firmware,
    width = 1280,
    height = 900,
    flags = [],
    env = {},
  }: StageOptions = {}): Promise<Stage> {
    // the builders say where they are by their own address: they are not to be bundled with the test
    const load = (path: string) => import(pathToFileURL(join(ROOT, path)).href);
    const [{ buildPage }, { bundleFirmware }] = await Promise.all([
      load("host/web/build.mjs"),
      load("sim/build/programs.mjs"),
    ]);
    const [page, bundle] = await Promise.all([buildPage(), bundleFirmware("node")]);
    const options: WebDemoOptions = {
      crypto: createPortableCrypto(),
      page,
      devices,
      firmware: {
        command: [process.execPath, bundle],
        source: "synthetic",
        rhythm: "avb3",
        paced: true,
        ...firmware,
      },
    };
    const [demo, browser] = await Promise.all([
      WebDemo.open(options),
      chromium.launch({
        executablePath: CHROMIUM,
        args: [...FLAGS, ...flags],
        env: { ...process.env, ...env } as Record<string, string>,
      }),
    ]);
    const context = await browser.newContext({ viewport: { width, height } });
    const tab = await context.newPage();
    const complaints: string[] = [];
    tab.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    tab.on("pageerror", (error) => complaints.push(String(error.stack)));
    return new Stage(demo, browser, context, tab, complaints);
  }

  /** Opens the page by a link of the bridge, and presses the device's button: two actions after the command. */
  async connect(device = 0): Promise<void> {
    await this.page.goto(this.demo.bridge.link());
    await this.choose(device);
  }

  async choose(device = 0): Promise<void> {
    await this.page.locator("button[name=bridge]").nth(device).click();
    await this.live();
  }

  async live(): Promise<void> {
    await this.page.getByText("Live", { exact: true }).waitFor({ timeout: 20_000 });
    await this.moving();
  }

  /** Waits until what is drawn on the strip has changed twice: the trace moves. */
  async moving(): Promise<void> {
    let before = await this.ink();
    for (let changes = 0, tries = 0; changes < 2; tries++) {
      if (tries > 100) throw new Error("expected a moving trace, came a still one");
      await this.page.waitForTimeout(100);
      const now = await this.ink();
      if (now !== before && now > 0) changes++;
      before = now;
    }
  }

  /** What is drawn, as a number that changes with it; 0 for nothing. */
  ink(): Promise<number> {
    return this.page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>("vagus-strip canvas + canvas");
      const context = canvas?.getContext("2d");
      if (canvas === null || !context) return 0;
      const { data } = context.getImageData(0, 0, canvas.width, Math.floor(canvas.height / 2));
      let sum = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] !== 0) sum = (sum * 31 + i) % 1_000_000_007;
      return sum;
    });
  }

  /** How many readings the page has verified, as its summary says. */
  async readings(): Promise<string> {
    await this.tab("Summary");
    return (await this.page.locator(".pairs div", { hasText: "Readings" }).locator("dd").textContent()) ?? "";
  }

  async tab(name: string): Promise<void> {
    await this.page.getByRole("tab", { name }).click();
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.demo.close();
  }
}
