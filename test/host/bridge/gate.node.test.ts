import { Gate } from "../../../host/bridge/gate.js";
import { ok, same } from "../../support/assert.js";

const HOST = "127.0.0.1:4711";
const ORIGIN = `http://${HOST}`;

describe("the bridge's gate", () => {
  const gate = new Gate(4711);
  const token = () => gate.link().split("#")[1] as string;

  it("prints a link whose token is in the fragment, another each time", () => {
    const [first, second] = [gate.link(), gate.link()];
    ok(/^http:\/\/127\.0\.0\.1:4711\/#[\w-]{22}$/.test(first), first);
    ok(first !== second, "the same token twice");
  });

  it("takes a token once", () => {
    const own = token();
    ok(gate.open(own) !== undefined, "refused the first time");
    same(gate.open(own), undefined);
  });

  for (const [what, came] of [
    ["nothing", ""],
    ["another one", "AAAAAAAAAAAAAAAAAAAAAA"],
    ["a part of one", new Gate(4711).link().split("#")[1]?.slice(0, 10) as string],
    ["letters beyond ASCII", "ä".repeat(22)],
  ] as const)
    it(`takes no token that it did not give: ${what}`, () => same(gate.open(came), undefined));

  for (const [what, host, expected] of [
    ["the address that it printed", HOST, true],
    ["a name that was made to resolve here", "evil.example:4711", false],
    ["localhost, which it did not print", "localhost:4711", false],
    ["another port", "127.0.0.1:4712", false],
    ["no host", undefined, false],
  ] as const)
    it(`answers to ${what}: ${expected}`, () => same(gate.isHere({ host }), expected));

  for (const [what, origin, expected] of [
    ["its own page", ORIGIN, true],
    ["a page of another port", "http://127.0.0.1:8080", false],
    ["a page of the network", "https://evil.example", false],
    ["a sandboxed frame", "null", false],
    ["what says nothing", undefined, false],
  ] as const)
    it(`lets ${what} change something: ${expected}`, () =>
      same(gate.isOwnPage({ host: HOST, origin }), expected));

  it("knows a session by its bearer header, and by the WebSocket's second protocol", () => {
    const session = gate.open(token()) as string;
    const link = (protocols: string, origin = ORIGIN) =>
      gate.mayLink({ host: HOST, origin, "sec-websocket-protocol": protocols });
    ok(gate.hasSession({ authorization: `Bearer ${session}` }), "refused the session");
    ok(!gate.hasSession({ authorization: `Bearer ${session}x` }), "took a longer one");
    ok(!gate.hasSession({ authorization: session }), "took it without Bearer");
    ok(!gate.hasSession({}), "took none");
    ok(link(`vagus.link, ${session}`), "refused the link");
    ok(!link(`vagus.link, ${session}`, "http://127.0.0.1:8080"), "let another page link");
    ok(!link(session), "let a link without its protocol in");
    ok(!link("vagus.link"), "let a link without a session in");
  });
});
