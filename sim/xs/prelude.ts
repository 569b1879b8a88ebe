/**
 * What packages from npm look for when they are loaded, and XS does not have: `crypto.getRandomValues` (noble) and
 * TextEncoder/TextDecoder (cbor-x). The bundler puts this first into every bundle for the headless runner. No code of this
 * project uses it, and on a device nothing of it exists.
 */
type Scope = { crypto?: unknown; TextEncoder?: unknown; TextDecoder?: unknown };

function getRandomValues<T extends ArrayBufferView>(view: T): T {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  bytes.set(new Uint8Array(native("xs_random")(bytes.length)));
  return view;
}

class Utf8Encoder {
  readonly encoding = "utf-8";

  encode(text = ""): Uint8Array {
    return new Uint8Array(ArrayBuffer.fromString(text));
  }

  encodeInto(text: string, into: Uint8Array): { read: number; written: number } {
    const bytes = this.encode(text);
    if (bytes.length > into.length)
      throw new RangeError(`${bytes.length} bytes do not fit into ${into.length}`);
    into.set(bytes);
    return { read: text.length, written: bytes.length };
  }
}

class Utf8Decoder {
  readonly encoding = "utf-8";

  decode(bytes: Uint8Array = new Uint8Array(0)): string {
    return String.fromArrayBuffer(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

const scope = globalThis as Scope;
scope.crypto ??= { getRandomValues };
scope.TextEncoder ??= Utf8Encoder;
scope.TextDecoder ??= Utf8Decoder;
