/** Pace-Now: one step, from every view. */
import { html, nothing, type TemplateResult } from "lit";
import { SCOPE } from "../../../modules/credential/index.js";
import type { Bedside } from "../model/bedside.js";
import type { PacingDesk } from "../model/pacing-desk.js";

export function paceNowButton(
  bedside: Bedside,
  desk: PacingDesk | undefined,
): TemplateResult | typeof nothing {
  if (desk === undefined || desk.absent || !bedside.may(SCOPE.pacingWrite)) return nothing;
  const linked = bedside.link.kind === "live" || bedside.link.kind === "quiet";
  const ready = linked && !desk.hastening;
  const running = desk.report?.paceNow ?? false;
  return running
    ? html`<button class="pace-now running" ?disabled=${!ready} @click=${() => desk.cancel()}>End Pace-Now</button>`
    : html`<button
        class="pace-now"
        title="VVI 65/min, 5 V, 1 ms at once; needs no word of the Authority"
        ?disabled=${!ready}
        @click=${() => desk.paceNow()}
      >
        Pace-Now
      </button>`;
}
