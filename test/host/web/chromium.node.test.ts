/** The page in a real browser, as quickly as it goes: `npm run page:test` has all of it. */
import { violations } from "../../page/axe.js";
import { missingBrowser, Stage } from "../../page/stage.js";
import { deep, ok } from "../../support/assert.js";

describe("the clinician's page in Chromium", function (this: Mocha.Suite) {
  this.timeout(120_000);
  let stage: Stage | undefined;
  before(async function () {
    if (missingBrowser() !== undefined) this.skip();
    stage = await Stage.open();
  });
  after(() => stage?.close());

  it("shows a moving trace after two actions, is accessible, and complains of nothing", async () => {
    const { page, complaints } = stage as Stage;
    await stage?.connect();
    ok(/^[\w-]{11}$/.test((await page.locator(".whose strong").textContent()) ?? ""), "whose device it is");
    deep(await violations(page), []);
    deep(
      complaints.filter((text) => !/^Canvas2D/.test(text)),
      [],
    );
  });
});
