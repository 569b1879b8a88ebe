/** What XS adds to the language, on devices and in the headless runner. */

interface ArrayBufferConstructor {
  /** The text's bytes in UTF-8. */
  fromString(text: string): ArrayBuffer;
}

interface StringConstructor {
  /** The text of bytes in UTF-8. @throws on bytes that are not UTF-8. */
  fromArrayBuffer(bytes: ArrayBufferLike, offset?: number, length?: number): string;
}
