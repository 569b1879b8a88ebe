/** native(), Native() and files, as the Moddable SDK's form has them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deep, same } from "../../support/assert.js";
import { describeRunner, lines, run } from "./runner.js";

const probe = `
  class Probe extends Native("xs_probe_destructor") {
    #own = 5;
    constructor(value) { super(); native("xs_probe").call(this, value); }
    get value() { return native("xs_probe_get").call(this); }
    get own() { return this.#own; }
  }
  const live = native("xs_probe_live"), collect = native("xs_collect");
`;

describeRunner("XS runner: native classes", () => {
  it("carry host data of C, and are subclassed", async () => {
    const { stdout } = await run(`${probe}
      class Sub extends Probe { get twice() { return this.value * 2; } }
      const a = new Probe(42), b = new Sub(21);
      console.log(a.value, a.own, b.twice, a instanceof Probe, b instanceof Probe, live());
    `);
    same(stdout, "42 5 42 true true 2\n");
  });

  it("run the destructor when an object is collected, and only then", async () => {
    const { stdout } = await run(`${probe}
      let kept = new Probe(1), dropped = new Probe(2);
      collect();
      console.log(live());
      dropped = undefined;
      setTimeout(() => {
        collect(); console.log(live(), kept.value);
        kept = undefined;
        setTimeout(() => { collect(); console.log(live()); }, 1);
      }, 1);
    `);
    deep(lines(stdout), ["2", "1 1", "0"]);
  });

  it("throw for names that are not bound, without new, and (XS's own SyntaxError) without host data", async () => {
    const { stdout } = await run(`
      for (const use of [() => native("xs_nothing"), () => Native("xs_nothing"), () => native(),
                         () => Native("xs_probe_destructor")(), () => native("xs_probe_get").call({})])
        try { use(); console.log("no error"); } catch (error) { console.log(error.name); }
    `);
    deep(lines(stdout), ["ReferenceError", "ReferenceError", "TypeError", "TypeError", "SyntaxError"]);
  });

  it("give the same function each time", async () => {
    const { stdout } = await run('console.log(native("xs_meter") === native("xs_meter"));');
    same(stdout, "true\n");
  });
});

describeRunner("XS runner: files", () => {
  it("are replaced, overwritten in place, and read in part", async () => {
    const folder = mkdtempSync(join(tmpdir(), "vagus-files-"));
    const { stdout, stderr } = await run(`
      const read = native("xs_file_read"), write = native("xs_file_write"), size = native("xs_file_size");
      const remove = native("xs_file_remove"), path = ${JSON.stringify(join(folder, "flash"))};
      const show = (...range) => console.log(Array.from(new Uint8Array(read(path, ...range))));
      console.log(read(path), size(path), remove(path));
      write(path, new Uint8Array([1, 2, 3, 4, 5]));
      write(path, new Uint8Array([9, 8]), 1, true);
      show(); show(3); show(1, 2); show(4, 100); show(50, 1);
      write(path, new Uint8Array([7]).buffer);
      show();
      console.log(size(path), remove(path), size(path));
      for (const use of [() => read("/"), () => write("/no/such/folder", new Uint8Array(1)), () => read(path, -1),
                         () => read(path, 0.5), () => write(path, "text")])
        try { use(); console.log("no error"); } catch (error) { console.log(error.name); }
    `);
    rmSync(folder, { recursive: true });
    deep(
      lines(stdout),
      [
        "undefined undefined false",
        "[1,9,8,4,5]",
        "[4,5]",
        "[9,8]",
        "[5]",
        "[]",
        "[7]",
        "1 true undefined",
        ..."Error Error RangeError RangeError TypeError".split(" "),
      ],
      stderr,
    );
  });
});
