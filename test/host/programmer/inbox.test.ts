import { Inbox } from "../../../host/programmer/inbox.js";
import { deep, rejects, throws } from "../../support/assert.js";

const message = (n: number) => Uint8Array.of(n);

describe("The programmer's inbox", () => {
  it("messages come out in order, those that came before and those awaited", async () => {
    const inbox = new Inbox(1000);
    inbox.put(message(1));
    inbox.put(message(2));
    inbox.put(undefined);
    deep([await inbox.take("one"), await inbox.take("two")], [message(1), message(2)]);
    const third = inbox.take("three");
    inbox.put(message(3));
    deep(await third, message(3));
  });

  it("more than four unasked are refused, those four stay", async () => {
    const inbox = new Inbox(1000);
    for (let n = 0; n < 4; n++) inbox.put(message(n));
    for (let n = 0; n < 10; n++) throws("session/order", () => inbox.put(message(9)));
    for (let n = 0; n < 4; n++) deep(await inbox.take("it"), message(n));
  });

  it("nothing comes: a time-out; what comes afterwards waits for the next", async () => {
    const inbox = new Inbox(10);
    await rejects("session/timeout", () => inbox.take("it"));
    inbox.put(message(1));
    deep(await inbox.take("it"), message(1));
  });

  it("the connection ends: who waits hears it, what had come is still there", async () => {
    const inbox = new Inbox(1000);
    const waiting = inbox.take("it");
    inbox.close("gone");
    await rejects("gatt/disconnected", () => waiting);
    await rejects("gatt/disconnected", () => inbox.take("it"));
    const other = new Inbox(1000);
    other.put(message(1));
    other.close("gone");
    deep(await other.take("it"), message(1));
    await rejects("gatt/disconnected", () => other.take("it"));
  });

  it("one waits at a time", async () => {
    const inbox = new Inbox(1000);
    const first = inbox.take("one");
    await rejects("session/order", () => inbox.take("two"));
    inbox.put(message(1));
    deep(await first, message(1));
  });
});
