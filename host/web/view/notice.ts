/** A refusal in words: what happened, what the device did, what to do; the code beneath. */
import { html, type TemplateResult } from "lit";
import type { Notice } from "../model/chart.js";
import { clockText } from "../model/time.js";
import { wordsFor } from "../model/words.js";
import { icon } from "./icons.js";

export function noticeView(notice: Notice, dismiss: () => void): TemplateResult {
  const { happened, device, act } = wordsFor(notice.code, notice.condition);
  return html`<section class="notice" role="alert" aria-label="Refused">
    <span class="notice-sign" aria-hidden="true">${icon("alert")}</span>
    <div class="notice-words">
      <p class="happened">${happened}</p>
      <dl>
        <div><dt>The device</dt><dd>${device}</dd></div>
        <div><dt>What to do</dt><dd>${act}</dd></div>
      </dl>
      <p class="beneath"><span class="code">${notice.code}</span> while ${notice.during}, ${clockText(notice.at)}: ${notice.detail}</p>
    </div>
    <button class="quiet" @click=${dismiss}>Understood</button>
  </section>`;
}
