/** Times as they are shown. */

/** "6 d 23 h", "29 min", "42 s": two figures at the most, and never rounded up. */
export function leftText(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  const min = Math.floor(s / 60);
  if (min < 10) return `${min} min ${s % 60} s`;
  if (min < 120) return `${min} min`;
  const h = Math.floor(min / 60);
  if (h < 48) return `${h} h ${min % 60} min`;
  return `${Math.floor(h / 24)} d ${h % 24} h`;
}

/** "14:03:09", by this computer's clock. */
export function clockText(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((n) => `${n}`.padStart(2, "0"))
    .join(":");
}

/** "2026-11-28 14:03". */
export function dateText(at: number): string {
  const date = new Date(at);
  const two = (n: number) => `${n}`.padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A key's name in groups of four, as it is read aloud: "0156 5176 601c 895c". */
export function kidText(kid: Uint8Array): string {
  const hex = [...kid].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{4})(?=.)/g, "$1 ");
}
