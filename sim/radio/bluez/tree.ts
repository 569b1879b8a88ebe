/** Objects on a bus with interfaces, properties and methods, as the standard interfaces show them (D-Bus specification). */
import dbus, { type Message, type MessageBus, type Variant } from "dbus-next";
import { BluezError } from "./error.js";
import { introspect } from "./introspect.js";

export interface Property {
  readonly signature: string;
  value: unknown;
  /** Where it may be set. */
  readonly set?: (value: unknown) => void;
}

export interface Method {
  readonly in: string;
  readonly out: string;
  /** @param sender the caller's unique name. @throws BluezError */
  run(args: unknown[], sender: string): unknown[] | Promise<unknown[]>;
}

export interface BusInterface {
  readonly properties: Record<string, Property>;
  readonly methods: Record<string, Method>;
}

export type BusObject = Record<string, BusInterface>;
type Properties = Record<string, Variant>;

const OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager";
const PROPERTIES = "org.freedesktop.DBus.Properties";
const INTROSPECTABLE = "org.freedesktop.DBus.Introspectable";
const UNKNOWN_METHOD = "org.freedesktop.DBus.Error.UnknownMethod";
const INVALID_ARGS = "org.freedesktop.DBus.Error.InvalidArgs";

export class ObjectTree {
  readonly bus: MessageBus;
  readonly #objects = new Map<string, BusObject>();
  #closed = false;

  constructor(bus: MessageBus) {
    this.bus = bus;
    bus.addMethodHandler((message: Message) => this.#call(message));
  }

  has(path: string): boolean {
    return this.#objects.has(path);
  }

  add(path: string, object: BusObject): void {
    this.#objects.set(path, object);
    this.#signal("/", OBJECT_MANAGER, "InterfacesAdded", "oa{sa{sv}}", [path, this.#shown(object)]);
  }

  remove(path: string): void {
    const object = this.#objects.get(path);
    if (object === undefined) return;
    this.#objects.delete(path);
    this.#signal("/", OBJECT_MANAGER, "InterfacesRemoved", "oas", [path, Object.keys(object)]);
  }

  /** Sets properties and says so; those that are undefined from now on are left out. */
  change(path: string, name: string, values: Record<string, unknown>): void {
    const properties = this.#objects.get(path)?.[name]?.properties;
    if (properties === undefined) return;
    const changed: Properties = {};
    const gone: string[] = [];
    for (const [key, value] of Object.entries(values)) {
      properties[key].value = value;
      if (value === undefined) gone.push(key);
      else changed[key] = new dbus.Variant(properties[key].signature, value);
    }
    this.#signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", [name, changed, gone]);
  }

  /** What comes later goes nowhere. */
  close(): void {
    this.#closed = true;
    this.bus.disconnect();
  }

  #send(message: Message): void {
    if (!this.#closed) this.bus.send(message);
  }

  #signal(path: string, name: string, member: string, signature: string, body: unknown[]): void {
    this.#send(dbus.Message.newSignal(path, name, member, signature, body));
  }

  #call(message: Message): boolean {
    if (this.#closed) return true; // the library would answer, and cannot any more
    const { path, interface: name, member } = message;
    const body = message.body ?? [];
    const under = [...this.#objects.keys()].filter((it) => it.startsWith(path === "/" ? "/" : `${path}/`));
    if (!this.#objects.has(path) && under.length === 0 && path !== "/") return false;
    const reply = (signature: string, values: unknown[]) =>
      this.#send(dbus.Message.newMethodReturn(message, signature, values));
    const fail = (error: unknown) => {
      const { errorName, text } = BluezError.from(error);
      this.#send(dbus.Message.newError(message as unknown as string, errorName, text));
    };
    try {
      if (name === INTROSPECTABLE && member === "Introspect") {
        reply("s", [introspect(path, this.#objects.get(path), under)]);
      } else if (name === OBJECT_MANAGER && member === "GetManagedObjects" && path === "/") {
        reply("a{oa{sa{sv}}}", [this.#managed()]);
      } else if (name === PROPERTIES) {
        const [signature, values] = this.#properties(path, member, body);
        reply(signature, values);
      } else this.#run(message, body).then((values) => reply(...values), fail);
    } catch (error) {
      fail(error);
    }
    return true;
  }

  async #run(message: Message, body: unknown[]): Promise<[string, unknown[]]> {
    const method = this.#objects.get(message.path)?.[message.interface]?.methods[message.member];
    if (method === undefined)
      throw new BluezError(UNKNOWN_METHOD, `no ${message.interface}.${message.member}`);
    if (method.in !== (message.signature ?? "")) throw new BluezError(INVALID_ARGS, `expected ${method.in}`);
    return [method.out, await method.run(body, message.sender)];
  }

  #properties(path: string, member: string, [name, key, value]: unknown[]): [string, unknown[]] {
    const found = this.#objects.get(path)?.[String(name)];
    if (found === undefined) throw new BluezError(INVALID_ARGS, `no interface ${name}`);
    if (member === "GetAll") return ["a{sv}", [shownProperties(found)]];
    const property = found.properties[String(key)];
    if (property?.value === undefined) throw new BluezError(INVALID_ARGS, `no property ${key}`);
    if (member === "Get") return ["v", [new dbus.Variant(property.signature, property.value)]];
    if (member !== "Set" || property.set === undefined) {
      throw new BluezError("org.freedesktop.DBus.Error.PropertyReadOnly", `${key} is not to be set`);
    }
    property.set((value as Variant).value);
    return ["", []];
  }

  #managed(): Record<string, Record<string, Properties>> {
    return Object.fromEntries([...this.#objects].map(([path, object]) => [path, this.#shown(object)]));
  }

  #shown(object: BusObject): Record<string, Properties> {
    return Object.fromEntries(Object.entries(object).map(([name, it]) => [name, shownProperties(it)]));
  }
}

function shownProperties({ properties }: BusInterface): Properties {
  const there = Object.entries(properties).filter(([, { value }]) => value !== undefined);
  return Object.fromEntries(
    there.map(([key, { signature, value }]) => [key, new dbus.Variant(signature, value)]),
  );
}
