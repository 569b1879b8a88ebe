/** What the hardened profile and its page say of each other, without SDK and ESP-IDF. */
import { readFileSync } from "node:fs";
import { ok, same } from "../support/assert.js";

const read = (path: string) => readFileSync(path, "utf8");
const options = (path: string) =>
  read(path)
    .split("\n")
    .filter((line) => line.startsWith("CONFIG_"));

interface Row {
  readonly name: string;
  readonly type: string;
  readonly offset: number;
  readonly size: number;
  readonly flags: string;
}

const table = (path: string): Row[] =>
  read(path)
    .split("\n")
    .filter((line) => /^\w/.test(line))
    .map((line) => line.split(",").map((field) => field.trim()))
    .map(([name, type, , offset, size, flags = ""]) => {
      return { name, type, offset: Number(offset), size: Number(size), flags };
    });

describe("the hardened profile", () => {
  const hardened = options("manifests/hardened/sdkconfig.defaults");
  const shared = options("manifests/esp32/sdkconfig.defaults");
  const page = read("docs/HARDENED.md");

  it("is the development profile and more", () => {
    for (const line of shared) ok(hardened.includes(line), line);
    ok(hardened.length > shared.length + 20);
    same(new Set(hardened.map((line) => line.split("=")[0])).size, hardened.length, "no option twice");
  });

  it("writes what is off as =n, since the SDK passes over comments", () =>
    ok(!/is not set/.test(read("manifests/hardened/sdkconfig.defaults"))));

  it("has each of its lines explained", () => {
    for (const line of hardened.filter((each) => !shared.includes(each))) {
      const [name, value] = line.split("=");
      ok(page.includes(value === "n" ? `\`${name}=n\`` : `\`${name}\``), line);
    }
  });

  it("has no line on its page that it does not have", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| `CONFIG_"));
    const named = rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(CONFIG_\w+)(=n)?`/g)]);
    ok(named.length > 20);
    for (const [, name, off] of named)
      ok(
        hardened.some((line) => line.startsWith(`${name}=`) && (off === undefined || line.endsWith("=n"))),
        name,
      );
  });

  it("keeps NVS's keys in an encrypted partition, and the device's own out of it", () => {
    const rows = table("manifests/hardened/partitions.csv");
    const of = (name: string) => rows.find((row) => row.name === name);
    same(of("nvs_keys")?.flags, "encrypted");
    same(of("nvs_keys")?.size, 4096);
    same(of("nvs")?.flags, "");
    same(of("vagus")?.flags, "");
  });

  for (const profile of ["esp32", "hardened"])
    it(`${profile}: partitions lie behind each other in 4 MB, the firmware's at 64 KB, what is kept as large as ever`, () => {
      const rows = table(`manifests/${profile}/partitions.csv`);
      let end = profile === "hardened" ? 0x10000 : 0x9000;
      for (const { name, type, offset, size } of rows) {
        ok(offset >= end, name);
        same(offset % (type === "app" ? 0x10000 : 0x1000), 0, name);
        end = offset + size;
      }
      same(end, 0x400000);
      same(rows.find(({ name }) => name === "vagus")?.size, 0x200000);
    });
});
