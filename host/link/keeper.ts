/** Keeps a link to a device, with a session over it: carries out what `reconnection.ts` decides. */
import { VagusError } from "../../modules/error/index.js";
import type { CentralLink, LinkHandlers } from "./link.js";
import type { Clock, Radio } from "./radio.js";
import {
  begin,
  LINK_TIMES,
  type LinkAction,
  type LinkEvent,
  type LinkState,
  type LinkStimulus,
  type LinkTimes,
  step,
} from "./reconnection.js";

/** That was another device than the one wanted: it is passed over for a while. */
export class Elsewhere extends VagusError {
  constructor(detail: string) {
    super("host/link", detail);
  }
}

export interface KeeperOptions<Session> {
  readonly radio: Radio;
  readonly clock: Clock;
  /** From 0 to 1: `Math.random`, unless a test draws. */
  readonly random: () => number;
  /** The ATT MTU to ask for. */
  readonly mtu?: number;
  readonly times?: LinkTimes;
  /** Makes a session of a connection. @throws Elsewhere, VagusError */
  greet(link: CentralLink): Promise<Session>;
  /** Is the other side there? @throws VagusError where it does not answer */
  probe(session: Session): Promise<unknown>;
  readonly observe: (event: LinkEvent) => void;
  /** Is it of no use to try again? Asked whenever something has failed. */
  readonly isFinal?: (error: VagusError, everUp: boolean) => boolean;
}

export class Keeper<Session> {
  readonly #options: KeeperOptions<Session>;
  readonly #times: LinkTimes;
  #state: LinkState = { phase: "stopped", failures: 0, aside: [] };
  /** What is under way now; what comes of anything older is not heard. */
  #attempt = 0;
  #abort: AbortController | undefined;
  #stopScan: (() => void) | undefined;
  #link: CentralLink | undefined;
  #session: Session | undefined;
  #everUp = false;
  #timer: { readonly at: number; readonly stop: () => void } | undefined;
  #ended: { resolve(): void; reject(error: VagusError): void } | undefined;

  constructor(options: KeeperOptions<Session>) {
    this.#options = options;
    this.#times = options.times ?? LINK_TIMES;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** While it is up. */
  get session(): Session | undefined {
    return this.#state.phase === "up" || this.#state.phase === "probing" ? this.#session : undefined;
  }

  /** The MTU of the link that there is. */
  get mtu(): number | undefined {
    return this.#link?.mtu;
  }

  /** Resolves when it is stopped. @throws VagusError where it is of no use to go on */
  run(): Promise<void> {
    const ended = new Promise<void>((resolve, reject) => {
      this.#ended = { resolve, reject };
    });
    const { state, actions } = begin(this.#options.clock.nowMs(), this.#times);
    this.#become(state, actions);
    return ended;
  }

  stop(): void {
    this.#hear({ kind: "stop" });
  }

  /** The session has come to something: it is not asked whether it is there. */
  heard(): void {
    this.#hear({ kind: "heard" });
  }

  /** Does not wait for the next try. */
  hurry(): void {
    this.#hear({ kind: "hurry" });
  }

  /** This session is no good any more: another one is made. Final: none is. */
  fail(error: VagusError, final = false): void {
    this.#hear({ kind: "failed", error, final });
  }

  #hear(event: LinkStimulus): void {
    const { clock, random } = this.#options;
    const { state, actions } = step(this.#state, event, clock.nowMs(), random(), this.#times);
    this.#become(state, actions);
  }

  #become(state: LinkState, actions: readonly LinkAction[]): void {
    this.#state = state;
    if (state.phase === "up") this.#everUp = true;
    this.#schedule();
    for (const action of actions) this.#act(action);
  }

  /** A timer that is due before the deadline finds that it is early, and is set again: not at every word that is heard. */
  #schedule(): void {
    const { deadline } = this.#state;
    if (this.#timer !== undefined && deadline !== undefined && this.#timer.at <= deadline) return;
    this.#timer?.stop();
    this.#timer = undefined;
    if (deadline === undefined) return;
    const { clock } = this.#options;
    const stop = clock.after(Math.max(0, deadline - clock.nowMs()), () => {
      this.#timer = undefined;
      this.#hear({ kind: "tick" });
    });
    this.#timer = { at: deadline, stop };
  }

  #act(action: LinkAction): void {
    switch (action.kind) {
      case "drop":
        this.#drop();
        break;
      case "scan":
        this.#scan();
        break;
      case "connect":
        this.#connect(action.address);
        break;
      case "greet":
        this.#greet();
        break;
      case "probe":
        this.#probe();
        break;
      case "tell":
        this.#options.observe(action.event);
        if (action.event.kind === "stopped") this.#end(action.event.error);
    }
  }

  #drop(): void {
    this.#attempt++;
    this.#stopScan?.();
    this.#stopScan = undefined;
    this.#abort?.abort();
    this.#abort = undefined;
    this.#session = undefined;
    const link = this.#link;
    this.#link = undefined;
    link?.close();
  }

  #end(error: VagusError | undefined): void {
    if (error === undefined) this.#ended?.resolve();
    else this.#ended?.reject(error);
  }

  #scan(): void {
    const hear = this.#listener();
    this.#stopScan = this.#options.radio.scan({
      found: ({ address }) => hear({ kind: "found", address }),
      failed: (error) => hear({ kind: "failed", error }),
    });
  }

  #connect(address: string): void {
    const hear = this.#listener();
    const { radio, mtu } = this.#options;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    radio.connect(address, { signal, ...(mtu !== undefined && { mtu }) }).then(
      (link) => {
        if (signal.aborted) link.close();
        else {
          this.#link = link;
          hear({ kind: "linked" });
        }
      },
      (error) => hear(this.#failure(error)),
    );
  }

  /** Whoever greets knows best why it failed: the end of the link, which may be of its own making, comes second. */
  #greet(): void {
    const hear = this.#listener();
    const attempt = this.#attempt;
    let reason: string | undefined;
    const link = listened(this.#link as CentralLink, (why) => {
      reason = why;
      if (this.#state.phase !== "greeting") hear({ kind: "lost", reason: why });
    });
    this.#options.greet(link).then(
      (session) => {
        if (attempt !== this.#attempt) return;
        if (reason !== undefined) {
          hear({ kind: "lost", reason });
          return;
        }
        this.#session = session;
        hear({ kind: "greeted" });
      },
      (error) => hear(this.#failure(error)),
    );
  }

  #probe(): void {
    const hear = this.#listener();
    this.#options.probe(this.#session as Session).then(
      () => hear({ kind: "heard" }),
      (error) => hear(this.#failure(error)),
    );
  }

  /** For what is under way now: later it hears nothing more. */
  #listener(): (event: LinkStimulus) => void {
    const attempt = this.#attempt;
    return (event) => {
      if (attempt === this.#attempt) this.#hear(event);
    };
  }

  #failure(error: unknown): LinkStimulus {
    const told =
      error instanceof VagusError ? error : new VagusError("host/link", `expected a link, came: ${error}`);
    const elsewhere = told instanceof Elsewhere;
    const final = !elsewhere && (this.#options.isFinal?.(told, this.#everUp) ?? false);
    return { kind: "failed", error: told, elsewhere, final };
  }
}

/** The same link; its end is heard on the way to whoever subscribes. */
function listened(link: CentralLink, lost: (reason: string) => void): CentralLink {
  return {
    get mtu() {
      return link.mtu;
    },
    subscribe: (handlers: LinkHandlers) =>
      link.subscribe({
        control: (value) => handlers.control(value),
        telemetry: (value) => handlers.telemetry(value),
        closed(reason) {
          handlers.closed(reason);
          lost(reason);
        },
      }),
    write: (value) => link.write(value),
    readInfo: () => link.readInfo(),
    ...(link.pair && { pair: (passkey: number) => link.pair?.(passkey) ?? Promise.resolve() }),
    close: () => link.close(),
  };
}
