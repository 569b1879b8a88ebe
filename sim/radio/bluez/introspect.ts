import type { BusInterface, BusObject } from "./tree.js";

const STANDARD = `
 <interface name="org.freedesktop.DBus.Introspectable">
  <method name="Introspect"><arg direction="out" type="s"/></method>
 </interface>
 <interface name="org.freedesktop.DBus.Properties">
  <method name="Get"><arg direction="in" type="s"/><arg direction="in" type="s"/><arg direction="out" type="v"/></method>
  <method name="Set"><arg direction="in" type="s"/><arg direction="in" type="s"/><arg direction="in" type="v"/></method>
  <method name="GetAll"><arg direction="in" type="s"/><arg direction="out" type="a{sv}"/></method>
  <signal name="PropertiesChanged"><arg type="s"/><arg type="a{sv}"/><arg type="as"/></signal>
 </interface>`;

const MANAGER = `
 <interface name="org.freedesktop.DBus.ObjectManager">
  <method name="GetManagedObjects"><arg direction="out" type="a{oa{sa{sv}}}"/></method>
  <signal name="InterfacesAdded"><arg type="o"/><arg type="a{sa{sv}}"/></signal>
  <signal name="InterfacesRemoved"><arg type="o"/><arg type="as"/></signal>
 </interface>`;

/** The single complete types that a signature is made of. */
function types(signature: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let type = "";
  for (const letter of signature) {
    type += letter;
    if (letter === "{" || letter === "(") depth++;
    if (letter === "}" || letter === ")") depth--;
    if (depth > 0 || letter === "a") continue;
    found.push(type);
    type = "";
  }
  return found;
}

function described(name: string, { properties, methods }: BusInterface): string {
  const args = (signature: string, direction: string) =>
    types(signature).map((type) => `<arg direction="${direction}" type="${type}"/>`);
  const lines = [
    ...Object.entries(methods).map(
      ([key, method]) =>
        `<method name="${key}">${[...args(method.in, "in"), ...args(method.out, "out")].join("")}</method>`,
    ),
    ...Object.entries(properties).map(
      ([key, { signature, set }]) =>
        `<property name="${key}" type="${signature}" access="${set === undefined ? "read" : "readwrite"}"/>`,
    ),
  ];
  return `\n <interface name="${name}">\n  ${lines.join("\n  ")}\n </interface>`;
}

/** What `Introspect` says. @param under the paths of all objects below this one */
export function introspect(path: string, object: BusObject | undefined, under: readonly string[]): string {
  const start = path === "/" ? 1 : path.length + 1;
  const children = new Set(under.map((it) => it.slice(start).split("/")[0]).filter((name) => name !== ""));
  const interfaces = Object.entries(object ?? {}).map(([name, it]) => described(name, it));
  const nodes = [...children].map((name) => `\n <node name="${name}"/>`);
  return `<node>${STANDARD}${path === "/" ? MANAGER : ""}${interfaces.join("")}${nodes.join("")}\n</node>`;
}
