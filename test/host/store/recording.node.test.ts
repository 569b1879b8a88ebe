import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Recording } from "../../../host/store/recording.js";
import { deep, same, throws } from "../../support/assert.js";

describe("A recording", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "vagus-store-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("is the tokens, one after the other", () => {
    const recording = new Recording(join(folder, "a/b/c.cborseq"));
    recording.append(Uint8Array.of(1, 2));
    recording.append(Uint8Array.of(3));
    same(recording.bytes, 3);
    recording.close();
    recording.close();
    deep(new Uint8Array(readFileSync(recording.path)), Uint8Array.of(1, 2, 3));
  });

  it("never writes over a file that is there", () => {
    const path = join(folder, "there");
    writeFileSync(path, "kept");
    throws("host/store", () => new Recording(path));
    same(readFileSync(path, "utf8"), "kept");
  });

  it("tells what does not go", () => {
    writeFileSync(join(folder, "file"), "");
    throws("host/store", () => new Recording(join(folder, "file/below")));
    const recording = new Recording(join(folder, "closed"));
    recording.close();
    throws("host/store", () => recording.append(Uint8Array.of(1)));
    same(recording.bytes, 0);
  });
});
