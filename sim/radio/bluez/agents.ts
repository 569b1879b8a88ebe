import dbus, { type MessageBus } from "dbus-next";
import { BluezError } from "./error.js";
import type { BusInterface } from "./tree.js";

interface Agent {
  readonly sender: string;
  readonly path: string;
  readonly capability: string;
}

/** Input and output that an agent has (Core Specification 5.4, Vol 3 Part H section 3.5.1). */
const CAPABILITY: Readonly<Record<string, number>> = {
  DisplayOnly: 0,
  DisplayYesNo: 1,
  KeyboardOnly: 2,
  NoInputNoOutput: 3,
  KeyboardDisplay: 4,
  "": 4,
};

/** org.bluez.AgentManager1: who is asked for a passkey. */
export class Agents {
  readonly #bus: MessageBus;
  #agents: Agent[] = [];

  constructor(bus: MessageBus) {
    this.#bus = bus;
  }

  readonly manager: BusInterface = {
    properties: {},
    methods: {
      RegisterAgent: {
        in: "os",
        out: "",
        run: ([path, capability], sender) => {
          if (CAPABILITY[String(capability)] === undefined) {
            throw new BluezError("InvalidArguments", "no such capability");
          }
          this.#agents = this.#agents.filter((it) => it.sender !== sender);
          this.#agents.push({ sender, path: String(path), capability: String(capability) });
          return [];
        },
      },
      UnregisterAgent: {
        in: "o",
        out: "",
        run: ([path], sender) => {
          this.#agents = this.#agents.filter((it) => !(it.sender === sender && it.path === path));
          return [];
        },
      },
      RequestDefaultAgent: { in: "o", out: "", run: () => [] },
    },
  };

  /** Who pairs is asked itself, where it has an agent; else the last that registered. */
  of(sender: string): Agent | undefined {
    return this.#agents.find((it) => it.sender === sender) ?? this.#agents.at(-1);
  }

  capability(agent: Agent | undefined): number {
    return CAPABILITY[agent?.capability ?? "NoInputNoOutput"];
  }

  /** @throws BluezError where the agent does not say */
  async requestPasskey(agent: Agent, device: string): Promise<number> {
    try {
      const message = new dbus.Message({
        destination: agent.sender,
        path: agent.path,
        interface: "org.bluez.Agent1",
        member: "RequestPasskey",
        signature: "o",
        body: [device],
      });
      const reply = await this.#bus.call(message);
      return Number(reply?.body[0]);
    } catch (error) {
      throw new BluezError("AuthenticationCanceled", String(error));
    }
  }
}
