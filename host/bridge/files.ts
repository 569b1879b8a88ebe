/** The built page, as the bridge gives it out: read once, with the headers that keep it to itself. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { VagusError } from "../../modules/error/index.js";

export interface PageFile {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  woff2: "font/woff2",
  webmanifest: "application/manifest+json",
};

/**
 * Nothing but what the page itself brings: no inline script or style, no other origin, no frame around it, and no string
 * that becomes code (Trusted Types).
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types lit-html vagus",
].join("; ");

const HEADERS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=()",
} as const;

/** By path, "/" among them. @throws VagusError `host/input` where the page was not built */
export function pageFiles(folder: string): Map<string, PageFile> {
  const files = new Map<string, PageFile>();
  let found: string[] = [];
  try {
    found = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    // as if it were empty
  }
  for (const path of found) {
    const type = TYPES[path.slice(path.lastIndexOf(".") + 1)];
    if (type === undefined) continue;
    const name = `/${relative(folder, path).split(sep).join("/")}`;
    // what has its hash in its name never changes
    const cached = name.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    files.set(name, {
      body: readFileSync(path),
      headers: { ...HEADERS, "content-type": type, "cache-control": cached },
    });
  }
  const index = files.get("/index.html");
  if (index === undefined) {
    throw new VagusError("host/input", `expected the page in ${folder} (npm run page), came none`);
  }
  return files.set("/", index);
}
