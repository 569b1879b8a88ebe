/** The last look before it counts: what the device read back, against what is programmed. */
import { html, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import type { Bedside } from "../model/bedside.js";
import type { PacingDesk } from "../model/pacing-desk.js";
import type { PacingForm } from "../model/pacing-form.js";
import { icon } from "./icons.js";
import { paceNowButton } from "./pace-now.js";

export function reviewView(bedside: Bedside, desk: PacingDesk, form: PacingForm): TemplateResult {
  // when it is drawn for the first time it is not in the document yet
  const open = (element: Element | undefined) => {
    const dialog = element as HTMLDialogElement | undefined;
    queueMicrotask(() => dialog?.isConnected && !dialog.open && dialog.showModal());
  };
  const busy = desk.busy !== undefined;
  // Escape is "Back"; while it is being programmed there is no way back
  const cancel = (event: Event) => {
    event.preventDefault();
    desk.back();
  };
  return html`<dialog class="review" aria-labelledby="review-title" ${ref(open)} @cancel=${cancel}>
    <h2 id="review-title">Program these parameters?</h2>
    <p class="ok">${icon("check")} The device has checked all 21 values and read them back. Nothing has changed yet.</p>
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">Parameter</th>
            <th scope="col">Programmed</th>
            <th scope="col">New, read back</th>
          </tr>
        </thead>
        <tbody>
          ${form.changes.map(
            ({ label, from, to }) => html`<tr>
              <th scope="row">${label}</th>
              <td>${from}</td>
              <td><strong>${to}</strong></td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <div class="review-actions">
      ${paceNowButton(bedside, desk)}
      <button @click=${() => desk.back()} ?disabled=${busy}>Back</button>
      <button @click=${() => desk.program(true)} ?disabled=${busy}>Try until the session ends</button>
      <button class="primary" @click=${() => desk.program(false)} ?disabled=${busy}>
        ${busy ? "Programming …" : "Program permanently"}
      </button>
    </div>
  </dialog>`;
}
