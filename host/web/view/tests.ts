/** Tests of a follow-up visit: what each does to the patient while it runs, and what came out. */
import { html, nothing, type TemplateResult } from "lit";
import type { Chamber } from "../../../modules/cardiac/pacer/index.js";
import {
  type PacingDesk,
  TEST_KINDS,
  type TestKind,
  type TestResult,
  testText,
} from "../model/pacing-desk.js";

const CHAMBERS: readonly Chamber[] = ["atrium", "ventricle"];
const WHAT: Readonly<Record<TestKind, string>> = {
  impedance: "Paces a little faster for a few beats and measures the lead.",
  wave: "Paces slowly, so that the heart’s own beats come, and measures them.",
  threshold: "Lowers the amplitude step by step until one beat is lost; the next is paced as before.",
};

export function testsView(desk: PacingDesk): TemplateResult {
  return html`<p class="hint lead">
      Each test sets temporary parameters and takes them back by itself: when it is done, when its time is over, when the session ends.
    </p>
    <div class="tests">${TEST_KINDS.map((kind) => card(desk, kind))}</div>
    ${results(desk.results)}`;
}

function card(desk: PacingDesk, kind: TestKind): TemplateResult {
  const title = { impedance: "Lead impedance", wave: "P and R waves", threshold: "Capture threshold" }[kind];
  return html`<section class="test" aria-label=${title}>
    <h2>${title}</h2>
    <p class="hint">${WHAT[kind]}</p>
    <div class="test-buttons">
      ${CHAMBERS.map((chamber) => {
        const runs = desk.test?.kind === kind && desk.test.chamber === chamber;
        const name = chamber === "atrium" ? "Atrium" : "Ventricle";
        return html`<button
          aria-label="${name}: ${title}"
          ?disabled=${desk.test !== undefined || desk.busy !== undefined}
          @click=${() => desk.runTest(kind, chamber)}
        >
          ${runs ? "Running …" : name}
        </button>`;
      })}
    </div>
    ${desk.test?.kind === kind ? html`<p role="status" class="running">The ${desk.test.chamber} is being tested.</p>` : nothing}
  </section>`;
}

function results(list: readonly TestResult[]): TemplateResult | typeof nothing {
  if (list.length === 0) return nothing;
  return html`<section class="results" aria-label="Results">
    <h2>Results of this session</h2>
    <ul>
      ${list.map((result) => html`<li>${testText(result)}</li>`)}
    </ul>
  </section>`;
}
