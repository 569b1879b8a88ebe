/** What the browser has kept: to be saved as evidence, or forgotten. */
import { html, nothing, type TemplateResult } from "lit";
import { tokenCount } from "../model/archive.js";
import { clockText, dateText } from "../model/time.js";
import type { KeptSession } from "../store/token-store.js";
import type { App } from "./app.js";

/** Of the session that is shown. */
export function evidenceView(app: App): TemplateResult | typeof nothing {
  const { archive } = app;
  const session = archive.current ?? app.shownSession;
  if (archive.problem !== undefined) {
    return html`<p class="problem">What is received is not kept in this browser: ${archive.problem}</p>`;
  }
  if (session === undefined) return nothing;
  return html`<section class="evidence" aria-label="Evidence">
    <p>
      ${tokenCount(session)} signed readings and declarations are kept in this browser, as they came from the device.
      <span class="sub">A file of them is checked with the Authority’s public key alone: vagus verify.</span>
    </p>
    <button ?disabled=${app.saving} @click=${() => app.save(session)}>${app.saving ? "Sealing …" : "Save as evidence"}</button>
  </section>`;
}

/** Of sessions before. */
export function archiveView(app: App): TemplateResult | typeof nothing {
  const { earlier } = app.archive;
  if (earlier.length === 0) return nothing;
  return html`<section class="card archive" aria-labelledby="archive-title">
    <h2 id="archive-title">Kept in this browser</h2>
    <ul>
      ${earlier.map((session) => row(app, session))}
    </ul>
  </section>`;
}

function row(app: App, session: KeptSession): TemplateResult {
  const { device, begun, last } = session;
  const name = `${device}, ${dateText(begun)}`;
  const passphrase = () => document.querySelector<HTMLInputElement>("#passphrase")?.value;
  return html`<li>
    <p class="what">
      <strong class="code">${device}</strong>
      <span class="sub">${dateText(begun)} to ${clockText(last)}, ${tokenCount(session)} tokens</span>
    </p>
    <button class="small" ?disabled=${app.saving} aria-label="Save ${name} as evidence" @click=${() => app.save(session, passphrase())}>Save</button>
    <button class="small" aria-label="Forget ${name}" @click=${() => app.forgetSession(session)}>Forget</button>
  </li>`;
}
