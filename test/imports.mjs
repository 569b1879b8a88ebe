/**
 * Who may import whom (docs: the list of modules). A module imports only modules above it in this list; nothing in them
 * but `platform` knows Node or Moddable; the host keeps away from what is the device's alone.
 */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

export const order = [
  "error",
  "bytes",
  "cbor",
  "crypto",
  "cose",
  "cwt",
  "edhoc",
  "flash",
  "session",
  "credential",
  "cardiac",
  "reading",
  "journal",
  "gatt",
  "audit",
  "device",
  "platform",
];

const inModules = (names) => `^modules/(${names.join("|")})/`;
const portable = "^modules/(?!platform/)";

const rules = [
  ...order.slice(0, -1).map((name, index) => ({
    name: `${name}-below`,
    from: { path: `^modules/${name}/` },
    to: { path: inModules(order.slice(index + 1)) },
  })),
  {
    name: "modules-stay-inside",
    from: { path: "^modules/" },
    to: { path: "^(host|sim|test|bench|main\\.ts)" },
  },
  { name: "modules-no-node", from: { path: portable }, to: { dependencyTypes: ["core"] } },
  { name: "modules-no-platform-api", from: { path: portable }, to: { couldNotResolve: true } },
  {
    name: "modules-packages",
    from: { path: portable },
    to: { path: "node_modules", pathNot: "node_modules/(@noble/(ciphers|curves|hashes)|cbor-x)/" },
  },
  {
    name: "host-not-the-device",
    from: { path: "^host/" },
    // how an entry of the audit log is read and verified is for both sides
    to: {
      path: inModules(["device", "journal", "audit", "flash", "platform"]),
      pathNot: "^modules/audit/(entry|events|verify)\\.ts$",
    },
  },
  {
    name: "main-only-wires",
    from: { path: "^main\\.ts$" },
    to: { pathNot: "^(modules/(device|platform)/|platform$)" },
  },
].map((rule) => ({ severity: "error", ...rule }));

async function look(baseDir, folders) {
  const { cruise } = await import("dependency-cruiser");
  const options = {
    baseDir,
    ruleSet: { forbidden: rules },
    validate: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(build|node_modules/\\.cache)" },
    tsPreCompilationDeps: true,
  };
  const { output } = await cruise(folders, options, { extensionAlias: { ".js": [".ts", ".js"] } });
  return output;
}

const describe = ({ from, to, rule }) => `${rule.name}: ${from} imports ${to}`;

/** @returns the violations as lines, and the number of source files seen. */
export async function checkImports(folders) {
  const { summary, modules } = await look(root, folders);
  const unknown = (await readdir(join(root, "modules"), { withFileTypes: true }))
    .filter((it) => it.isDirectory() && !order.includes(it.name))
    .map((it) => `modules/${it.name} has no place in the order of test/imports.mjs`);
  const seen = modules.filter((it) => it.source.endsWith(".ts")).length;
  return { violations: [...summary.violations.map(describe), ...unknown], seen };
}

/** Violations of every kind, planted: the rules' names that must come out. */
const planted = [
  ["cbor-below", "modules/cbor/index.ts", 'import "../device/index.js";'],
  [
    "session-below",
    "modules/session/index.ts",
    'import type { A } from "../credential/index.js"; export type B = A;',
  ],
  ["modules-stay-inside", "modules/gatt/index.ts", 'import "../../host/a.js";'],
  ["modules-no-node", "modules/audit/index.ts", 'import "node:fs";'],
  ["modules-no-platform-api", "modules/flash/index.ts", 'import "embedded:storage/flash";'],
  ["host-not-the-device", "host/a.ts", 'import "../modules/flash/index.js";'],
  ["host-not-the-device", "host/b.ts", 'import "../modules/audit/index.js";'],
  ["main-only-wires", "main.ts", 'import "./modules/cbor/index.js";'],
];
const innocent = [
  ["modules/device/index.ts", 'import "../cbor/index.js";'],
  ["modules/credential/index.ts", "export type A = 1;"],
  ["modules/audit/verify.ts", "export type A = 1;"],
  ["host/c.ts", 'import "../modules/audit/verify.js";'],
];

/** @returns what the rules missed, or accused wrongly, in a folder of planted violations. */
export async function checkTheCheck() {
  const folder = join(root, "build/planted");
  await rm(folder, { recursive: true, force: true });
  for (const [path, text] of [...planted.map((it) => it.slice(1)), ...innocent]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), `${text}\nexport {};\n`);
  }
  const { summary } = await look(folder, ["modules", "host", "main.ts"]);
  const found = summary.violations.map((it) => `${it.rule.name} ${it.from}`);
  const expected = planted.map(([rule, path]) => `${rule} ${path}`);
  return [
    ...expected.filter((it) => !found.includes(it)).map((it) => `not caught: ${it}`),
    ...found.filter((it) => !expected.includes(it)).map((it) => `wrongly caught: ${it}`),
  ];
}
