/** A report for people: what it is, the notation, what is wrong, what holds. */

import type { Format } from "./input.js";
import type { Report } from "./inspect.js";
import type { Paint } from "./paint.js";
import type { Problem } from "./problem.js";
import { printable } from "./scalar.js";

export function summarise(report: Report, format: Format | "plaintext", paint: Paint): string {
  const lines = [paint("key", title(report, format)), "", report.diagnostic, ""];
  for (const problem of report.problems) lines.push(describe(problem, paint));
  lines.push(encoding(report, paint));
  for (const { what, at, verified, algorithm, message } of report.checks) {
    const verdict = verified === null ? "not checked" : verified ? "verified" : "NOT VERIFIED";
    const style = verified === null ? "comment" : verified ? "good" : "bad";
    lines.push(paint(style, `${verdict}: ${what} at byte ${at}, ${algorithm}: ${printable(message)}`));
  }
  if (report.verified === false && report.checks.every((check) => check.verified !== false))
    lines.push(paint("bad", "NOT VERIFIED: a key was given that nothing here could be checked with"));
  if (report.plaintext !== undefined) lines.push("", summarise(report.plaintext, "plaintext", paint));
  return lines.join("\n");
}

function title({ kind, typ, typName, length }: Report, format: string): string {
  const token =
    typ === undefined ? "" : `, typ ${printable(`${typ}`)}${typName === undefined ? "" : ` (${typName})`}`;
  return `${kind}${token}, ${length} bytes ${format === "plaintext" ? "decrypted" : `(${format})`}`;
}

function describe({ code, at, message, severity }: Problem, paint: Paint): string {
  const word = { malformed: "malformed", invalid: "invalid", encoding: "not deterministic" }[severity];
  return paint(severity === "encoding" ? "bytes" : "bad", `byte ${at}: ${word}: ${code}: ${message}`);
}

function encoding({ wellFormed, valid, deterministic }: Report, paint: Paint): string {
  if (!wellFormed) return paint("bad", "not well-formed");
  if (!valid) return paint("bad", "well-formed, but not valid");
  return deterministic
    ? paint("good", "well-formed, deterministic encoding")
    : paint("bytes", "well-formed, but not in deterministic encoding (RFC 8949 section 4.2.1)");
}
