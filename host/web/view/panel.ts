/** Under the heart: what can be read and done, a tab each. */
import { html, type TemplateResult } from "lit";
import { SCOPE } from "../../../modules/credential/index.js";
import type { Bedside } from "../model/bedside.js";
import type { App } from "./app.js";
import { logView } from "./log.js";
import { parametersView } from "./parameters.js";
import { summaryView } from "./summary.js";
import { testsView } from "./tests.js";

export const TABS = ["parameters", "tests", "log", "summary"] as const;
export type Tab = (typeof TABS)[number];
const TITLES: Readonly<Record<Tab, string>> = {
  parameters: "Parameters",
  tests: "Tests",
  log: "Device log",
  summary: "Summary",
};

export function panelView(app: App, bedside: Bedside): TemplateResult {
  return html`<section class="panel">
    <div class="tabs" role="tablist" aria-label="What to do" @keydown=${(event: KeyboardEvent) => move(app, event)}>
      ${TABS.map(
        (tab) => html`<button
          role="tab"
          id="tab-${tab}"
          aria-controls="panel-${tab}"
          aria-selected=${app.tab === tab}
          tabindex=${app.tab === tab ? 0 : -1}
          @click=${() => app.open(tab)}
        >
          ${TITLES[tab]}
        </button>`,
      )}
    </div>
    <div class="tab-panel" role="tabpanel" id="panel-${app.tab}" aria-labelledby="tab-${app.tab}" tabindex="0">
      ${body(app, bedside)}
    </div>
  </section>`;
}

function body(app: App, bedside: Bedside): TemplateResult {
  const { log } = app;
  const pacing = app.pacing?.absent ? undefined : app.pacing;
  switch (app.tab) {
    case "parameters":
      return pacing === undefined
        ? html`<p class="empty">${absence(bedside)}</p>`
        : parametersView(app, pacing);
    case "tests":
      return pacing === undefined ? html`<p class="empty">${absence(bedside)}</p>` : testsView(pacing);
    case "log":
      return log === undefined ? html`` : logView(bedside, log);
    case "summary":
      return summaryView(app, bedside, pacing);
  }
}

function absence(bedside: Bedside): string {
  return bedside.may(SCOPE.pacingRead)
    ? "This heart is a recorded one: it has no pacemaker to be programmed or tested."
    : "Your credential does not allow reading the pacemaker.";
}

function move(app: App, event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const next = TABS[(TABS.indexOf(app.tab) + step + TABS.length) % TABS.length] as Tab;
  app.open(next);
  requestAnimationFrame(() => document.getElementById(`tab-${next}`)?.focus());
}
