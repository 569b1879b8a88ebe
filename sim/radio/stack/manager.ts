import bleHost, { type Manager, type Transport } from "ble-host";

/** A host stack on a controller. @throws Error where the controller does not answer as one */
export function startStack(
  transport: Transport,
  options: { staticRandomAddress?: string } = {},
): Promise<Manager> {
  return new Promise((resolve, reject) =>
    bleHost.BleManager.create(transport, options, (error, manager) => {
      if (error) {
        reject(error);
        return;
      }
      manager.on("error", () => {}); // its transport closed: whoever waits has a time-out
      resolve(manager);
    }),
  );
}
