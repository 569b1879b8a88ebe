import bleHost, { type Connection } from "ble-host";
import type { Agents } from "./agents.js";
import { BluezError } from "./error.js";

const { AssociationModels, SmpErrors } = bleHost;

/** Pairs as BlueZ does: with what the caller's agent can do, man-in-the-middle protection, a bond where the other side wants one. */
export function pair(connection: Connection, agents: Agents, sender: string, device: string): Promise<void> {
  const { smp } = connection;
  const agent = agents.of(sender);
  return new Promise((resolve, reject) => {
    const asked = (model: number, _shown: string | null, enter: (passkey?: number) => void) => {
      if (agent === undefined || model === AssociationModels.JUST_WORKS) return;
      agents
        .requestPasskey(agent, device)
        .then(enter, () => smp.sendPairingFailed(SmpErrors.PASSKEY_ENTRY_FAILED));
    };
    const over = (error?: BluezError) => {
      smp.off("passkeyExchange", asked);
      smp.off("pairingComplete", complete);
      smp.off("pairingFail", failed);
      connection.off("disconnect", gone);
      if (error === undefined) resolve();
      else reject(error);
    };
    const complete = () => over();
    const failed = (reason: number) =>
      over(new BluezError("AuthenticationFailed", SmpErrors.toString(reason)));
    const gone = () => over(new BluezError("AuthenticationFailed", "disconnected"));
    smp.on("passkeyExchange", asked);
    smp.on("pairingComplete", complete);
    smp.on("pairingFail", failed);
    connection.on("disconnect", gone);
    const capability = agents.capability(agent);
    if (!smp.sendPairingRequest({ ioCap: capability, bondingFlags: 1, mitm: true, sc: true })) {
      over(new BluezError("InProgress", "In Progress"));
    }
  });
}
