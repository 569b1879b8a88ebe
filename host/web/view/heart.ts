/** The heart: the strip, what it says in numbers, and how fresh that is. */
import { html, nothing, type TemplateResult } from "lit";
import type { Bedside } from "../model/bedside.js";
import { clockText, leftText } from "../model/time.js";
import type { App } from "./app.js";
import { icon } from "./icons.js";
import "./strip.js";
import type { StripElement } from "./strip.js";

export const strip = (): StripElement | null => document.querySelector("vagus-strip");

export function heartView(app: App, bedside: Bedside): TemplateResult {
  const now = performance.now();
  const { heart } = bedside;
  const stale = bedside.isStale;
  return html`<section class="heart ${stale ? "stale" : ""}" aria-label="The heart">
    <div class="strip-frame">
      <vagus-strip
        class=${stale ? "old" : ""}
        .heart=${heart}
        @stripchange=${() => app.changed()}
        @keydown=${(event: KeyboardEvent) => keys(event)}
      ></vagus-strip>
      ${overlay(bedside, stale, now)}
    </div>
    ${numbers(bedside, stale)}${toolbar(app, bedside)}
  </section>`;
}

/** Nothing old is shown as if it were now. */
function overlay(bedside: Bedside, stale: boolean, now: number): TemplateResult | typeof nothing {
  const { heart, lastReadingAt } = bedside;
  if (heart === undefined) {
    return html`<div class="strip-word">
      <p>${bedside.link.kind === "off" ? "Not connected" : "Waiting for the first reading"}</p>
      ${lostActions(bedside)}
    </div>`;
  }
  if (!stale || lastReadingAt === undefined) return nothing;
  const seconds = Math.floor((heart.silentMs(now) ?? 0) / 1000);
  const ended = bedside.link.kind === "off";
  if (bedside.staleness.kind === "backfilling") return catchingUp(bedside.staleness.behindS);
  return html`<div class="strip-word alarm">
    <p role="status">
      <strong>${ended ? "Session ended" : html`No data<span aria-hidden="true"> for ${seconds} s</span>`}</strong>
      What you see is from before ${clockText(lastReadingAt)}
    </p>
    ${lostActions(bedside)}
  </div>`;
}

function catchingUp(behindS: number | undefined): TemplateResult {
  return html`<div class="strip-word alarm">
    <p role="status">
      <strong>Not now, but before${behindS === undefined ? nothing : html`<span aria-hidden="true">: ${leftText(behindS * 1000)} to go</span>`}</strong>
      What was missed is being fetched
    </p>
  </div>`;
}

/** What a clinician can do about a lost link but wait. */
function lostActions(bedside: Bedside): TemplateResult | typeof nothing {
  const { link, heart, canChooseAgain } = bedside;
  const again = link.kind === "lost" || (link.kind === "connecting" && heart !== undefined);
  if (!again) return nothing;
  return html`<p class="strip-actions">
    <button ?disabled=${link.kind !== "lost"} @click=${() => bedside.hurry()}>Try now</button>
    ${canChooseAgain ? html`<button @click=${() => bedside.chooseAgain()}>Choose the device again</button>` : nothing}
  </p>`;
}

function numbers(bedside: Bedside, stale: boolean): TemplateResult {
  const { heart, lastReadingAt } = bedside;
  const { rate, rr, av, atrialPaced, ventricularPaced } = heart?.intervals ?? {
    rate: undefined,
    rr: undefined,
    av: undefined,
    atrialPaced: undefined,
    ventricularPaced: undefined,
  };
  const share = (value: number | undefined) => (value === undefined ? undefined : Math.round(value * 100));
  const old = stale && rate !== undefined && lastReadingAt !== undefined;
  return html`<div class="numbers" role="group" aria-label="Rate and intervals">
    <div class="number main">
      <span class="name">Rate</span
      ><span class="value" data-figure="rate">${stale || rate === undefined ? "––" : Math.round(rate)}</span
      ><span class="unit">/min</span>
      ${old ? html`<span class="was">was ${Math.round(rate)} at ${clockText(lastReadingAt)}</span>` : nothing}
    </div>
    ${number("V–V", stale ? undefined : rr, "ms")} ${number("A–V", stale ? undefined : av, "ms")}
    ${number("A paced", stale ? undefined : share(atrialPaced), "%")}
    ${number("V paced", stale ? undefined : share(ventricularPaced), "%")}
  </div>`;
}

function number(name: string, value: number | undefined, unit: string): TemplateResult {
  return html`<div class="number">
    <span class="name">${name}</span><span class="value">${value ?? "–"}</span><span class="unit">${unit}</span>
  </div>`;
}

function toolbar(app: App, bedside: Bedside): TemplateResult {
  const element = strip();
  const frozen = element?.frozen ?? false;
  const measuring = element?.measuring ?? false;
  const none = bedside.heart === undefined;
  const act = (what: (strip: StripElement) => void) => () => {
    const found = strip();
    if (found !== null) what(found);
    app.changed();
  };
  return html`<div class="strip-tools" role="toolbar" aria-label="Strip">
    <button aria-pressed=${frozen} ?disabled=${none} @click=${act((it) => (it.frozen ? it.go() : it.freeze()))}>
      ${icon(frozen ? "play" : "freeze")} ${frozen ? "Run" : "Freeze"}
    </button>
    <button aria-pressed=${measuring} ?disabled=${none} @click=${act((it) => it.caliper(!it.measuring))}>
      ${icon("calipers")} Calipers
    </button>
    <button aria-label="Earlier" ?disabled=${!frozen} @click=${act((it) => it.shift(-2))}>${icon("back")}</button>
    <button aria-label="Later" ?disabled=${!frozen} @click=${act((it) => it.shift(2))}>${icon("on")}</button>
    <span class="strip-note"
      >${frozen ? `frozen, ${(element?.secondsBack ?? 0).toFixed(0)} s before now` : "25 mm/s · 10 mm/mV"}</span
    >
  </div>`;
}

/** Space freezes, arrows move a frozen strip. */
function keys(event: KeyboardEvent): void {
  const element = strip();
  if (element === null || event.target !== element) return;
  if (event.key === " ") element.frozen ? element.go() : element.freeze();
  else if (event.key === "ArrowLeft") element.shift(-1);
  else if (event.key === "ArrowRight") element.shift(1);
  else return;
  event.preventDefault();
}
