import { cryptos, engine } from "engine";
import { concat } from "../../../modules/bytes/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import {
  EdhocInitiatorWaitM2,
  type EdhocInitiatorWaitM4,
  EdhocResponderReceivedM1,
  type EdhocResponderWaitM3,
  type Method,
  type SuiteNumber,
} from "../../../modules/edhoc/index.js";
import { VagusError } from "../../../modules/error/index.js";
import { ok, same } from "../../support/assert.js";
import { SpyCrypto } from "../../vectors/edhoc-spy.js";
import { C_R, type Setup, setup } from "./parties.js";

const X = new Uint8Array(32).fill(0x41);
const Y = new Uint8Array(32).fill(0x42);

/** The states of one handshake, made again from the same ephemeral keys for every message tried on them. */
class Again {
  readonly #inner: Crypto;
  readonly #both: Setup;
  constructor(inner: Crypto, both: Setup) {
    this.#inner = inner;
    this.#both = both;
  }

  wait2(): Promise<EdhocInitiatorWaitM2> {
    return EdhocInitiatorWaitM2.start(new SpyCrypto(this.#inner, [X]), this.#both.initiator);
  }

  wait3(message_1: Uint8Array): Promise<EdhocResponderWaitM3> {
    const crypto = new SpyCrypto(this.#inner, [Y]);
    const received = EdhocResponderReceivedM1.receive(crypto, this.#both.responder, message_1);
    return received.composeMessage2(this.#both.R.identity, C_R);
  }

  async wait4(message_2: Uint8Array): Promise<EdhocInitiatorWaitM4> {
    return (await (await this.wait2()).receive(message_2)).composeMessage3(this.#both.I.identity);
  }
}

/** Cut at every byte, one byte more, and every `step`th bit turned over. */
function* damaged(message: Uint8Array, step: number): Generator<[string, Uint8Array]> {
  for (let length = 0; length < message.length; length += step) {
    yield [`cut to ${length}`, message.subarray(0, length)];
  }
  yield ["one byte more", concat(message, Uint8Array.of(0))];
  for (let bit = 0; bit < 8 * message.length; bit += step) {
    const copy = message.slice();
    copy[bit >> 3] ^= 1 << (bit & 7);
    yield [`bit ${bit}`, copy];
  }
}

/** Every damaged message is refused with a coded error, by whoever sees it first. */
async function refusesAll(
  message: Uint8Array,
  step: number,
  attempt: (damagedMessage: Uint8Array) => Promise<unknown>,
): Promise<void> {
  let tried = 0;
  for (const [what, bytes] of damaged(message, step)) {
    let accepted = true;
    try {
      await attempt(bytes);
    } catch (error) {
      accepted = false;
      ok(error instanceof VagusError, `${what}: expected a VagusError, came ${String(error)}`);
    }
    same(accepted, false, `${what} was accepted:`);
    tried++;
  }
  ok(tried > (9 * message.length) / step, `tried ${tried}`);
}

const CASES: readonly [Method, SuiteNumber][] = [
  [0, 1],
  [3, 2],
];

for (const crypto of cryptos) {
  for (const [method, suite] of CASES) {
    // Curves in JavaScript take too long on XS for every bit, and P-256 does on Node.
    const slow = crypto.name === "portable" && (engine === "xs" ? 61 : suite > 1 ? 23 : 1);
    const step = slow === false ? 1 : slow;
    const each = step === 1 ? "every byte and bit" : `every ${step}th byte and bit`;

    describe(`EDHOC: damaged messages, method ${method}, suite ${suite}, ${each}, ${crypto.name}`, () => {
      it("message_1: by the Responder, or by the Initiator at message_2", async () => {
        const again = new Again(crypto, await setup(crypto, method, suite));
        const { message_1 } = await again.wait2();
        await refusesAll(message_1, step, async (bytes) => {
          const { message_2 } = await again.wait3(bytes);
          return (await again.wait2()).receive(message_2);
        });
      });

      it("message_2: by the Initiator", async () => {
        const again = new Again(crypto, await setup(crypto, method, suite));
        const { message_2 } = await again.wait3((await again.wait2()).message_1);
        await refusesAll(message_2, step, async (bytes) => (await again.wait2()).receive(bytes));
      });

      it("message_3: by the Responder", async () => {
        const again = new Again(crypto, await setup(crypto, method, suite));
        const { message_1 } = await again.wait2();
        const { message_2 } = await again.wait3(message_1);
        const { message_3 } = await again.wait4(message_2);
        await refusesAll(message_3, step, async (bytes) => (await again.wait3(message_1)).receive(bytes));
      });

      it("message_4: by the Initiator", async () => {
        const again = new Again(crypto, await setup(crypto, method, suite));
        const { message_1 } = await again.wait2();
        const wait3 = await again.wait3(message_1);
        const { message_3 } = await again.wait4(wait3.message_2);
        const { message_4 } = (await wait3.receive(message_3)).composeMessage4();
        await refusesAll(message_4, step, async (bytes) =>
          (await again.wait4(wait3.message_2)).receive(bytes),
        );
      });
    });
  }
}
