/** The page's state, and when it is drawn. Views are functions of it; what they do to it are its methods. */
import { html, render, type TemplateResult } from "lit";
import { type Credential, SCOPE } from "../../../modules/credential/index.js";
import { VagusError } from "../../../modules/error/index.js";
import type { AcceptedToken } from "../../../modules/reading/index.js";
import { systemClock } from "../../link/radio.js";
import {
  forgetIdentity,
  type KeptIdentity,
  keepIdentity,
  loadIdentity,
  makeKey,
  needsPassphrase,
  openKey,
} from "../crypto/key-store.js";
import { type BrowserCrypto, createBrowserCrypto } from "../crypto/web-crypto.js";
import { BridgeClient } from "../link/bridge-client.js";
import { bluetoothRadio, bridgeRadio, type PageRadio } from "../link/radios.js";
import { Archive } from "../model/archive.js";
import { Bedside } from "../model/bedside.js";
import { type Notice, noticeOf } from "../model/chart.js";
import { enrol, type Identity, identityOf } from "../model/identity.js";
import { LogDesk } from "../model/log-desk.js";
import { PacingDesk } from "../model/pacing-desk.js";
import { sessionPacing } from "../model/session-pacing.js";
import { StatusDesk } from "../model/status-desk.js";
import { addOnce, type KeptSession } from "../store/token-store.js";
import { barView } from "./bar.js";
import { heartView } from "./heart.js";
import { noticeView } from "./notice.js";
import { panelView, type Tab } from "./panel.js";
import { fileTime, saveFile } from "./save-file.js";
import { welcomeView } from "./welcome.js";

const TICK_MS = 1000;

export class App {
  readonly #root: HTMLElement;
  crypto!: BrowserCrypto;
  bridge: BridgeClient | undefined;
  bedside: Bedside | undefined;
  /** Undefined where the heart has no pacemaker. */
  pacing: PacingDesk | undefined;
  log: LogDesk | undefined;
  identity: Identity | undefined;
  tab: Tab = "parameters";
  /** A refusal that is of no session. */
  notice: Notice | undefined;
  /** What is under way before there is a session, in words. */
  busy: string | undefined;
  readonly archive = new Archive(() => this.changed());
  /** The session whose summary is shown, once it is over. */
  shownSession: KeptSession | undefined;
  /** Evidence is being sealed. */
  saving = false;
  #kept: KeptIdentity | undefined;
  #status: StatusDesk | undefined;
  #frame = 0;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  async start(): Promise<void> {
    this.crypto = await createBrowserCrypto();
    this.#kept = await loadIdentity().catch(() => undefined);
    await this.archive.open();
    await this.guard("opening the page", async () => {
      this.bridge = await BridgeClient.open(location, sessionStorage);
    });
    setInterval(() => this.changed(), TICK_MS);
    this.changed();
  }

  get needsPassphrase(): boolean {
    return this.identity === undefined && needsPassphrase(this.crypto, this.#kept);
  }

  get hasKey(): boolean {
    return this.#kept !== undefined;
  }

  /** Where the browser keeps the key, in words. */
  get keyKept(): string {
    return this.crypto.keeps("Ed25519")
      ? "kept by this browser; it cannot be copied"
      : "kept in this browser under your passphrase";
  }

  connectBridge(index: number, passphrase: string): Promise<void> {
    const { bridge } = this;
    if (bridge === undefined) return Promise.resolve();
    return this.#connect(bridgeRadio(bridge, index), passphrase);
  }

  async connectBluetooth(passphrase: string): Promise<void> {
    await this.guard("choosing a device", async () => {
      const radio = await bluetoothRadio();
      await this.#connect(radio, passphrase);
    });
  }

  /** Ends the session and goes back to the choice of devices. */
  async leave(): Promise<void> {
    await this.bedside?.end();
    await this.#endKept();
    this.changed();
  }

  close(): void {
    void this.#endKept().then(() => {
      this.shownSession = undefined;
    });
    this.bedside = undefined;
    this.pacing = undefined;
    this.log = undefined;
    this.notice = undefined;
    this.changed();
  }

  open(tab: Tab): void {
    this.tab = tab;
    this.changed();
  }

  /** Saves a session as a bundle, with the newest status list that is to be had. */
  async save(session: KeptSession, passphrase = ""): Promise<void> {
    if (this.saving) return;
    this.saving = true;
    this.changed();
    await this.guard("saving evidence", async () => {
      const identity = await this.#identify(passphrase);
      this.#status ??= this.#statusOf(identity);
      await this.#status?.refresh(true);
      const { list } = this.#status ?? {};
      if (list !== undefined) addOnce(session.lists, list);
      const items = await this.archive.bundle(this.crypto, identity, session, Date.now());
      saveFile(`vagus-${session.device}-${fileTime(session.begun)}.bundle`, items);
    });
    this.saving = false;
    this.changed();
  }

  async forgetSession(session: KeptSession): Promise<void> {
    await this.guard("forgetting a session", () => this.archive.forget(session));
  }

  /** Draws at the next frame. */
  changed(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      render(this.#view(), this.#root);
    });
  }

  async guard(during: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      // what the browser keeps fails with a DOMException; what comes over a network, with anything
      const code = error instanceof DOMException ? "host/store" : "host/link";
      const refused = error instanceof VagusError ? error : new VagusError(code, String(error));
      this.notice = noticeOf(refused, during, Date.now());
    }
    this.changed();
  }

  dismiss(): void {
    this.notice = undefined;
    this.bedside?.dismiss();
    this.changed();
  }

  async #connect(radio: PageRadio, passphrase: string): Promise<void> {
    this.notice = undefined;
    this.busy = "Getting your credential ready";
    this.changed();
    await this.guard("getting your credential ready", async () => {
      const identity = await this.#identify(passphrase);
      await this.#endKept();
      this.shownSession = undefined;
      this.#status = this.#statusOf(identity);
      this.bedside = new Bedside({
        crypto: this.crypto,
        clock: systemClock,
        identity,
        radio,
        ...(this.bridge && { desk: this.bridge }),
        ...(this.#status && { status: this.#status }),
        keep: (token, device) => this.#keep(token, device),
        now: () => Date.now(),
        changed: () => this.changed(),
        up: () => void this.pacing?.read(),
        reprogrammed: () => void this.pacing?.read(),
      });
      this.pacing = this.#pacingOf(this.bedside);
      this.log = new LogDesk(this.bedside, this.crypto, () => this.changed());
      this.bedside.begin();
    });
    this.busy = undefined;
    this.changed();
  }

  #keep(token: AcceptedToken, device: Credential): void {
    this.archive.keep(token, device, Date.now());
    const { list } = this.#status ?? {};
    if (list !== undefined) this.archive.keepList(list);
  }

  /** What was kept of the session stays to be saved while its summary is shown. */
  async #endKept(): Promise<void> {
    this.shownSession = this.archive.current ?? this.shownSession;
    await this.archive.end();
  }

  #statusOf({ anchor }: Identity): StatusDesk | undefined {
    const { bridge } = this;
    if (bridge === undefined || !bridge.isOf(anchor)) return undefined;
    return new StatusDesk(
      this.crypto,
      anchor,
      () => bridge.statusList(),
      () => Date.now(),
    );
  }

  /** With the right to read them there are parameters to be seen. */
  #pacingOf(bedside: Bedside): PacingDesk | undefined {
    if (!bedside.may(SCOPE.pacingRead)) return undefined;
    const commands = sessionPacing(bedside, this.crypto, () => Date.now());
    return new PacingDesk(bedside, commands, () => this.changed());
  }

  /** The clinician's own key and credential: those kept, or new ones. */
  async #identify(passphrase: string): Promise<Identity> {
    if (this.identity !== undefined && this.identity.credential.expires * 1000 > Date.now())
      return this.identity;
    const now = Math.floor(Date.now() / 1000);
    const made = this.#kept === undefined ? await makeKey(this.crypto, passphrase) : undefined;
    const kept = made?.kept ?? (this.#kept as KeptIdentity);
    const key = made?.key ?? (await openKey(this.crypto, kept, passphrase));
    this.identity = this.#heldCredential(kept, key, now) ?? (await this.#enrol(kept, key, now));
    return this.identity;
  }

  /** The credential that is kept, where it still holds and is of the Authority that is asked here. */
  #heldCredential(kept: KeptIdentity, key: Identity["key"], now: number): Identity | undefined {
    if (kept.issued === undefined) return undefined;
    try {
      const identity = identityOf(this.crypto, key, kept.issued, now);
      const ours = this.bridge === undefined || this.bridge.isOf(identity.anchor);
      return ours ? identity : undefined;
    } catch (error) {
      if (error instanceof VagusError) return undefined;
      throw error;
    }
  }

  async #enrol(kept: KeptIdentity, key: Identity["key"], now: number): Promise<Identity> {
    if (this.bridge === undefined) {
      throw new VagusError("host/link", "expected an Authority that issues a credential, came no way to it");
    }
    const { identity, issued } = await enrol(this.crypto, key, this.bridge, now);
    this.#kept = { ...kept, issued };
    await keepIdentity(this.#kept);
    return identity;
  }

  async forget(): Promise<void> {
    await forgetIdentity();
    this.#kept = undefined;
    this.identity = undefined;
    this.changed();
  }

  #view(): TemplateResult {
    const { bedside } = this;
    if (bedside === undefined) return html`${barView(this)}${welcomeView(this)}`;
    const notice = bedside.notice ?? this.notice;
    return html`${barView(this)}
      <main id="main" tabindex="-1">
        <h1 class="unseen">Session with ${bedside.device === undefined ? "a device" : `device ${bedside.device.subject}`}</h1>
        ${notice === undefined ? "" : noticeView(notice, () => this.dismiss())}
        ${heartView(this, bedside)}${panelView(this, bedside)}
      </main>
      <footer class="foot">Vagus is not a medical device. The heart is simulated or recorded.</footer>`;
  }
}
