/** Colours of a terminal, or none. */
export type Style = "key" | "comment" | "text" | "bytes" | "bad" | "good" | "plain";
export type Paint = (style: Style, text: string) => string;

const SGR: Record<Style, number> = { key: 36, comment: 90, text: 32, bytes: 33, bad: 31, good: 32, plain: 0 };

export const plain: Paint = (_, text) => text;
export const coloured: Paint = (style, text) =>
  style === "plain" || text === "" ? text : `\x1b[${SGR[style]}m${text}\x1b[0m`;

/** Colours on a terminal only, and not where NO_COLOR is set (no-color.org). */
export function paintFor(stream: { isTTY?: boolean }): Paint {
  return stream.isTTY === true && !process.env.NO_COLOR ? coloured : plain;
}
