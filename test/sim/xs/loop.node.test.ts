/** The XS runner's loop: timers, promise jobs, sockets. */
import { deep, ok, same } from "../../support/assert.js";
import { describeRunner, lines, run } from "./runner.js";

describeRunner("XS runner: timers", () => {
  it("run by time, then by age, with promise jobs between", async () => {
    const { stdout } = await run(`
      const say = (text) => console.log(text);
      setTimeout(() => say("late"), 30);
      setTimeout(() => { say("first"); Promise.resolve().then(() => say("job of first")); }, 10);
      setTimeout(say, 10, "second");
      queueMicrotask(() => say("microtask"));
      say("module");
    `);
    deep(lines(stdout), ["module", "microtask", "first", "job of first", "second", "late"]);
  });

  it("repeat until they clear themselves", async () => {
    const { stdout, code } = await run(`
      let n = 0;
      const id = setInterval(() => { console.log(++n); if (n === 3) clearInterval(id); }, 2);
      clearTimeout(setTimeout(() => console.log("never"), 1));
      clearTimeout(undefined);
      clearTimeout(9999);
    `);
    same(code, 0);
    deep(lines(stdout), ["1", "2", "3"]);
  });

  it("keep time by the monotonic clock", async () => {
    const { stdout } = await run(`
      const now = native("xs_clock_monotonic"), start = now();
      setTimeout(() => console.log(now() - start), 40);
    `);
    const took = Number(stdout);
    ok(took >= 40 && took < 1000, stdout);
  });
});

const sockets = `
  const listen = native("xs_socket_listen"), connect = native("xs_socket_connect"), on = native("xs_socket_on");
  const write = native("xs_socket_write"), close = native("xs_socket_close"), port = native("xs_socket_port");
  const pause = native("xs_socket_pause");
`;

describeRunner("XS runner: sockets", () => {
  it("echo on the loopback address", async () => {
    const { stdout, code } = await run(`${sockets}
      const listener = listen("127.0.0.1", 0, (server) => on(server, (bytes) => write(server, bytes), undefined,
        () => { console.log("server closed"); close(listener); }));
      const client = connect("127.0.0.1", port(listener));
      on(client, (bytes) => { console.log(String.fromArrayBuffer(bytes)); close(client); },
        () => console.log("took", write(client, ArrayBuffer.fromString("hello"))));
    `);
    same(code, 0);
    deep(lines(stdout), ["took 5", "hello", "server closed"]);
  });

  it("push back when the other side does not read, and lose nothing", async () => {
    const { stdout, code } = await run(`${sockets}
      const total = 20000000, piece = new Uint8Array(65536);
      let sent = 0, got = 0, full = 0, sum = 0, expected = 0;
      const listener = listen("127.0.0.1", 0, (server) => {
        pause(server, true);
        setTimeout(() => pause(server, false), 50);
        on(server, (bytes) => {
          got += bytes.byteLength;
          sum = (sum + new Uint8Array(bytes)[bytes.byteLength - 1]) % 65521;
        }, undefined, () => { console.log(got === total, full > 0); close(listener); });
      });
      const client = connect("127.0.0.1", port(listener));
      on(client, undefined, () => {
        for (;;) {
          const rest = Math.min(piece.length, total - sent);
          const taken = write(client, piece.subarray(0, rest));
          sent += taken;
          if (sent === total) return close(client);
          if (taken < rest) { full++; return; }
        }
      });
    `);
    same(code, 0);
    deep(lines(stdout), ["true true"]);
  });

  it("tell once that the other side is gone, also to whoever still has something to write", async () => {
    const { stdout, code } = await run(`${sockets}
      const piece = new Uint8Array(65536);
      const late = setTimeout(() => { console.log("never told"); native("xs_exit")(1); }, 2000);
      const listener = listen("127.0.0.1", 0, (server) => {
        on(server, undefined, () => write(server, piece), () => { console.log("gone"); clearTimeout(late); close(listener); });
        while (write(server, piece) === piece.length);
      });
      const client = connect("127.0.0.1", port(listener));
      on(client, undefined, () => pause(client, true));
      setTimeout(() => close(client), 50); // with bytes that it has not read, that is a reset
    `);
    same(code, 0);
    deep(lines(stdout), ["gone"]);
  });

  it("tell when there is nobody to connect to", async () => {
    const { stdout, code } = await run(`${sockets}
      const listener = listen("127.0.0.1", 0, () => {}), free = port(listener);
      close(listener);
      on(connect("127.0.0.1", free), undefined, () => console.log("connected"), (error) => console.log(error));
    `);
    same(code, 0);
    deep(lines(stdout), ["Connection refused"]);
  });

  for (const address of ["0.0.0.0", "127.0.0.2", "localhost", "192.0.2.1", "::1", ""])
    it(`refuse the address ${address || "of nobody"}`, async () => {
      const { stdout } = await run(`${sockets}
        for (const use of [() => listen("${address}", 0, () => {}), () => connect("${address}", 80)])
          try { use(); console.log("opened"); } catch (error) { console.log(error.name); }
      `);
      deep(lines(stdout), ["RangeError", "RangeError"]);
    });

  it("refuse numbers that are no open socket", async () => {
    const { stdout } = await run(`${sockets}
      for (const number of [0, -1, 1, 65, 4000000])
        try { write(number, new Uint8Array(1)); } catch (error) { console.log(error.name); }
    `);
    deep(lines(stdout), Array(5).fill("RangeError"));
  });
});
