/** How a program on the XS runner ends, and what it says then. */
import { deep, ok, same } from "../../support/assert.js";
import { describeRunner, lines, run } from "./runner.js";

const cases: { name: string; program: string; options?: string[]; code: number; says?: RegExp }[] = [
  { name: "by itself, when nothing is left to do", program: "setTimeout(() => {}, 2);", code: 0 },
  { name: "with its own code", program: 'native("xs_exit")(7);', code: 7 },
  {
    name: "on an uncaught exception, with the stack",
    program: "function deep() { null.field } deep();",
    code: 1,
    says: /^Uncaught exception: TypeError: .*\n at deep \(\)/,
  },
  {
    name: "on an exception in a timer",
    program: 'setTimeout(() => { throw new RangeError("late") }, 1);',
    code: 1,
    says: /^Uncaught exception: RangeError: late/,
  },
  {
    name: "on an unhandled rejection, at once",
    program: 'setInterval(() => {}, 1000); Promise.reject(new Error("nobody"));',
    code: 1,
    says: /^Unhandled rejection: Error: nobody/,
  },
  {
    name: "but not on a rejection that is handled in the same turn",
    program: "const p = Promise.reject(1); p.catch(() => {});",
    code: 0,
  },
  {
    name: "on an exception that cannot be printed",
    program: "throw { toJSON() { throw 1 } };",
    code: 1,
    says: /an object that cannot be printed/,
  },
  { name: "on a syntax error, with its line", program: "\nlet a = ;", code: 1, says: /program\.js:2: / },
  {
    name: "on a module that is not there",
    program: 'import "./missing.js";',
    code: 1,
    says: /"\.\/missing\.js" not found/,
  },
  {
    name: "on recursion without an end",
    program: "const f = () => f() + 1; try { f(); } catch {}",
    code: 71,
    says: /^stack overflow: the stack has 4096 slots$/m,
  },
  {
    name: "on recursion through C",
    program: "const f = () => [1].map(f); f();",
    options: ["--stack", "1000000"],
    code: 71,
    says: /^stack overflow/,
  },
  {
    name: "on JSON nested without an end",
    program: 'JSON.parse("[".repeat(1000000));',
    options: ["--stack", "4000000"],
    code: 71,
    says: /^stack overflow/,
  },
  {
    name: "when its slots are used up",
    program: "const a = []; for (;;) a.push({});",
    options: ["--slots", "8000"],
    code: 70,
    says: /^out of memory: 8000 slots of 8000$/m,
  },
  {
    name: "when its slots are too few for the engine itself",
    program: "",
    options: ["--slots", "100"],
    code: 70,
    says: /^out of memory: 100 slots of 100$/m,
  },
  {
    name: "when its chunks are used up",
    program: "let s = 'x'; for (;;) s += s;",
    options: ["--chunks", "100000"],
    code: 70,
    says: /^out of memory: \d+ chunk bytes of 100000$/m,
  },
  {
    name: "when one chunk is larger than any memory",
    program: "new ArrayBuffer(2000000000);",
    code: 70,
    says: /^out of memory: /,
  },
  {
    name: "when it computes too long",
    program: "for (;;);",
    options: ["--meter-limit", "100000"],
    code: 72,
    says: /^too much computation: the meter's limit is 100000$/m,
  },
  { name: "on an unknown option", program: "", options: ["--nonsense"], code: 2, says: /unknown option/ },
  { name: "on a bad number", program: "", options: ["--slots", "many"], code: 2, says: /not a number/ },
];

describeRunner("XS runner: how a program ends", () => {
  for (const { name, program, options, code, says } of cases)
    it(`${name}: ${code}`, async () => {
      const ended = await run(program, options);
      same(ended.code, code, ended.stderr);
      ok((says ?? /^$/).test(ended.stderr), ended.stderr);
      if (code !== 2) same(ended.report.exitCode, code);
    });

  it("--help names every option and ends with 0", async () => {
    const { code, stdout } = await run("", ["--help"]);
    same(code, 0);
    for (const option of ["--slots", "--chunks", "--meter-limit", "--measure", "--gc-stress", "--report"])
      ok(stdout.includes(option), option);
  });

  it("gives arguments and environment", async () => {
    const { stdout } = await run(
      'console.log(native("xs_arguments")(), native("xs_environment")("VAGUS"), native("xs_environment")("NO_SUCH"));',
    );
    same(stdout, '["first","second"] here undefined\n');
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`hands ${signal} to JavaScript`, async () => {
      const program = `native("xs_on_signal")((name) => { console.log(name); native("xs_exit")(3); });
        setInterval(() => {}, 60000); console.log("ready");`;
      const { code, stdout } = await run(program, [], signal);
      deep(lines(stdout), ["ready", signal]);
      same(code, 3);
    });

    it(`ends by ${signal} when nobody listens`, async () => {
      const { code } = await run('setInterval(() => {}, 60000); console.log("ready");', [], signal);
      same(code, -1);
    });
  }
});
