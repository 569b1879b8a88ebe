/**
 * What a hand at the bench does to a device without a board, over a socket of its own: lines of JSON.
 *
 *   {"button":"down"}   {"button":"up"}
 *
 * A line that says nothing of that is passed over. VAGUS_BUTTON=down: the button is down when the power comes.
 */
import type { Button } from "../../device/index.js";
import type { ByteStream } from "../loopback/peripheral.js";

/** The longest line; what goes on without an end is dropped. */
const LINE_MAX = 256;
const NEWLINE = 10;

export class Bench {
  readonly button: Button;
  #down: boolean;
  #changed: ((down: boolean) => void) | undefined;

  constructor(buttonDown: boolean) {
    this.#down = buttonDown;
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
            this.#obey(line);
            line = "";
          } else if (line.length < LINE_MAX) line += String.fromCharCode(bytes[i]);
        }
      },
      writable() {},
      closed() {},
    };
  }

  #obey(line: string): void {
    const down = line === '{"button":"down"}';
    if (!down && line !== '{"button":"up"}') return;
    if (down === this.#down) return;
    this.#down = down;
    this.#changed?.(down);
  }
}
