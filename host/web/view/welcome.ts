/** Before a session: which device, and who you are. */
import { html, nothing, type TemplateResult } from "lit";
import { hasBluetooth } from "../link/web-bluetooth.js";
import type { App } from "./app.js";
import { archiveView } from "./evidence.js";
import { icon } from "./icons.js";
import { noticeView } from "./notice.js";

export function welcomeView(app: App): TemplateResult {
  return html`<main id="main" class="welcome" tabindex="-1">
      ${app.notice === undefined ? nothing : noticeView(app.notice, () => app.dismiss())}
      <form class="card connect" @submit=${(event: SubmitEvent) => submit(app, event)}>
        <h1>Connect to a device</h1>
        <p class="lead">Both sides prove who they are before anything is shown. The device tells its name only to you.</p>
        ${app.needsPassphrase ? passphrase(app) : nothing} ${devices(app)}
        <p class="aside">${icon("lock")}<span>Your key is ${app.keyKept}.</span></p>
      </form>
      ${archiveView(app)}
    </main>
    <footer class="foot">Vagus is not a medical device. The heart is simulated or recorded.</footer>`;
}

function devices(app: App): TemplateResult {
  const { bridge, busy } = app;
  const found = bridge?.devices ?? [];
  return html`<div class="choices">
    ${found.map(
      (
        name,
        index,
      ) => html`<button class="primary wide" name="bridge" value=${index} ?disabled=${busy !== undefined}>
        <span>${busy ?? "Connect"}</span><span class="what">${name}</span>
      </button>`,
    )}
    ${
      hasBluetooth()
        ? html`<button class=${found.length > 0 ? "wide" : "primary wide"} name="bluetooth" ?disabled=${busy !== undefined}>
          <span>Connect by Bluetooth</span><span class="what">choose a device nearby</span>
        </button>`
        : nothing
    }
    ${
      found.length === 0 && !hasBluetooth()
        ? html`<p class="lead">
          This browser has no Bluetooth, and
          ${app.notice?.condition === "used-link" ? "the link to the bridge has been used before" : "no bridge to a simulated device was opened"}.
          Run <code>npm start -- --web</code> and use the link that it prints.
        </p>`
        : nothing
    }
  </div>`;
}

function passphrase(app: App): TemplateResult {
  return html`<div class="field-row">
    <label for="passphrase">${app.hasKey ? "Passphrase of your key" : "A passphrase for your new key"}</label>
    <input
      id="passphrase"
      name="passphrase"
      type="password"
      required
      minlength="8"
      autocomplete=${app.hasKey ? "current-password" : "new-password"}
    />
    <p class="hint">This browser cannot keep a key to itself, so yours is locked with a passphrase: 8 characters or more.</p>
  </div>`;
}

function submit(app: App, event: SubmitEvent): void {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const word = String(new FormData(form).get("passphrase") ?? "");
  const by = event.submitter as HTMLButtonElement | null;
  if (by?.name === "bluetooth") void app.connectBluetooth(word);
  else void app.connectBridge(Number(by?.value ?? 0), word);
}
