/**
 * What a hand at the bench does to a device without a board, over a socket of its own: lines of JSON.
 *
 *   {"button":"down"}   {"button":"up"}
 *   {"pass":MS}         so many milliseconds pass at once; answered by {"passed":MS}. With VAGUS_CLOCK=bench alone
 *   {"measure":true}    answered by one object: what the engine knows of its memory and its work
 *   and what world.ts knows, answered by {"world":{…}} or {"refused":"cardiac/parameter","detail":"…"}
 *
 * A line that says nothing of that is passed over. VAGUS_BUTTON=down: the button is down when the power comes.
 */
import type { Button } from "../../device/index.js";
import { VagusError } from "../../error/index.js";
import type { ByteStream } from "../loopback/peripheral.js";
import type { MovableClock } from "./movable-clock.js";
import type { World } from "./world.js";

/** What the bench moves, and reads, where it is there. */
export interface BenchTools {
  readonly clock?: MovableClock | undefined;
  readonly measure?: (() => Record<string, number>) | undefined;
}

/** The longest line; what goes on without an end is dropped. */
const LINE_MAX = 256;
const NEWLINE = 10;
const PASS = /^\{"pass":(\d{1,12})\}$/;

export class Bench {
  readonly button: Button;
  #down: boolean;
  #changed: ((down: boolean) => void) | undefined;
  readonly #world: World | undefined;
  readonly #tools: BenchTools;

  constructor(buttonDown: boolean, world?: World, tools: BenchTools = {}) {
    this.#down = buttonDown;
    this.#world = world;
    this.#tools = tools;
    const isDown = () => this.#down;
    this.button = {
      get down() {
        return isDown();
      },
      listen: (changed) => {
        this.#changed = changed;
      },
    };
  }

  accept(stream: ByteStream): void {
    let line = "";
    stream.listener = {
      data: (bytes) => {
        for (let i = 0; i < bytes.length; i++) {
          if (bytes[i] === NEWLINE) {
            this.obey(line, (answer) => stream.write(bytesOf(`${answer}\n`)));
            line = "";
          } else if (line.length < LINE_MAX) line += String.fromCharCode(bytes[i]);
        }
      },
      writable() {},
      closed() {},
    };
  }

  /** @param answer takes a line of JSON, where there is one */
  obey(line: string, answer: (line: string) => void = () => {}): void {
    const { clock, measure } = this.#tools;
    const ms = Number(PASS.exec(line)?.[1]);
    const down = line === '{"button":"down"}';
    if (down || line === '{"button":"up"}') this.#press(down);
    else if (ms > 0 && clock !== undefined) clock.pass(ms, () => answer(JSON.stringify({ passed: ms })));
    else if (line === '{"measure":true}' && measure !== undefined) answer(JSON.stringify(measure()));
    else this.#change(line, answer);
  }

  #press(down: boolean): void {
    if (down === this.#down) return;
    this.#down = down;
    this.#changed?.(down);
  }

  #change(line: string, answer: (line: string) => void): void {
    try {
      if (this.#world?.obey(read(line))) answer(JSON.stringify({ world: this.#world.state }));
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      answer(JSON.stringify({ refused: error.code, detail: error.message }));
    }
  }
}

/** An object of JSON; of anything else an empty one. */
function read(line: string): Record<string, unknown> {
  try {
    const value = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** What is not ASCII in a message becomes a question mark. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => (character < "\x7f" ? character.charCodeAt(0) : 63));
}
