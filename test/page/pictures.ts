/** The pictures of the docs, made where the tests come by. */
import { join } from "node:path";
import type { Page } from "playwright-core";

const WANTED = process.env.VAGUS_PICTURES === "1";

export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  if (!WANTED) return;
  await page.screenshot({ path: join(process.cwd(), `docs/pictures/page-${name}.png`), fullPage });
}
