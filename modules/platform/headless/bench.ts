/**
 * What a hand at the bench does to a device without a board, over a socket of its own: lines of JSON.
 *
 *   {"button":"down"}   {"button":"up"}
 *   and what world.ts knows, answered by {"world":{…}} or {"refused":"cardiac/parameter","detail":"…"}
 *
 * A line that says nothing of that is passed over. VAGUS_BUTTON=down: the button is down when the power comes.
 */
import type { Button } from "../../device/index.js";
import { VagusError } from "../../error/index.js";
import type { ByteStream } from "../loopback/peripheral.js";
import type { World } from "./world.js";

/** The longest line; what goes on without an end is dropped. */
const LINE_MAX = 256;
const NEWLINE = 10;

export class Bench {
  readonly button: Button;
  #down: boolean;
  #changed: ((down: boolean) => void) | undefined;
  readonly #world: World | undefined;

  constructor(buttonDown: boolean, world?: World) {
    this.#down = buttonDown;
    this.#world = world;
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
    const down = line === '{"button":"down"}';
    if (down || line === '{"button":"up"}') this.#press(down);
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
