/** The bridge as a browser's page sees it, and as other pages of the machine do. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { Bridge } from "../../../host/bridge/bridge.js";
import { CONTENT_SECURITY_POLICY } from "../../../host/bridge/files.js";
import { VagusError } from "../../../modules/error/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { serve } from "../link/server.js";

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

describe("the bridge", () => {
  let bridge: Bridge;
  let folder: string;
  let device: Awaited<ReturnType<typeof serve>>;
  const heard: Uint8Array[] = [];

  /** Node's fetch does not let a test choose Host and Origin. */
  function ask(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: Uint8Array | string,
  ): Promise<Answer> {
    const { hostname, port } = new URL(bridge.origin);
    return new Promise((resolve, reject) => {
      const asking = request({ hostname, port, method, path, headers }, (response) => {
        let text = "";
        response.setEncoding("latin1");
        response.on("data", (part) => (text += part));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      });
      asking.on("error", reject);
      asking.end(body);
    });
  }
  const own = () => ({ origin: bridge.origin });
  const openSession = async () => {
    const token = bridge.link().split("#")[1] as string;
    const { body } = await ask("POST", "/bridge/open", own(), token);
    return JSON.parse(body) as { session: string; anchor: string; devices: string[] };
  };
  const bearer = async () => ({ ...own(), authorization: `Bearer ${(await openSession()).session}` });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "vagus-page-"));
    mkdirSync(join(folder, "assets"));
    writeFileSync(join(folder, "index.html"), "<!doctype html><title>Vagus</title>");
    writeFileSync(join(folder, "assets/a-1.js"), "export {};");
    writeFileSync(join(folder, "secret.pem"), "not for the page");
    device = await serve((socket) => {
      socket.on("data", (bytes) => {
        heard.push(new Uint8Array(bytes));
        socket.write(bytes);
        if (bytes[0] === 0xff) socket.destroy();
      });
    });
    bridge = await Bridge.open({
      page: folder,
      devices: () => [{ name: "a device", port: device.port }],
      authority: {
        anchor: "AQIDBAUGBwg",
        issue: (asked) =>
          asked[0] === 1
            ? Promise.resolve(Uint8Array.of(0x80))
            : Promise.reject(new VagusError("credential/request", "expected one, came another")),
        statusList: () => Promise.resolve(Uint8Array.of(7, 7)),
        answer: (question) => Promise.resolve(Uint8Array.from(question, (byte) => byte + 1)),
      },
    });
  });
  after(async () => {
    await bridge.close();
    await device.close();
    rmSync(folder, { recursive: true });
  });

  it("gives out the page under a strict policy, and nothing that is none of it", async () => {
    const page = await ask("GET", "/");
    same(page.status, 200);
    same(page.headers["content-security-policy"], CONTENT_SECURITY_POLICY);
    ok(!/unsafe|https?:|\*|data:/.test(CONTENT_SECURITY_POLICY), CONTENT_SECURITY_POLICY);
    same((await ask("GET", "/assets/a-1.js")).headers["content-type"], "text/javascript; charset=utf-8");
    for (const path of ["/secret.pem", "/../gate.ts", "/%2e%2e/package.json", "/bridge/open", "/nothing"])
      same((await ask("GET", path)).status, 404, path);
    same((await ask("DELETE", "/")).status, 405);
  });

  it("answers to no other name, whatever is asked", async () => {
    for (const path of ["/", "/bridge/open"])
      same((await ask("GET", path, { host: "evil.example" })).status, 421, path);
  });

  it("opens a session for a token, once, and only to its own page", async () => {
    const token = bridge.link().split("#")[1] as string;
    same((await ask("POST", "/bridge/open", {}, token)).status, 403);
    same((await ask("POST", "/bridge/open", { origin: "https://evil.example" }, token)).status, 403);
    const opened = await ask("POST", "/bridge/open", own(), token);
    same(opened.status, 200);
    deep(JSON.parse(opened.body).devices, ["a device"]);
    same((await ask("POST", "/bridge/open", own(), token)).status, 403);
  });

  it("asks the Authority for a session alone, and hands on what it says", async () => {
    same((await ask("POST", "/bridge/question", own(), Uint8Array.of(1))).status, 403);
    same((await ask("POST", "/bridge/status", own())).status, 403);
    same((await ask("POST", "/bridge/status", await bearer())).status, 200);
    const answer = await ask("POST", "/bridge/question", await bearer(), Uint8Array.of(1, 2));
    same(answer.body, "\u0002\u0003");
    same((await ask("POST", "/bridge/request", await bearer(), Uint8Array.of(1))).status, 200);
    const refused = await ask("POST", "/bridge/request", await bearer(), Uint8Array.of(2));
    same(refused.status, 422);
    same(JSON.parse(refused.body).code, "credential/request");
  });

  it("takes 4 KiB at the most", async () => {
    const headers = await bearer();
    same((await ask("POST", "/bridge/question", headers, new Uint8Array(4096))).status, 200);
    const refused = await ask("POST", "/bridge/question", headers, new Uint8Array(4097)).catch(
      () => undefined,
    );
    ok(refused === undefined || refused.status === 413, `came ${refused?.status}`);
  });

  const link = (path: string, session: string, origin: string): Promise<WebSocket | undefined> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${bridge.origin.replace("http", "ws")}${path}`, ["vagus.link", session], {
        origin,
      });
      socket.on("open", () => resolve(socket));
      socket.on("error", () => resolve(undefined));
    });

  it("carries bytes to the device and back as they are, and the end of either to the other", async () => {
    const { session } = await openSession();
    const socket = (await link("/bridge/link/0", session, bridge.origin)) as WebSocket;
    const echoed = new Promise<Buffer>((resolve) => socket.once("message", resolve));
    socket.send(Uint8Array.of(3, 0, 255, 7));
    deep([...(await echoed)], [3, 0, 255, 7]);
    const closed = new Promise<number>((resolve) => socket.once("close", resolve));
    socket.send(Uint8Array.of(0xff));
    same(await closed, 1000);
  });

  it("joins nobody else: not without a session, not from another page, not to a device that is not there", async () => {
    const { session } = await openSession();
    const before = heard.length;
    same(await link("/bridge/link/0", "AAAAAAAAAAAAAAAAAAAAAA", bridge.origin), undefined);
    same(await link("/bridge/link/0", session, "http://127.0.0.1:1"), undefined);
    same(await link("/bridge/link/1", session, bridge.origin), undefined);
    same(await link("/bridge/link/0/", session, bridge.origin), undefined);
    same(heard.length, before);
  });

  it("says what to do where the page was not built", async () => {
    const options = { page: join(folder, "nowhere"), devices: () => [], authority: {} as never };
    const thrown = await Bridge.open(options).catch((error: unknown) => error);
    same((thrown as VagusError).code, "host/input");
  });
});
