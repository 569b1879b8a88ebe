import fc from "fast-check";
import {
  decodeEvent,
  encodeEvents,
  type IssuedEvent,
  type LedgerEvent,
  readLedger,
} from "../../../host/authority/ledger.js";
import { Registry } from "../../../host/authority/registry.js";
import { deep, ok, same, throws } from "../../support/assert.js";

const NOW = 1_800_000_000;

function issued(index: number, but: Partial<IssuedEvent> = {}): IssuedEvent {
  const kind = "programmer";
  return {
    issued: index,
    kind,
    sub: `s${index}`,
    kid: `k${index}`,
    aud: ["ward"],
    iat: NOW,
    exp: NOW + 100,
    ...but,
  };
}

const device = (index: number, ...aud: string[]) => issued(index, { kind: "device", aud, exp: NOW + 10_000 });

function registryOf(...events: LedgerEvent[]): Registry {
  const registry = new Registry();
  for (const event of events) registry.apply(event);
  return registry;
}

function read(text: string): Registry {
  const registry = new Registry();
  readLedger(new TextEncoder().encode(text), (event) => registry.apply(event));
  return registry;
}

/** Brings the registry to where nothing is due, as the Authority does after each change. */
function raise(registry: Registry, now = NOW): LedgerEvent[] {
  const { lists } = registry.due(now);
  for (const event of lists) registry.apply(event);
  return [...lists];
}

describe("The ledger, a line of JSON an event", () => {
  const lines: [string, string][] = [
    ["nothing", ""],
    ["no JSON", '{"issued":0'],
    ["an array", "[1]"],
    ["null", "null"],
    ["an event that there is none of", '{"forgiven":3}'],
    ["a number below 0", '{"revoked":-1,"at":1}'],
    ["a number that is none", '{"revoked":1.5,"at":1}'],
    ["text for a number", '{"revoked":"1","at":1}'],
    [
      "a hub's credential among those that the Authority issues",
      JSON.stringify({ ...issued(0), kind: "hub" }),
    ],
    ["nobody in aud", JSON.stringify({ ...issued(0), aud: [] })],
    ["an empty kid", JSON.stringify({ ...issued(0), kid: "" })],
    ["an end without a time", '{"ended":"k"}'],
    ["a list without keys", '{"list":"ward","epoch":1,"at":1}'],
  ];
  for (const [name, line] of lines)
    it(`refuses ${name}`, () => throws("host/ledger", () => decodeEvent(line)));

  it("a line that is broken before the last is said with its number, and nothing is opened", () => {
    const text = encodeEvents([issued(0), issued(1)]).replace('"kid":"k1"', '"kid":1');
    try {
      read(text);
      ok(false, "expected a refusal");
    } catch (error) {
      ok((error as Error).message.startsWith("host/ledger: line 2: "), (error as Error).message);
    }
  });

  it("cut off at any byte: what was whole is there, the rest is said and nothing else", () => {
    const events = [issued(0), issued(1), { revoked: 0, at: NOW }];
    const bytes = new TextEncoder().encode(encodeEvents(events));
    const ends = [0, ...[...bytes.keys()].filter((i) => bytes[i] === 10).map((i) => i + 1)];
    for (let length = 0; length <= bytes.length; length++) {
      const seen: LedgerEvent[] = [];
      const { length: whole, cut } = readLedger(bytes.subarray(0, length), (event) => seen.push(event));
      same(whole, ends.filter((end) => end <= length).pop()!);
      deep(seen, events.slice(0, seen.length));
      same(cut?.length ?? 0, length - whole);
      same(cut === undefined, ends.includes(length));
    }
  });
});

describe("The registry refuses what cannot come next, and is as it was", () => {
  const revoked = { revoked: 0, at: NOW };
  const list = { list: "ward", epoch: 2, at: NOW, kids: [] };
  const cases: [string, LedgerEvent[], LedgerEvent][] = [
    ["a number left out", [issued(0)], issued(2)],
    ["a number twice", [issued(0)], issued(0)],
    ["a credential for a revoked key", [issued(0), revoked], issued(1, { kid: "k0" })],
    ["a revocation of nobody", [issued(0)], { revoked: 1, at: NOW }],
    ["a revocation twice", [issued(0), revoked], revoked],
    ["an epoch that stands still", [list], list],
    ["an epoch that falls", [list], { ...list, epoch: 1 }],
    ["the end of a device that is not revoked", [device(0, "ward")], { ended: "k0", at: NOW }],
    ["the end of a programmer", [issued(0), revoked], { ended: "k0", at: NOW }],
    ["an end twice", [device(0, "ward"), revoked, { ended: "k0", at: NOW }], { ended: "k0", at: NOW }],
    ["a status list of the same second", [{ statusList: NOW }], { statusList: NOW }],
  ];
  for (const [name, before, next] of cases) {
    it(name, () => {
      const registry = registryOf(...before);
      const { size, revokedCount } = registry;
      throws("host/ledger", () => registry.apply(next));
      deep([registry.size, registry.revokedCount], [size, revokedCount]);
    });
  }
});

describe("Whose lists a revoked key goes on", () => {
  const cases: [string, LedgerEvent[], Record<string, string[]>][] = [
    ["a programmer: every group that it names", [issued(0, { aud: ["a", "b"] })], { a: ["k0"], b: ["k0"] }],
    ["a device: the one that it keeps", [device(0, "a", "b")], { a: ["k0"] }],
    [
      "a programmer of a group whose devices keep another's list: that one too",
      [issued(0, { aud: ["b"] }), device(1, "a", "b")],
      { a: ["k0"], b: ["k0"] },
    ],
    [
      "a programmer of one device: the list that it keeps",
      [issued(0, { aud: ["s1"] }), device(1, "a")],
      { a: ["k0"] },
    ],
    [
      "a key with two credentials: the groups of both",
      [issued(0, { aud: ["a"] }), issued(1, { aud: ["b"], kid: "k0" })],
      { a: ["k0"], b: ["k0"] },
    ],
  ];
  for (const [name, events, expected] of cases) {
    it(name, () => {
      const registry = registryOf(...events, { revoked: 0, at: NOW });
      raise(registry);
      deep(Object.fromEntries(registry.lists.map(({ list, kids }) => [list, kids])), expected);
    });
  }

  it("a hub, which has no number: the groups that it names", () => {
    const registry = registryOf({ hub: "h", aud: ["a"], exp: NOW + 1, at: NOW });
    raise(registry);
    deep([registry.list("a")?.kids, registry.isKeyRevoked("h")], [["h"], true]);
  });

  it("a device that comes later, and keeps another list: that list goes up then", () => {
    const registry = registryOf(issued(0, { aud: ["b"] }), { revoked: 0, at: NOW });
    raise(registry);
    same(registry.epoch("a"), 0);
    registry.apply(device(1, "a", "b"));
    raise(registry);
    deep([registry.epoch("a"), registry.list("a")?.kids], [1, ["k0"]]);
  });

  it("a key leaves with its last credential's end: the next list goes without it", () => {
    const events = [issued(0), issued(1, { kid: "k0", exp: NOW + 300 }), issued(2, { exp: NOW + 1000 })];
    const registry = registryOf(...events, { revoked: 0, at: NOW });
    raise(registry, NOW + 299);
    deep(registry.list("ward")?.kids, ["k0"]);
    deep(raise(registry, NOW + 300), [], "nothing is due for a key that only leaves");
    registry.apply({ revoked: 2, at: NOW + 300 });
    raise(registry, NOW + 300);
    deep([registry.list("ward")?.kids, registry.epoch("ward")], [["k2"], 2]);
  });

  describe("80 keys are what a device keeps", () => {
    const raised = (registry: Registry) => {
      const { overfull } = registry.due(NOW);
      raise(registry);
      return { overfull, kids: registry.list("ward")!.kids };
    };

    it("80 devices are lost: a programmer and a hub that come after them are on the list, and the first lost devices not", () => {
      const devices = Array.from({ length: 80 }, (_, i) => device(i, "ward"));
      const registry = registryOf(...devices, issued(80));
      for (let i = 0; i < 80; i++) registry.apply({ revoked: i, at: NOW + i });
      same(raised(registry).overfull.length, 0);
      registry.apply({ revoked: 80, at: NOW + 90 });
      const programmer = raised(registry);
      deep(programmer.overfull, [{ audience: "ward", keys: 81, left: ["k0"] }]);
      deep([programmer.kids.includes("k80"), programmer.kids.length], [true, 80]);
      registry.apply({ hub: "h", aud: ["ward"], exp: NOW + 100, at: NOW + 91 });
      const hub = raised(registry);
      deep(hub.overfull, [{ audience: "ward", keys: 82, left: ["k1", "k0"] }]);
      deep([hub.kids.includes("h"), hub.kids.includes("k80"), registry.epoch("ward")], [true, true, 3]);
      deep(registry.due(NOW).lists, [], "what is left out makes no list due");
    });

    it("of 81 programmers the one whose credential ends first is left out, and said", () => {
      const registry = registryOf(
        ...Array.from({ length: 81 }, (_, i) => issued(i, { exp: NOW + 1000 - i })),
      );
      for (let i = 0; i < 81; i++) registry.apply({ revoked: i, at: NOW });
      const { overfull, kids } = raised(registry);
      deep([overfull, kids.includes("k80")], [[{ audience: "ward", keys: 81, left: ["k80"] }], false]);
      ok(registry.isKeyRevoked("k80"));
    });

    it("a device that has revoked itself gives its place to the next", () => {
      const registry = registryOf(...Array.from({ length: 81 }, (_, i) => device(i, "ward")));
      for (let i = 0; i < 81; i++) registry.apply({ revoked: i, at: NOW + i });
      deep(raised(registry).overfull[0]?.left, ["k0"]);
      registry.apply({ ended: "k7", at: NOW + 100 });
      const { overfull, kids } = raised(registry);
      deep([overfull.length, kids.length, kids.includes("k0"), kids.includes("k7")], [0, 80, true, false]);
      ok(registry.isKeyRevoked("k7"), "gone from the list, not from the books");
    });
  });

  it("a device's end takes the keys with it that it had before, and not the one that it had after", () => {
    const keyed = (index: number, kid: string) => issued(index, { kind: "device", sub: "s", kid });
    const registry = registryOf(keyed(0, "a"), keyed(1, "b"), keyed(2, "c"));
    deep(
      registry.endingWith("b").map(({ kid }) => kid),
      ["b", "a"],
    );
    for (let i = 0; i < 3; i++) registry.apply({ revoked: i, at: NOW });
    registry.apply({ ended: "b", at: NOW });
    raise(registry);
    deep(registry.list("ward")?.kids, ["c"]);
    deep([registry.isEnded("a"), registry.isEnded("b"), registry.isEnded("c")], [true, true, false]);
  });

  it("the holder of a credential: a device by its name, whatever key it had; a programmer by its key", () => {
    const of = (...indices: number[]) => indices.map((index) => registry.at(index)!);
    const registry = registryOf(
      issued(0, { kind: "device", sub: "d", kid: "old" }),
      issued(1, { kind: "device", sub: "d", kid: "new" }),
      issued(2, { sub: "p", kid: "alice" }),
      issued(3, { sub: "q", kid: "alice" }),
      issued(4, { sub: "d", kid: "bob" }),
    );
    deep(registry.ofHolders(registry.ofKey("old")), of(0, 1));
    deep(registry.ofHolders(registry.ofSubject("q")), of(2, 3));
    deep(registry.ofHolders(registry.ofKey("bob")), of(4));
  });
});

describe("The registry over any history", () => {
  type Act =
    | { act: "issue"; device: boolean; kid: number; groups: number[] }
    | { act: "revoke"; which: number };
  const group = fc.integer({ min: 0, max: 3 });
  const acts = fc.array(
    fc.oneof(
      fc.record({
        act: fc.constant("issue" as const),
        device: fc.boolean(),
        kid: fc.integer({ min: 0, max: 20 }),
        groups: fc.uniqueArray(group, { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ act: fc.constant("revoke" as const), which: fc.nat(30) }),
    ),
    { maxLength: 60 },
  );

  function play(history: readonly Act[]): {
    registry: Registry;
    events: LedgerEvent[];
    revoked: Set<number>;
  } {
    const registry = new Registry();
    const events: LedgerEvent[] = [];
    const revoked = new Set<number>();
    const add = (event: LedgerEvent) => {
      registry.apply(event);
      events.push(event);
    };
    for (const one of history) {
      if (one.act === "issue") {
        const kid = `k${one.kid}`;
        if (registry.isKeyRevoked(kid)) continue;
        const kind = one.device ? "device" : "programmer";
        add(issued(registry.size, { kind, kid, aud: one.groups.map((g) => `g${g}`) }));
      } else if (one.which < registry.size && !registry.isRevoked(one.which)) {
        add({ revoked: one.which, at: NOW });
        revoked.add(one.which);
      }
      events.push(...raise(registry));
    }
    return { registry, events, revoked };
  }

  it("what is revoked stays revoked, and is there again when the ledger is read again", () =>
    fc.assert(
      fc.property(acts, (history) => {
        const { registry, events, revoked } = play(history);
        const again = read(encodeEvents(events));
        for (const one of [registry, again]) {
          const list = one.statusList();
          for (let i = 0; i < one.size; i++) {
            same(one.isRevoked(i), revoked.has(i));
            same(list.get(i), revoked.has(i) ? 1 : 0);
            if (revoked.has(i)) ok(one.isKeyRevoked(one.at(i)!.kid));
          }
          ok(list.size >= one.size + 1024);
          same(one.revokedCount, revoked.size);
        }
        deep(again.lists, registry.lists);
        deep(again.due(NOW).lists, []);
      }),
      { numRuns: 300 },
    ));

  it("epochs only rise, one by one, and no list loses a key that still counts", () =>
    fc.assert(
      fc.property(acts, (history) => {
        const newest = new Map<string, { epoch: number; kids: readonly string[] }>();
        for (const event of play(history).events) {
          if (!("list" in event)) continue;
          const before = newest.get(event.list) ?? { epoch: 0, kids: [] };
          same(event.epoch, before.epoch + 1);
          ok(before.kids.every((kid) => event.kids.includes(kid)));
          newest.set(event.list, event);
        }
      }),
      { numRuns: 300 },
    ));

  it("whoever a revoked programmer may talk to keeps a list that has its key", () =>
    fc.assert(
      fc.property(acts, (history) => {
        const { registry, revoked } = play(history);
        const all = Array.from({ length: registry.size }, (_, i) => registry.at(i)!);
        for (const index of revoked) {
          const { kind, aud, kid } = all[index]!;
          if (kind === "device") continue;
          for (const other of all) {
            if (other.kind !== "device" || !other.aud.some((name) => aud.includes(name))) continue;
            ok(registry.list(other.aud[0]!)?.kids.includes(kid), `${kid} on the list of ${other.aud[0]}`);
          }
        }
      }),
      { numRuns: 300 },
    ));
});
