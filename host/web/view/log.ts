/** The device's audit log. */
import { html, nothing, type TemplateResult } from "lit";
import { SCOPE } from "../../../modules/credential/index.js";
import type { Bedside } from "../model/bedside.js";
import { type LogDesk, type LogName, type ReadLog, rowOf } from "../model/log-desk.js";
import { clockText, dateText } from "../model/time.js";
import { icon } from "./icons.js";

export function logView(bedside: Bedside, desk: LogDesk): TemplateResult {
  if (!bedside.may(SCOPE.auditRead))
    return html`<p class="empty">Your credential does not allow reading the log.</p>`;
  const log = desk.read[desk.name];
  const choice = (name: LogName, text: string) =>
    html`<button aria-pressed=${desk.name === name} @click=${() => desk.show(name)}>${text}</button>`;
  return html`<div class="log-head">
      <div class="segmented" role="group" aria-label="Which log">
        ${choice("events", "What was done")}${choice("failures", "What was refused")}
      </div>
      <button @click=${() => desk.refresh()} ?disabled=${desk.busy}>${desk.busy ? "Reading …" : "Read from the device"}</button>
      ${log === undefined ? nothing : verified(log)}
    </div>
    ${log === undefined ? html`<p class="empty">The log has not been read yet.</p>` : table(log, bedside.identity.credential.kid)}`;
}

function verified({ entries, missing, at }: ReadLog): TemplateResult {
  const lost = missing.filter(({ why }) => why === "lost").length;
  const text = `${entries.length} entries, each linked to the one before, up to the end that the device named; read at ${clockText(at)}`;
  return html`<p class="ok">${icon("check")} ${text}${lost > 0 ? ` · ${lost} missing` : ""}</p>`;
}

function table({ entries, missing }: ReadLog, own: Uint8Array): TemplateResult {
  if (entries.length === 0) return html`<p class="empty">Nothing is in it.</p>`;
  return html`<div class="table-frame tall" tabindex="0" role="region" aria-label="Entries of the log">
    <table class="log">
      <thead>
        <tr>
          <th scope="col" class="figure">No.</th>
          <th scope="col">When</th>
          <th scope="col">What</th>
          <th scope="col">Who</th>
        </tr>
      </thead>
      <tbody>
        ${[...entries].reverse().map((entry) => {
          const row = rowOf(entry, own);
          return html`<tr class=${row.own ? "own" : ""}>
            <td class="figure">${row.number}</td>
            <td class="when">${dateText(row.at)}</td>
            <td>${row.what}${row.detail === "" ? nothing : html` <span class="sub code">${row.detail}</span>`}</td>
            <td class="code">${row.who}</td>
          </tr>`;
        })}
      </tbody>
    </table>
    ${missing.map(
      ({ first, last, why }) =>
        html`<p class="hint">Entries ${first} to ${last} are not there: ${WHY[why]}.</p>`,
    )}
  </div>`;
}

const WHY = {
  torn: "the power was cut while they were written",
  lost: "the device had written them, and they are gone",
  dropped: "older than what the device keeps",
} as const;
