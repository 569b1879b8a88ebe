/** The command as a script sees it: formats, exit codes, one JSON object. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { signCwt } from "../../../modules/cwt/index.js";
import { deep, ok, same } from "../../support/assert.js";

/** The bundle; the first call makes it. */
let program = "host/cli/vagus.mjs";

function vagus(args: string[], input: string | Uint8Array = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "inspect", ...args], {
    input,
    encoding: "utf8",
  });
  program = "build/cli/vagus.mjs";
  return { status, stdout, stderr };
}

const json = (args: string[], input?: string | Uint8Array) => {
  const { status, stdout } = vagus(["--json", ...args], input);
  return { status, ...JSON.parse(stdout) };
};

describe("vagus inspect, the command", () => {
  let folder: string;
  let token: Uint8Array;
  let jwk: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "vagus-inspect-"));
    const crypto = createPortableCrypto();
    const key = await crypto.generate("P-256");
    const [x, y] = [key.publicKey.slice(1, 33), key.publicKey.slice(33)].map((half) =>
      Buffer.from(half).toString("base64url"),
    );
    jwk = JSON.stringify({ kty: "EC", crv: "P-256", x, y });
    token = await signCwt(crypto, key, { typ: 65001, claims: new Map([[1, "authority"]]) });
    writeFileSync(join(folder, "token.cbor"), token);
    writeFileSync(
      join(folder, "token.hex"),
      Buffer.from(token)
        .toString("hex")
        .replace(/(.{32})/g, "$1\n"),
    );
    writeFileSync(join(folder, "key.json"), jwk);
  });
  after(() => rmSync(folder, { recursive: true }));

  it("reads every format from an argument, a file and standard input", () => {
    const buffer = Buffer.from(token);
    const runs: [string, string[], (string | Uint8Array)?][] = [
      ["hex", [buffer.toString("hex")]],
      ["base64url", [buffer.toString("base64url")]],
      ["binary", [join(folder, "token.cbor")]],
      ["hex", [join(folder, "token.hex")]],
      ["binary", [], token],
      ["binary", ["-", "--format", "binary"], token],
      ["base64", ["--format", "base64"], buffer.toString("base64")],
    ];
    for (const [format, args, input] of runs) {
      const report = json(args, input);
      deep(
        [report.status, report.format, report.kind, report.typName],
        [0, format, "COSE_Sign1", "programmerCredential"],
      );
    }
  });

  it("verifies with a key from a file or as it is: exit code 0, otherwise 1", () => {
    for (const key of [join(folder, "key.json"), jwk]) {
      const report = json(["--key", key, join(folder, "token.cbor")]);
      deep([report.status, report.verified, report.checks[0].algorithm], [0, true, "ES256"]);
    }
    const other = JSON.stringify({ kty: "OKP", crv: "Ed25519", x: "A".repeat(43) });
    const report = json(["--key", other, join(folder, "token.cbor")]);
    deep([report.status, report.verified, report.checks[0].code], [1, false, "cose/bad-signature"]);
  });

  it("what is not well-formed is 1, with code and byte", () => {
    const report = json(["8201"]);
    deep([report.status, report.wellFormed, report.verified], [1, false, null]);
    deep([report.problems[0].code, report.problems[0].at], ["cbor/truncated", 1]);
    same(vagus(["8201"]).status, 1);
  });

  it("what is not deterministic is 0, and said", () => {
    const report = json(["1801"]);
    deep([report.status, report.deterministic, report.problems[0].code], [0, false, "cbor/not-shortest"]);
    ok(vagus(["1801"]).stdout.includes("byte 0: not deterministic: cbor/not-shortest"));
  });

  it("what is no input or no key is 1, with an object too", () => {
    deep([json([], "").status, json([], "").problems[0].code], [1, "host/input"]);
    same(json(["g!"]).problems[0].code, "host/input");
    same(json(["--key", '{"kty":"RSA"}', "01"]).problems[0].code, "cose/key");
  });

  it("wrong usage is 2, help is 0", () => {
    for (const args of [
      ["--format", "json", "01"],
      ["--nonsense"],
      ["01", "02"],
      ["--channels", "9", "01"],
    ]) {
      const { status, stdout, stderr } = vagus(args);
      deep([status, stdout, stderr.startsWith("vagus inspect: ")], [2, "", true]);
    }
    const { status, stdout } = vagus(["--help"]);
    ok(status === 0 && stdout.includes("exit codes"));
  });

  it("no colours where it is no terminal", () => {
    ok(!vagus(["8201"]).stdout.includes("\x1b"));
  });
});
