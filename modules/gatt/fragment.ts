/**
 * Messages of up to 4 KiB cut to the size of an attribute value.
 *
 *   first    | 1 L c c c c c c | length (2 bytes, big-endian) | bytes … |
 *   further  | 0 L c c c c c c | bytes … |
 *
 *   L  the last fragment of its message (a message in one fragment is first and last)
 *   c  counts the fragments of this characteristic in this connection modulo 64, over all its messages
 *
 * A fragment that is not the next one, says a wrong length or comes late drops the message it belongs to and
 * everything up to the next first fragment; it never drops the connection.
 */
import { VagusError } from "../error/index.js";

export const MESSAGE_MAX = 4096;
/** A message whose last fragment has not come so many milliseconds after its first is dropped. */
export const ASSEMBLY_MS = 5000;

const FIRST = 0x80;
const LAST = 0x40;
const COUNTER = 0x3f;
const FIRST_HEADER = 3;
const HEADER = 1;

/** Cuts messages for one characteristic of one connection. */
export class Fragmenter {
  private counter = 0;

  /**
   * The fragments of `message`, each at most `size` bytes long.
   * @throws VagusError `gatt/too-long` for a message above 4096 bytes, `gatt/mtu` for a size below 20.
   */
  cut(message: Uint8Array, size: number): Uint8Array[] {
    if (message.length > MESSAGE_MAX) {
      throw new VagusError("gatt/too-long", `expected at most ${MESSAGE_MAX} bytes, came ${message.length}`);
    }
    if (!(size >= 20)) throw new VagusError("gatt/mtu", `expected room for at least 20 bytes, came ${size}`);
    const fragments: Uint8Array[] = [];
    let offset = 0;
    do {
      const first = offset === 0;
      const header = first ? FIRST_HEADER : HEADER;
      const taken = Math.min(size - header, message.length - offset);
      const fragment = new Uint8Array(header + taken);
      fragment[0] = (first ? FIRST : 0) | (offset + taken === message.length ? LAST : 0) | this.counter;
      if (first) {
        fragment[1] = message.length >> 8;
        fragment[2] = message.length & 0xff;
      }
      fragment.set(message.subarray(offset, offset + taken), header);
      fragments.push(fragment);
      this.counter = (this.counter + 1) & COUNTER;
      offset += taken;
    } while (offset < message.length);
    return fragments;
  }
}

/** Joins the fragments of one characteristic of one connection; holds one message at most. */
export class Reassembler {
  private message: Uint8Array | undefined;
  private filled = 0;
  private next = 0;
  private since = 0;
  /** Messages lost and fragments refused so far. */
  dropped = 0;

  /**
   * @param nowMs any monotonic clock
   * @returns the message that this fragment completes, if it does
   * @throws VagusError `gatt/fragment`; the message under way is dropped with it. A first fragment in the middle of
   *   another message drops that one and starts afresh.
   */
  push(fragment: Uint8Array, nowMs: number): Uint8Array | undefined {
    if (fragment.length < HEADER) return this.drop("expected at least 1 byte, came 0");
    const header = fragment[0];
    if (header & FIRST) {
      if (this.message !== undefined) this.dropped++;
      return this.begin(fragment, nowMs);
    }
    if (this.message === undefined) return this.drop("expected a first fragment, came a further one");
    if ((header & COUNTER) !== this.next) {
      return this.drop(`expected fragment ${this.next}, came ${header & COUNTER}`);
    }
    if (nowMs - this.since > ASSEMBLY_MS) {
      return this.drop(
        `expected the rest within ${ASSEMBLY_MS} ms, came after ${Math.round(nowMs - this.since)}`,
      );
    }
    return this.add(fragment.subarray(HEADER), header);
  }

  private begin(fragment: Uint8Array, nowMs: number): Uint8Array | undefined {
    this.message = undefined;
    if (fragment.length < FIRST_HEADER)
      return this.drop(`expected a header of 3 bytes, came ${fragment.length}`);
    const length = (fragment[1] << 8) | fragment[2];
    if (length > MESSAGE_MAX)
      return this.drop(`expected at most ${MESSAGE_MAX} bytes, came a length of ${length}`);
    this.message = new Uint8Array(length);
    this.filled = 0;
    this.since = nowMs;
    return this.add(fragment.subarray(FIRST_HEADER), fragment[0]);
  }

  private add(bytes: Uint8Array, header: number): Uint8Array | undefined {
    const message = this.message as Uint8Array;
    const filled = this.filled + bytes.length;
    const last = (header & LAST) !== 0;
    if (filled > message.length || last !== (filled === message.length)) {
      return this.drop(
        `expected ${message.length} bytes in all, came ${filled}${last ? " and the end" : ""}`,
      );
    }
    message.set(bytes, this.filled);
    this.filled = filled;
    this.next = ((header & COUNTER) + 1) & COUNTER;
    if (!last) return undefined;
    this.message = undefined;
    return message;
  }

  private drop(detail: string): never {
    this.message = undefined;
    this.dropped++;
    throw new VagusError("gatt/fragment", detail);
  }
}
