/** Parameters: in force, programmed, and what is about to be sent; limits and conflicts as they are typed. */
import { html, nothing, type TemplateResult } from "lit";
import {
  MODES,
  type Mode,
  type PacingParameters,
  type ParameterName,
} from "../../../modules/cardiac/pacer/index.js";
import { SCOPE } from "../../../modules/credential/index.js";
import type { PacingDesk, PacingReport } from "../model/pacing-desk.js";
import { type Field, GROUPS, type PacingForm } from "../model/pacing-form.js";
import { clockText } from "../model/time.js";
import { neighbour, shownUnit, shownValue, withUnit } from "../model/units.js";
import type { App } from "./app.js";
import { icon } from "./icons.js";
import { reviewView } from "./review.js";

const MODE_WORDS: Readonly<Record<Mode, string>> = {
  off: "off: no pacing",
  AOO: "AOO: atrium paced, nothing sensed",
  VOO: "VOO: ventricle paced, nothing sensed",
  DOO: "DOO: both paced, nothing sensed",
  AAI: "AAI: atrium paced and sensed",
  VVI: "VVI: ventricle paced and sensed",
  VDD: "VDD: ventricle paced, follows the atrium",
  DDD: "DDD: both paced and sensed",
};

export function parametersView(app: App, desk: PacingDesk): TemplateResult {
  const { report, form } = desk;
  if (report === undefined || form === undefined) {
    return html`<p class="empty">${desk.busy === undefined ? "The parameters have not been read yet." : "Reading the parameters …"}</p>
      <button @click=${() => desk.read()} ?disabled=${desk.busy !== undefined}>Read them from the device</button>`;
  }
  const may = app.bedside?.may(SCOPE.pacingWrite) ?? false;
  return html`${stateLine(desk, report)}
    <form class="pacing" @submit=${(event: Event) => send(event, desk)}>
      ${modeField(desk, form, report)}
      <div class="groups">${GROUPS.map(({ title, names }) => group(title, names, desk, form, report))}</div>
      ${may ? actions(desk, form) : html`<p class="hint">Your credential allows reading, not programming.</p>`}
    </form>
    ${desk.staged === undefined || app.bedside === undefined ? nothing : reviewView(app.bedside, desk, form)}`;
}

function stateLine(desk: PacingDesk, report: PacingReport): TemplateResult {
  const { inForce, permanent, temporary, paceNow, magnet, battery } = report;
  const why = paceNow ? "Pace-Now" : magnet ? "a magnet" : temporary ? "temporary parameters" : undefined;
  return html`<div class="state ${why === undefined ? "" : "overridden"}">
    <p>
      In force: <strong>${inForce.mode} ${inForce.lowerRateLimitPpm}/min</strong> ${
        why === undefined
          ? html`as programmed`
          : html`by <strong>${why}</strong>; programmed: ${permanent.mode} ${permanent.lowerRateLimitPpm}/min`
      }
    </p>
    <p class="sub">Battery ${BATTERY[battery]} · read at ${clockText(desk.readAt ?? 0)}</p>
    <button class="small" type="button" @click=${() => desk.read()} ?disabled=${desk.busy !== undefined}>Read again</button>
    ${
      why === "temporary parameters" || why === "Pace-Now"
        ? html`<button class="small" type="button" @click=${() => desk.cancel()} ?disabled=${desk.busy !== undefined}>
          ${paceNow ? "End Pace-Now" : "End temporary parameters"}
        </button>`
        : nothing
    }
  </div>`;
}

const BATTERY = {
  BOL: "good",
  ERN: "near replacement",
  ERT: "to be replaced",
  ERP: "past replacement",
} as const;

function modeField(desk: PacingDesk, form: PacingForm, { inForce }: PacingReport): TemplateResult {
  const changed = form.draft.mode !== form.current.mode;
  const choose = (event: Event) =>
    desk.edit((desk.form ?? form).choose((event.target as HTMLSelectElement).value as Mode));
  return html`<div class="parameter mode ${changed ? "changed" : ""}">
    <label for="p-mode">Mode</label>
    <select id="p-mode" .value=${form.draft.mode} @change=${choose}>
      ${MODES.map((mode) => html`<option value=${mode} ?selected=${mode === form.draft.mode}>${MODE_WORDS[mode]}</option>`)}
    </select>
    <span class="now">${nowText(form.current.mode, inForce.mode, changed)}</span>
    ${form.modeProblems.map((text) => problem(text))}
  </div>`;
}

function group(
  title: string,
  names: readonly ParameterName[],
  desk: PacingDesk,
  form: PacingForm,
  report: PacingReport,
): TemplateResult {
  return html`<fieldset>
    <legend>${title}</legend>
    ${names.map((name) => row(desk, form, form.field(name), report.inForce))}
  </fieldset>`;
}

function row(desk: PacingDesk, form: PacingForm, field: Field, inForce: PacingParameters): TemplateResult {
  const { parameter, text, changed, used, problems } = field;
  const { name } = parameter;
  const id = `p-${name}`;
  // keys may come faster than pictures: each goes on from where the one before it was
  const newest = () => desk.form ?? form;
  const type = (next: string) => desk.edit(newest().type(name, next));
  const step = (up: boolean) =>
    type(shownValue(parameter, neighbour(parameter, newest().field(name).value, up)));
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    step(event.key === "ArrowUp");
  };
  const wrong = problems.length > 0;
  return html`<div class="parameter ${changed ? "changed" : ""} ${used ? "" : "unused"} ${wrong ? "wrong" : ""}">
    <label for=${id}>${parameter.label}${used ? nothing : html` <span class="sub">not used in ${form.draft.mode}</span>`}</label>
    <div class="entry">
      <button type="button" class="step" tabindex="-1" aria-label="Lower ${parameter.label}" @click=${() => step(false)}>−</button>
      <input
        id=${id}
        inputmode="decimal"
        autocomplete="off"
        spellcheck="false"
        .value=${text}
        aria-invalid=${wrong}
        aria-describedby="${id}-now ${wrong ? `${id}-problem` : ""}"
        @input=${(event: Event) => type((event.target as HTMLInputElement).value)}
        @keydown=${keys}
      />
      <button type="button" class="step" tabindex="-1" aria-label="Raise ${parameter.label}" @click=${() => step(true)}>+</button>
      <span class="unit">${shownUnit(parameter)}</span>
    </div>
    <span class="now" id="${id}-now"
      >${nowText(withUnit(parameter, form.current[name]), withUnit(parameter, inForce[name]), changed)}</span
    >
    ${wrong ? html`<div id="${id}-problem" class="problems">${problems.map((it) => problem(it))}</div>` : nothing}
  </div>`;
}

/** What is programmed, where the form says something else; and what is in force, where that is something else. */
function nowText(programmed: string, inForce: string, changed: boolean): string {
  const parts = [
    ...(changed ? [`programmed ${programmed}`] : []),
    ...(inForce === programmed ? [] : [`in force ${inForce}`]),
  ];
  return parts.join(", ");
}

function problem(text: string): TemplateResult {
  return html`<p class="problem">${icon("alert")} ${text}</p>`;
}

function actions(desk: PacingDesk, form: PacingForm): TemplateResult {
  const { changes, wrong, allowed } = form;
  const count = `${changes.length} ${changes.length === 1 ? "change" : "changes"} pending`;
  const state =
    changes.length === 0
      ? "Nothing is pending"
      : wrong > 0 || !allowed
        ? `${count}; the fields marked may not be so`
        : `${count}: nothing has been sent`;
  return html`<div class="actions ${changes.length > 0 ? "pending" : ""}">
    <p role="status">${desk.busy === undefined ? state : `${desk.busy[0]?.toUpperCase()}${desk.busy.slice(1)} …`}</p>
    <button type="button" @click=${() => desk.discard()} ?disabled=${changes.length === 0 || desk.busy !== undefined}>Discard</button>
    <button class="primary" ?disabled=${changes.length === 0 || !allowed || desk.busy !== undefined}>
      Send for read-back
    </button>
  </div>`;
}

function send(event: Event, desk: PacingDesk): void {
  event.preventDefault();
  void desk.stage();
}
