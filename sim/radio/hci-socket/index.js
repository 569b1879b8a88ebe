/** As @stoprocent/bluetooth-hci-socket: the class of the sockets. Which one it is, sim/radio/stack/hci-socket.ts says. */
exports.loadDriver = () => {
  const Socket = globalThis[Symbol.for("vagus.hci-socket")];
  if (Socket === undefined)
    throw new Error("expected a virtual controller, came none: adapters are BlueZ's (docs/RADIO.md)");
  return Socket;
};
