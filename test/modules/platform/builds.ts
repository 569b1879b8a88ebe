/** What can be said of a Moddable build without the SDK: its modules, their imports and natives, as mcconfig would take them. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { transformSync } from "esbuild";
import ts from "typescript";

export const PLATFORMS = [
  "esp32/nodemcu",
  "esp32/moddable_two",
  "esp32/m5stack",
  "lin",
  "mac",
  "win",
] as const;
export type Platform = (typeof PLATFORMS)[number];

interface Part {
  readonly include?: string | string[];
  readonly modules?: Record<string, string | string[]>;
  readonly preload?: string | string[];
}

interface Manifest extends Part {
  readonly platforms?: Record<string, Part>;
}

/** Folders under modules/ that no build for the SDK has, and those that only some have. */
const ELSEWHERE = ["crypto/portable/", "platform/node/", "platform/xs/"];
const SIMULATOR = ["platform/sim/", "platform/headless/", "platform/loopback/", "cardiac/records/"];
const DISPLAY = ["platform/display/", "platform/esp32-display/"];
/** These have of a display the types alone. */
const WITHOUT_DISPLAY: readonly Platform[] = ["esp32/nodemcu"];

/** What the SDK's own manifests bring of what is imported here. */
const OF_SDK: Record<string, readonly string[]> = {
  "$(MODDABLE)/examples/manifest_base.json": ["time", "timer", "mc/config", "Resource"],
  "$(MODDABLE)/examples/manifest_commodetto.json": ["commodetto/Poco", "commodetto/parseBMF"],
  "$(MODDABLE)/modules/io/manifest.json": ["embedded:io/socket/listener", "embedded:io/socket/tcp"],
  "$(MODDABLE)/modules/io/digital/manifest.json": ["embedded:io/digital"],
  "$(MODULES)/files/flash/manifest.json": ["flash"],
};

export interface Build {
  /** Specifier to the path of its source. */
  readonly modules: ReadonlyMap<string, string>;
  readonly c: ReadonlySet<string>;
  readonly ofSdk: ReadonlySet<string>;
  readonly preload: readonly string[];
  /** What the manifests name and nothing is. */
  readonly absent: readonly string[];
  /** What was looked at, so that a check that saw nothing shows. */
  readonly seen: { readonly imports: number; readonly natives: number };
  readonly problems: readonly string[];
}

const list = (value: string | string[] | undefined) => (value === undefined ? [] : [value].flat());

/** @param root the checkout */
export function readBuild(root: string, platform: Platform): Build {
  const modules = new Map<string, string>();
  const c = new Set<string>();
  const ofSdk = new Set<string>();
  const preload: string[] = [];
  const absent: string[] = [];

  const take = (path: string): void => {
    const manifest = JSON.parse(readFileSync(path, "utf8")) as Manifest;
    const here = manifest.platforms?.[platform] ?? manifest.platforms?.[platform.split("/")[0]];
    for (const part of [manifest, here ?? {}]) note(part, path);
  };
  const note = (manifest: Part, path: string): void => {
    for (const included of list(manifest.include)) {
      if (!included.startsWith("$")) take(join(dirname(path), included));
      else if (included in OF_SDK) for (const name of OF_SDK[included]) ofSdk.add(name);
      else absent.push(`${relative(root, path)} includes ${included}, which this check does not know`);
    }
    preload.push(...list(manifest.preload));
    for (const [specifier, sources] of Object.entries(manifest.modules ?? {})) {
      for (const source of list(sources)) {
        const found = match(join(dirname(path), source));
        if (found.length === 0) absent.push(`${relative(root, path)} names ${source}, which is not there`);
        for (const { name, file } of found) {
          if (file.endsWith(".c")) c.add(file);
          else if (/(?<!\.d)\.ts$|\.js$/.test(file)) modules.set(specifier.replace("*", name), file);
        }
      }
    }
  };
  take(join(root, "manifest.json"));

  const problems = [...absent];
  const named = new Set([...modules.values()].map((file) => relative(root, file)));
  const expected = new Set(sourcesOf(root, platform));
  for (const path of expected) if (!named.has(path)) problems.push(`no manifest names ${path}`);
  for (const [specifier, file] of modules) {
    const path = relative(root, file);
    if (!path.startsWith("modules/")) continue;
    if (!expected.has(path)) problems.push(`${path} is not for ${platform}`);
    if (specifier !== path.replace(/\.ts$/, "")) problems.push(`${path} is called ${specifier}`);
  }
  for (const name of ["main", "platform", ...preload]) {
    if (!modules.has(name)) problems.push(`there is no module ${name}`);
  }
  for (const name of [...modules.keys(), ...named])
    if (/noble/.test(name)) problems.push(`noble is there: ${name}`);

  const defined = [...c].flatMap((file) => functions(readFileSync(file, "utf8")));
  for (const name of defined) {
    if (defined.indexOf(name) !== defined.lastIndexOf(name)) problems.push(`two C functions ${name}`);
  }
  if (!defined.includes("vagus_device_secret")) problems.push("no C function vagus_device_secret");

  const seen = { imports: 0, natives: 0 };
  const importsOf = new Map<string, string[]>();
  for (const [specifier, file] of modules) {
    const path = relative(root, file);
    if (!/^(modules|manifests)\/|^main\.ts$/.test(path)) continue;
    const { imports: all, natives } = look(file);
    importsOf.set(
      specifier,
      all.map((imported) => target(specifier, imported)),
    );
    for (const imported of all) {
      const found = target(specifier, imported);
      if (!modules.has(found) && !ofSdk.has(found)) problems.push(`${path} imports ${imported}`);
      seen.imports++;
    }
    for (const name of natives) {
      const literal = /^"(xs_\w+)"$/.exec(name)?.[1];
      if (literal === undefined || !defined.includes(literal))
        problems.push(`${path} calls ${name}, which no C defines`);
      seen.natives++;
    }
  }
  const inFlash = reach(importsOf, preload);
  for (const specifier of reach(importsOf, ["main"])) {
    if (specifier.startsWith("modules/") && !inFlash.has(specifier)) {
      problems.push(`${specifier} is not preloaded: it would be loaded into RAM`);
    }
  }
  return { modules, c, ofSdk, preload, absent, seen, problems };
}

/** What these modules import, and what that imports, and so on. */
function reach(importsOf: ReadonlyMap<string, readonly string[]>, from: readonly string[]): Set<string> {
  const reached = new Set(from);
  for (const specifier of reached) for (const next of importsOf.get(specifier) ?? []) reached.add(next);
  return reached;
}

/** The sources under modules/ that a platform is to have. */
function sourcesOf(root: string, platform: Platform): string[] {
  const absent = [
    ...ELSEWHERE,
    ...(platform.startsWith("esp32/") ? SIMULATOR : ["platform/esp32/", "platform/esp32-display/"]),
    ...(WITHOUT_DISPLAY.includes(platform) ? DISPLAY : []),
  ];
  return readdirSync(join(root, "modules"), { recursive: true })
    .map((name) => posix.join("modules", String(name)))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
    .filter((path) => !absent.some((start) => path.startsWith(`modules/${start}`)));
}

/** A source may end in a star, and has no extension. */
function match(source: string): { name: string; file: string }[] {
  const folder = dirname(source);
  const wanted = source.slice(folder.length + 1);
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => ({ name: entry.name.replace(/(\.d)?\.\w+$/, ""), file: join(folder, entry.name) }))
      .filter(({ name }) => wanted === "*" || wanted === name);
  } catch {
    return [];
  }
}

/** Its imports and natives, comments and what only types want left out. Kept, since the files are read again and again. */
const read = new Map<string, { readonly imports: readonly string[]; readonly natives: readonly string[] }>();

function look(file: string) {
  const text = readFileSync(file, "utf8");
  let found = read.get(text);
  if (found === undefined) {
    const { code } = transformSync(text, { loader: "ts", target: "es2021", legalComments: "none" });
    found = {
      imports: ts.preProcessFile(code, true, true).importedFiles.map(({ fileName }) => fileName),
      natives: [...code.matchAll(/\b[nN]ative\(([^)]*)\)/g)].map(([, name]) => name),
    };
    read.set(text, found);
  }
  return found;
}

/** As XS does: relative to the specifier, without the extension. */
function target(from: string, specifier: string): string {
  return specifier.startsWith(".")
    ? posix.join(posix.dirname(from), specifier).replace(/\.js$/, "")
    : specifier;
}

/** C functions that somebody else can call: natives, and the device's secret. */
function functions(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "");
  const found = code.matchAll(
    /^(?:void (xs_\w+)\((?:xsMachine ?\* ?the|void ?\* ?\w+)\)|int (vagus_device_secret)\([^;]*\)) \{/gm,
  );
  return [...found].map(([, native, other]) => native ?? other);
}
