/** The ports of an engine, of which something throws; its paces so far are said once a second. */
import type { PacedHeart } from "../../../modules/cardiac/index.js";
import type { DevicePorts } from "../../../modules/device/index.js";

const boom = (): never => {
  throw new Error("broken by the test");
};

/** Every function of it throws. */
function broken<T extends object>(of: T): T {
  return new Proxy(of, {
    get: (target, name) => {
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? boom : value;
    },
  });
}

const BREAKS: Record<string, (ports: DevicePorts) => Partial<DevicePorts>> = {
  nothing: () => ({}),
  radio: ({ peripheral }) => ({ peripheral: broken(peripheral) }),
  watcher: () => ({ observe: boom }),
  flash: ({ flash }) => ({ flash: broken(flash) }),
  cryptography: ({ crypto }) => ({ crypto: broken(crypto) }),
  "all of it": ({ peripheral, flash, crypto, button }) => ({
    observe: boom,
    show: boom,
    peripheral: broken(peripheral),
    flash: broken(flash),
    crypto: broken(crypto),
    ...(button && { button: broken(button) }),
  }),
};
export const BROKEN = Object.keys(BREAKS);

/** @param what of `BROKEN` @param print a line to standard output */
export function breaking(
  ports: DevicePorts,
  what: string | undefined,
  print: (line: string) => void,
): DevicePorts {
  const { clock, implant } = ports;
  const start = clock.monotonicMs();
  let paces = 0;
  const again = () =>
    clock.after(1000, () => {
      again();
      const markers = (implant as PacedHeart).takeMarkers(Number.POSITIVE_INFINITY);
      paces += markers.filter(({ name }) => name === "VP").length;
      print(JSON.stringify({ event: "paces", paces, atMs: clock.monotonicMs() - start }));
    });
  again();
  return { ...ports, ...BREAKS[what ?? "nothing"]?.(ports) };
}
