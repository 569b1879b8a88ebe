/** zlib in a browser, which inflates by and by where a status list is read at once: each list is inflated before it is read. */
import { equal } from "../../../modules/bytes/index.js";
import { asBytes, asLabelled } from "../../../modules/cbor/shape.js";
import { CLAIM, MAX_STATUS_LIST, parseCwtUnverified, type Zlib } from "../../../modules/cwt/index.js";

const LIST_MAX = 1 << 20;

export class InflatedAhead implements Zlib {
  #of = new Uint8Array(0);
  #inflated = new Uint8Array(0);

  /** @throws VagusError `cwt/…`, `cbor/…` for what is no list; whatever the browser throws for what is not zlib's */
  async look(list: Uint8Array): Promise<void> {
    const { claims } = parseCwtUnverified(list, { maxSize: LIST_MAX });
    const statusList = asLabelled(claims.get(CLAIM.statusList), "cwt/status", "status_list");
    const compressed = asBytes(statusList.get("lst"), "cwt/status", "lst").slice();
    this.#inflated = await inflated(compressed, MAX_STATUS_LIST);
    this.#of = compressed;
  }

  deflate(): Uint8Array {
    throw new Error("a page makes no status lists");
  }

  inflate(bytes: Uint8Array, maxSize: number): Uint8Array {
    if (equal(bytes, this.#of) && this.#inflated.length <= maxSize) return this.#inflated;
    throw new Error("not looked at before, or too long");
  }
}

async function inflated(
  compressed: Uint8Array<ArrayBuffer>,
  maxSize: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let length = 0; ; ) {
    const { value, done } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    length += value.length;
    if (length > maxSize) {
      await reader.cancel();
      throw new Error(`more than ${maxSize} bytes`);
    }
    parts.push(value);
  }
}
