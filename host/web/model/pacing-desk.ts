/**
 * What the clinician does to the pacer, in steps: read, edit, send for read-back, look at what came back, program. And the two
 * that are one step: Pace-Now, and its end. Tests are temporary, and end by themselves.
 */
import type { BatteryStatus, Chamber, PacingParameters } from "../../../modules/cardiac/pacer/index.js";
import { parametersToNumbers } from "../../../modules/cardiac/pacer/index.js";
import { VagusError } from "../../../modules/error/index.js";
import type { Bedside } from "./bedside.js";
import { PacingForm } from "./pacing-form.js";

/** What the device says of its pacer. */
export interface PacingReport {
  readonly inForce: PacingParameters;
  readonly permanent: PacingParameters;
  readonly temporary: boolean;
  readonly paceNow: boolean;
  readonly magnet: boolean;
  readonly battery: BatteryStatus;
}

export interface Staged {
  readonly hash: Uint8Array;
  /** As the device read them back. */
  readonly parameters: PacingParameters;
}

export const TEST_KINDS = ["impedance", "wave", "threshold"] as const;
export type TestKind = (typeof TEST_KINDS)[number];

export interface TestResult {
  readonly kind: TestKind;
  readonly chamber: Chamber;
  readonly ending: "done" | "ended" | "late";
  /** In Ω, µV or mV; undefined where nothing was seen, or no amplitude captured. */
  readonly value: number | undefined;
  /** Of pulses at the threshold, µs. */
  readonly widthUs?: number;
  readonly count?: number;
}

/** The pacing commands of a session (18 to 25), as the desk needs them. @throws VagusError the device's refusal */
export interface PacingCommands {
  read(): Promise<PacingReport>;
  stage(parameters: PacingParameters): Promise<Staged>;
  /** Done once, also where the link is lost on the way: then what became of it is asked for. */
  program(staged: Staged, temporary: boolean): Promise<void>;
  paceNow(): Promise<void>;
  cancel(): Promise<void>;
  startTest(kind: TestKind, chamber: Chamber): Promise<void>;
  /** Undefined while it runs. */
  testResult(): Promise<TestResult | undefined>;
}

const LOOK_MS = 500;

export class PacingDesk {
  readonly #bedside: Bedside;
  readonly #commands: PacingCommands;
  readonly #changed: () => void;
  report: PacingReport | undefined;
  /** When the report came, ms since 1970. */
  readAt: number | undefined;
  form: PacingForm | undefined;
  staged: Staged | undefined;
  /** What is under way, in words. */
  busy: string | undefined;
  /** Pace-Now, or its end, is on its way. */
  hastening = false;
  test: { readonly kind: TestKind; readonly chamber: Chamber } | undefined;
  readonly results: TestResult[] = [];
  #absent = false;

  constructor(bedside: Bedside, commands: PacingCommands, changed: () => void) {
    this.#bedside = bedside;
    this.#commands = commands;
    this.#changed = changed;
  }

  /** A recorded heart has no pacemaker. */
  get absent(): boolean {
    return this.#absent;
  }

  /** Reads what is in force. The form is begun anew where nothing was typed. */
  async read(): Promise<void> {
    if (this.#absent) return;
    await this.#do("reading the parameters", async () => {
      try {
        this.#take(await this.#commands.read());
      } catch (error) {
        if (!(error instanceof VagusError && error.code === "device/implant")) throw error;
        this.#absent = true;
      }
    });
  }

  edit(form: PacingForm): void {
    this.form = form;
    this.#changed();
  }

  discard(): void {
    this.form = this.report && new PacingForm(this.report.permanent);
    this.staged = undefined;
    this.#changed();
  }

  /** Sends the form; the device checks it, keeps it aside and reads it back. Nothing has changed yet. */
  async stage(): Promise<void> {
    await this.#do("sending parameters", async () => {
      const wanted = this.form?.wanted;
      if (wanted === undefined) return;
      await this.#word();
      const staged = await this.#commands.stage(wanted);
      if (parametersToNumbers(staged.parameters).join() !== parametersToNumbers(wanted).join()) {
        throw new VagusError(
          "session/malformed",
          "expected the set that was sent to be read back, came another",
        );
      }
      this.staged = staged;
    });
  }

  async program(temporary: boolean): Promise<void> {
    if (this.busy !== undefined) return;
    const done = await this.#do("programming", async () => {
      const { staged, form } = this;
      if (staged === undefined) return;
      await this.#commands.program(staged, temporary);
      const list = form?.changes.map(({ label, from, to }) => `${label} ${from} → ${to}`).join("; ");
      this.#bedside.chart.note(
        "programming",
        `Programmed ${temporary ? "temporarily, until the session ends" : "permanently"}: ${list}`,
      );
      this.staged = undefined;
      this.form = undefined;
    });
    if (done) return this.read();
    this.staged = undefined; // the refusal is to be seen; what was typed is still there
    this.#changed();
  }

  /** Not while it is being programmed: that is not called off by looking away. */
  back(): void {
    if (this.busy !== undefined) return;
    this.staged = undefined;
    this.#changed();
  }

  /** One step: nothing is asked before it, and it waits for nothing that is under way here. */
  paceNow(): Promise<void> {
    return this.#hasten("Pace-Now", "Pace-Now: VVI 65/min, 5 V, 1 ms", () => this.#commands.paceNow());
  }

  /** Ends Pace-Now and whatever is temporary. */
  cancel(): Promise<void> {
    const text = "Pace-Now and temporary parameters cancelled";
    return this.#hasten("cancelling", text, () => this.#commands.cancel());
  }

  async runTest(kind: TestKind, chamber: Chamber): Promise<void> {
    const started = await this.#do("testing", async () => {
      await this.#word();
      await this.#commands.startTest(kind, chamber);
      this.test = { kind, chamber };
    });
    if (!started) return;
    const result = await this.#bedside.attempt("testing", () => this.#result());
    this.test = undefined;
    if (result !== undefined) {
      this.results.unshift(result);
      this.#bedside.chart.note("test", testText(result));
    }
    await this.read();
  }

  async #result(): Promise<TestResult> {
    for (;;) {
      const result = await this.#commands.testResult();
      if (result !== undefined) return result;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** What needs the Authority's word gets it by itself, where the Authority is reached. */
  async #word(): Promise<void> {
    if (!this.#bedside.hasWord && this.#bedside.canAsk) await this.#bedside.askAuthority();
  }

  #take(report: PacingReport): void {
    this.report = report;
    this.readAt = Date.now();
    if (this.form === undefined || this.form.changes.length === 0)
      this.form = new PacingForm(report.permanent);
    else this.form = new PacingForm(report.permanent, this.form.draft);
  }

  /** @returns whether it was done: not beside something else that is under way, and not where it was refused */
  async #do(during: string, act: () => Promise<void>): Promise<boolean> {
    if (this.busy !== undefined) return false;
    this.busy = during;
    this.#changed();
    try {
      return await this.#attempt(during, act);
    } finally {
      this.busy = undefined;
      this.#changed();
    }
  }

  /** Beside whatever is under way; what the device says of it afterwards is another matter than whether it did it. */
  async #hasten(during: string, text: string, act: () => Promise<void>): Promise<void> {
    if (this.hastening) return;
    this.hastening = true;
    this.#changed();
    try {
      if (!(await this.#attempt(during, act))) return;
      this.#bedside.chart.note("emergency", text);
    } finally {
      this.hastening = false;
      this.#changed();
    }
    await this.#attempt("reading the parameters", async () => this.#take(await this.#commands.read()));
    this.#changed();
  }

  async #attempt(during: string, act: () => Promise<void>): Promise<boolean> {
    const done = await this.#bedside.attempt(during, async () => {
      await act();
      return true;
    });
    return done ?? false;
  }
}

export function testTitle(kind: TestKind, chamber: Chamber): string {
  const where = chamber === "atrium" ? "Atrial" : "Ventricular";
  if (kind === "wave") return chamber === "atrium" ? "P wave" : "R wave";
  return kind === "impedance" ? `${where} lead impedance` : `${where} capture threshold`;
}

/** "R wave: 9.8 mV (mean of 8)". */
export function testText({ kind, chamber, ending, value, widthUs, count }: TestResult): string {
  const title = testTitle(kind, chamber);
  if (ending === "ended") return `${title}: ended before it was done`;
  if (value === undefined)
    return `${title}: ${kind === "threshold" ? "no amplitude captured" : "nothing was seen"}`;
  const late = ending === "late" ? ", out of time" : "";
  if (kind === "impedance") return `${title}: ${value} Ω (mean of ${count}${late})`;
  if (kind === "wave") return `${title}: ${(value / 1000).toFixed(1)} mV (mean of ${count}${late})`;
  return `${title}: ${value / 1000} V at ${(widthUs ?? 0) / 1000} ms${late}`;
}
