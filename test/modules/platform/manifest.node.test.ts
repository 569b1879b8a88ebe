/** What can be said of the Moddable builds without the SDK: names, imports, natives. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { ok, same } from "../../support/assert.js";

/** Tests run in the checkout. */
const ROOT = process.cwd();

interface Manifest {
  readonly include?: string | string[];
  readonly modules?: Record<string, string | string[]>;
  readonly preload?: string[];
  readonly platforms?: Record<string, { readonly include?: string | string[] }>;
}

/** Folders under modules/ that no build for the SDK has, and those that only one has. */
const ELSEWHERE = ["crypto/portable", "platform/node", "platform/xs"];
const ONLY: Record<string, string[]> = {
  esp32: ["platform/esp32"],
  simulator: ["platform/sim", "platform/headless", "platform/loopback"],
};
const PLATFORMS = { esp32: "esp32", lin: "simulator", mac: "simulator", win: "simulator" } as const;

const list = (value: string | string[] | undefined) => (value === undefined ? [] : [value].flat());
const read = (path: string) => readFileSync(path, "utf8");

function filesBelow(folder: string, suffix: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => posix.join(folder, String(name)))
    .filter((path) => path.endsWith(suffix) && !path.endsWith(".d.ts"))
    .sort();
}

/** Specifier to file, and the C files: a manifest with the project's own that it includes, as mcconfig reads them. */
function resolve(path: string, platform: string, into = new Map<string, string>(), c = new Set<string>()) {
  const manifest = JSON.parse(read(path)) as Manifest;
  const folder = dirname(path);
  for (const included of [manifest.include, manifest.platforms?.[platform]?.include].flatMap(list)) {
    if (!included.startsWith("$")) resolve(join(folder, included), platform, into, c);
  }
  for (const [target, sources] of Object.entries(manifest.modules ?? {})) {
    for (const source of list(sources)) {
      const found = match(join(folder, source));
      ok(found.length > 0, `${relative(ROOT, path)} names ${source}`);
      for (const { name, file } of found) {
        if (file.endsWith(".c")) c.add(file);
        else if (/(?<!\.d)\.ts$|\.js$/.test(file)) into.set(target.replace("*", name), file);
      }
    }
  }
  return { modules: into, c };
}

/** A source may end in a star, and has no extension. */
function match(source: string): { name: string; file: string }[] {
  const folder = dirname(source);
  const wanted = source.slice(folder.length + 1);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: entry.name.replace(/(\.d)?\.\w+$/, ""), file: join(folder, entry.name) }))
    .filter(({ name }) => wanted === "*" || wanted === name);
}

/** The imports that stay when the types are gone. */
function imports(text: string): string[] {
  const found = text.matchAll(/\b(?:import|export)\s+(?!type\b)(?:([^;"]*?)\s*\bfrom\s+)?"([^"]+)"/g);
  return [...found]
    .filter(([, names]) => !/^\{(\s*type\s+[^,}]+,?)+\s*\}$/.test(names ?? ""))
    .map(([, , specifier]) => specifier ?? "");
}

/** As XS does: relative to the specifier, without the extension. */
function target(from: string, specifier: string): string {
  return specifier.startsWith(".")
    ? posix.join(posix.dirname(from), specifier).replace(/\.js$/, "")
    : specifier;
}

/** What the SDK's own manifests bring. */
const SDK = /^(embedded:io\/|flash$|time$|timer$|mc\/config$)/;

describe("the manifests of the Moddable builds", () => {
  for (const [platform, kind] of Object.entries(PLATFORMS)) {
    describe(platform, () => {
      const { modules, c } = resolve(join(ROOT, "manifest.json"), platform);
      const named = new Set([...modules.values()].map((file) => relative(ROOT, file)));

      it("name every file under modules/ that the platform has, under its own path, and no other", () => {
        const others = Object.entries(ONLY).flatMap(([key, folders]) => (key === kind ? [] : folders));
        const absent = [...ELSEWHERE, ...others];
        const expected = filesBelow("modules", ".ts").filter(
          (path) => !absent.some((folder) => path.startsWith(`modules/${folder}/`)),
        );
        same(
          [...named]
            .filter((path) => path.startsWith("modules/"))
            .sort()
            .join("\n"),
          expected.join("\n"),
        );
        for (const [specifier, file] of modules) {
          const path = relative(ROOT, file);
          if (path.startsWith("modules/")) same(specifier, path.replace(/\.ts$/, ""));
        }
      });

      it("resolve every import", () => {
        let seen = 0;
        for (const [specifier, file] of modules) {
          if (!file.endsWith(".ts") && !relative(ROOT, file).startsWith("manifests")) continue;
          for (const imported of imports(read(file))) {
            const found = target(specifier, imported);
            ok(modules.has(found) || SDK.test(found), `${relative(ROOT, file)} imports ${imported}`);
            seen++;
          }
        }
        ok(seen > 100, `saw ${seen} imports`);
        ok(modules.has("main") && modules.has("platform"));
      });

      it("have a C function for every native, and none twice", () => {
        const text = [...c].map(read).join("\n");
        const defined = [...text.matchAll(/^void (xs_\w+)\(/gm)].map(([, name]) => name);
        same(new Set(defined).size, defined.length);
        let seen = 0;
        for (const [, file] of modules) {
          if (!file.endsWith(".ts")) continue;
          for (const [, name] of read(file).matchAll(/\b[nN]ative\("(xs_\w+)"\)/g)) {
            const ofSdk = name === "xs_gattserverconnection_notify";
            ok(ofSdk || defined.includes(name), `${relative(ROOT, file)} calls ${name}`);
            seen++;
          }
        }
        ok(seen > 15, `saw ${seen} natives`);
        ok(/^int vagus_device_secret\(/m.test(text), "the platform's device secret");
      });

      it("have no noble, which a device with native cryptography does not need", () => {
        ok(![...modules.keys(), ...modules.values()].some((name) => name.includes("noble")));
      });
    });
  }

  it("preload modules that they name", () => {
    const { modules } = resolve(join(ROOT, "manifest.json"), "esp32");
    const { preload } = JSON.parse(read(join(ROOT, "manifests/firmware.json"))) as Manifest;
    ok(preload !== undefined && preload.length > 0);
    for (const name of preload) ok(modules.has(name), name);
  });
});
