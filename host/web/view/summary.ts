/** The session's summary, to be printed. */
import { html, nothing, type TemplateResult } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { PARAMETERS } from "../../../modules/cardiac/pacer/index.js";
import type { LeadState } from "../../../modules/reading/index.js";
import type { Bedside } from "../model/bedside.js";
import type { PacingDesk } from "../model/pacing-desk.js";
import type { StatusDesk } from "../model/status-desk.js";
import { summaryStrip } from "../model/summary-strip.js";
import { clockText, dateText, kidText, leftText } from "../model/time.js";
import { withUnit } from "../model/units.js";
import type { App } from "./app.js";
import { evidenceView } from "./evidence.js";

export function summaryView(app: App, bedside: Bedside, desk: PacingDesk | undefined): TemplateResult {
  const { chart, counts, device, identity, startedAt, endedAt } = bedside;
  const { credential } = identity;
  const until = endedAt ?? Date.now();
  return html`<article class="summary">
    <header>
      <h2 class="title">Session summary</h2>
      <button class="primary" @click=${() => print()}>Print</button>
    </header>
    <dl class="pairs">
      ${pair("Device", device === undefined ? "not known" : `${device.subject} (key ${kidText(device.kid)})`)}
      ${pair("Programmer", `${credential.subject} (key ${kidText(credential.kid)})`)}
      ${pair("Rights", credential.scope.join(", "))}
      ${pair("Session", `${dateText(startedAt)} to ${clockText(until)} (${leftText(until - startedAt)})`)}
      ${pair("Readings", readings(counts))}
      ${pair("Status list", statusText(bedside.status))}
      ${stateOf(bedside)}
    </dl>
    ${evidenceView(app)} ${strip(bedside)} ${parameters(desk)}
    <h3>What happened</h3>
    <table class="chart">
      <thead>
        <tr><th scope="col">Time</th><th scope="col">What</th></tr>
      </thead>
      <tbody>
        ${chart.entries.map(({ at, sort, text }) => html`<tr class=${sort}><td class="when">${clockText(at)}</td><td>${text}</td></tr>`)}
      </tbody>
    </table>
    ${chart.dropped > 0 ? html`<p class="hint">${chart.dropped} entries about the link are left out.</p>` : nothing}
    <p class="hint">Times are this computer’s. Vagus is not a medical device; the heart is simulated or recorded.</p>
  </article>`;
}

function readings({ readings, refused, gone, reconnections }: Bedside["counts"]): string {
  const parts = [`${readings} verified`, `${refused} refused`];
  if (reconnections > 0) parts.push(`link back ${reconnections} ${reconnections === 1 ? "time" : "times"}`);
  parts.push(gone === 0 ? "none missing" : `${gone} gaps`);
  return parts.join(", ");
}

/** Is it known whether the device was revoked? */
function statusText(status: StatusDesk | undefined): string {
  if (status?.asOf === undefined) return "none to be had: whether the device is revoked is not known";
  const text = `the device is not revoked, as of ${clockText(status.asOf)}`;
  return status.problem === undefined ? text : `${text}; a newer one was not to be had`;
}

/** Battery, leads and journal, as the device told them last. */
function stateOf({ state }: Bedside): TemplateResult | typeof nothing {
  if (state === undefined) return nothing;
  const { battery, leads, journal } = state;
  const lead = ({ impedanceOhm, signalUv }: LeadState) =>
    `${impedanceOhm} Ω, ${(signalUv / 1000).toFixed(1)} mV`;
  return html`${battery === undefined ? nothing : pair("Battery", `${battery.status}, ${battery.leftPermille / 10} % left`)}
    ${leads === undefined ? nothing : pair("Leads", `atrium ${lead(leads.atrium)}; ventricle ${lead(leads.ventricle)}`)}
    ${pair("Journal", `${Math.round((100 * journal.usedBytes) / journal.capacityBytes)} % in use`)}`;
}

function pair(name: string, value: string): TemplateResult {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

/** It is drawn anew so often at the most. */
const ANEW_MS = 2000;
let drawn: string | undefined;
let drawnOf: Bedside | undefined;
let drawnAt = 0;

/** The last seconds, on paper; what it is made of are numbers and words of our own. */
function strip(bedside: Bedside): TemplateResult | typeof nothing {
  const now = performance.now();
  if (drawnOf !== bedside || now - drawnAt > ANEW_MS) {
    drawn = summaryStrip(bedside);
    drawnOf = bedside;
    drawnAt = now;
  }
  return drawn === undefined ? nothing : html`<figure class="summary-strip">${unsafeHTML(drawn)}</figure>`;
}

function parameters(desk: PacingDesk | undefined): TemplateResult | typeof nothing {
  const { report } = desk ?? {};
  if (report === undefined) return nothing;
  const { permanent } = report;
  const used = PARAMETERS.filter(({ modes }) => modes.includes(permanent.mode));
  return html`<h3>Programmed: ${permanent.mode}</h3>
    <dl class="values">${used.map((it) => pair(it.label, withUnit(it, permanent[it.name])))}</dl>`;
}
