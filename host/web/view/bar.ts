/** What is always in sight: whose device, how the link stands, who you are, what you may, for how long; and Pace-Now. */
import { html, nothing, type TemplateResult } from "lit";
import type { Bedside } from "../model/bedside.js";
import type { LinkShown } from "../model/link-shown.js";
import { clockText, kidText, leftText } from "../model/time.js";
import type { App } from "./app.js";
import { icon } from "./icons.js";
import { paceNowButton } from "./pace-now.js";

export function barView(app: App): TemplateResult {
  const { bedside } = app;
  return html`<a class="skip" href="#main">Skip to the heart</a>
    <header class="bar">
      <div class="brand"><span class="mark" aria-hidden="true">${icon("pulse")}</span><span class="word">Vagus</span></div>
      ${bedside === undefined ? html`<p class="tag">Clinician’s programmer</p>` : facts(app, bedside)}
    </header>`;
}

function facts(app: App, bedside: Bedside): TemplateResult {
  const { device } = bedside;
  return html`<dl class="facts">
      <div class="fact whose">
        <dt>Device</dt>
        <dd>
          ${
            device === undefined
              ? html`<span class="unknown">not known yet</span>`
              : html`<strong class="code">${device.subject}</strong
                ><span class="sub"
                  ><span class="code">${kidText(device.kid)}</span> · ${device.audience.join(", ")}</span
                >`
          }
        </dd>
      </div>
      <div class="fact">
        <dt>Link</dt>
        <dd>${linkPill(bedside)}</dd>
      </div>
      ${credential(bedside)}
      <div class="fact">
        <dt>Changes</dt>
        <dd>${word(bedside)}</dd>
      </div>
    </dl>
    <div class="bar-actions">${paceNowButton(bedside, app.pacing)}${endButton(app, bedside)}</div>`;
}

function endButton(app: App, bedside: Bedside): TemplateResult {
  return bedside.link.kind === "off"
    ? html`<button class="quiet on-dark" @click=${() => app.close()}>Other device</button>`
    : html`<button class="quiet on-dark" @click=${() => app.leave()}>End session</button>`;
}

function linkPill(bedside: Bedside): TemplateResult {
  const now = performance.now();
  const { tone, text, sub } =
    (bedside.link.kind === "live" && oldText(bedside)) || linkText(bedside.link, now);
  return html`<span class="pill ${tone}" role="status"><span class="dot" aria-hidden="true"></span>${text}</span>
    ${sub === "" ? nothing : html`<span class="sub">${sub}</span>`}`;
}

/** The link is up, and what has come over it is not what is now. */
function oldText(bedside: Bedside): { tone: string; text: string; sub: string } | undefined {
  const { isStale, staleness, lastReadingAt } = bedside;
  if (!isStale) return undefined;
  if (staleness.kind === "backfilling")
    return { tone: "wait", text: "Catching up", sub: "fetching what was missed" };
  return {
    tone: "bad",
    text: "No data",
    sub: lastReadingAt === undefined ? "" : `last at ${clockText(lastReadingAt)}`,
  };
}

function linkText(link: LinkShown, now: number): { tone: string; text: string; sub: string } {
  switch (link.kind) {
    case "live":
      return { tone: "good", text: "Live", sub: "verified and encrypted" };
    case "searching":
      return { tone: "wait", text: "Searching", sub: "" };
    case "connecting":
      return { tone: "wait", text: "Connecting", sub: "" };
    case "proving":
      return { tone: "wait", text: "Proving keys", sub: "" };
    case "quiet":
      return { tone: "wait", text: "Quiet", sub: "asking the device" };
    case "lost": {
      const left = Math.ceil((link.nextAt - now) / 1000);
      return { tone: "bad", text: "Link lost", sub: left > 0 ? `trying again in ${left} s` : "trying again" };
    }
    case "off":
      return { tone: "off", text: "Ended", sub: "" };
  }
}

function credential({ identity, scope }: Bedside): TemplateResult {
  const { kid, expires } = identity.credential;
  const left = expires * 1000 - Date.now();
  return html`<div class="fact you">
    <dt>Your credential</dt>
    <dd>
      <span class=${left < 3_600_000 ? "soon" : ""}>${left > 0 ? `${leftText(left)} left` : "has run out"}</span>
      <span class="sub" title=${scope.join(", ")}><span class="code">${kidText(kid)}</span> · ${scopeText(scope)}</span>
    </dd>
  </div>`;
}

/** "may read, program, manage": in the order of what weighs most. */
export function scopeText(scope: readonly string[]): string {
  const words: [string, string][] = [
    ["pacing:write", "program"],
    ["device:manage", "manage"],
    ["ecg:read", "read ECG"],
    ["pacing:read", "read pacing"],
    ["audit:read", "read log"],
    ["journal:release", "release"],
    ["delegate", "delegate"],
  ];
  const may = words.filter(([name]) => scope.includes(name)).map(([, word]) => word);
  return may.length > 3 ? `may ${may.slice(0, 2).join(", ")}, + ${may.length - 2}` : `may ${may.join(", ")}`;
}

function word(bedside: Bedside): TemplateResult {
  if (bedside.hasWord) {
    const left = (bedside.wordUntil ?? 0) - Date.now();
    return html`<span class="pill good small"><span class="dot" aria-hidden="true"></span>Allowed</span
      ><span class="sub">Authority’s word: ${leftText(left)}</span>`;
  }
  const ask = () => bedside.attempt("asking the Authority", () => bedside.askAuthority());
  const can = bedside.canAsk && bedside.link.kind === "live";
  return html`<button class="on-dark small" ?disabled=${!can} @click=${ask}>Ask the Authority</button>
    <span class="sub">reading only</span>`;
}
