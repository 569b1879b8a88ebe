/** OAuth scopes (RFC 6749 section 3.3): words separated by one space, in no particular order. */
import { VagusError } from "../error/index.js";

export type Scope = readonly string[];

// scope       = scope-token *( SP scope-token )
// scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
const TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** @throws VagusError `cwt/scope` for an empty scope, another character, or a word that comes twice. */
export function parseScope(text: string): Scope {
  const words = text.split(" ");
  words.forEach((word, i) => {
    if (!TOKEN.test(word)) throw new VagusError("cwt/scope", `word ${i + 1} is no scope-token`);
    if (words.indexOf(word) !== i) throw new VagusError("cwt/scope", `${word} comes twice`);
  });
  return words;
}

/** @throws VagusError `cwt/scope` as `parseScope`. */
export function formatScope(scope: Scope): string {
  const text = scope.join(" ");
  parseScope(text);
  return text;
}

export function includesScope(scope: Scope, word: string): boolean {
  return scope.includes(word);
}

/** Is every word of `narrow` in `wide`? */
export function isSubsetScope(narrow: Scope, wide: Scope): boolean {
  return narrow.every((word) => wide.includes(word));
}
