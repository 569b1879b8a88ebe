/** COSE, CWT and the handshakes, with keys: what verifies or decrypts must be what was signed or encrypted. */

import { unwrapKey, wrapKey } from "../../host/cose/ecdh-es-a128kw.js";
import { nodeZlib } from "../../host/cose/zlib.js";
import { inspect } from "../../host/inspect/inspect.js";
import { toHex } from "../../modules/bytes/index.js";
import { type CborValue, decode, encode } from "../../modules/cbor/index.js";
import {
  decrypt0,
  encrypt0,
  fromCoseKey,
  parseSign1Unverified,
  partialIvOf,
  sign1,
  thumbprint,
  toCoseKey,
  verifySign1,
} from "../../modules/cose/index.js";
import { mac0, verifyMac0 } from "../../modules/cose/mac0.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import {
  CLAIM,
  cnfOf,
  confirmedKey,
  decodeStatusList,
  encodeStatusList,
  parseCwtUnverified,
  StatusList,
  signCwt,
  TYP,
  verifyCwt,
} from "../../modules/cwt/index.js";
import { EdhocResponderReceivedM1 } from "../../modules/edhoc/index.js";
import { LabelInitiatorWaitLabel2, LabelResponderWaitLabel3 } from "../../modules/session/label.js";
import type { Target } from "./fuzzer.js";
import { must } from "./must.js";

const crypto = createPortableCrypto();

/** All but ephemeral keys is the same in every run. */
export async function coseTargets(): Promise<Target[]> {
  const key = await crypto.importKey("Ed25519", new Uint8Array(32).fill(1));
  const p256 = await crypto.importKey("P-256", new Uint8Array(32).fill(2));
  const agreement = await crypto.importKey("X25519", new Uint8Array(32).fill(3));
  const { publicKey } = key;
  const symmetric = new Uint8Array(16).fill(4);
  const baseIv = new Uint8Array(13).fill(5);
  const label = new Uint8Array(16).fill(6);
  const payload = encode(new Map<CborValue, CborValue>([[1, "payload"]]));
  const list = StatusList.empty(2, 100);
  list.set(7, 2);

  const signed = await sign1(crypto, key, { payload, unprotected: new Map<number, CborValue>([[4, label]]) });
  const sealed = encrypt0(crypto, { algorithm: 30, key: symmetric, baseIv, partialIv: 300 }, payload);
  const maced = mac0(crypto, { algorithm: 5, key: symmetric, payload, tagged: true });
  const claims = new Map<number, CborValue>([
    [CLAIM.iss, "authority"],
    [CLAIM.aud, ["a", "b"]],
    [CLAIM.exp, 2_000_000_000],
    [CLAIM.cnf, cnfOf({ curve: "Ed25519", publicKey })],
    [CLAIM.scope, "ecg:read"],
  ]);
  const token = await signCwt(crypto, key, { typ: TYP.programmerCredential, kid: label, claims });
  const wrapped = encode(
    await wrapKey(crypto, { curve: "X25519", publicKey: agreement.publicKey, kid: label }, symmetric),
  );
  const label_1 = encode([1, agreement.publicKey]);
  const keys = [
    { kind: "public", name: "Ed25519", key: { curve: "Ed25519", publicKey } },
    { kind: "symmetric", name: "symmetric", k: symmetric, algorithm: undefined },
  ] as const;

  return [
    {
      name: "cose: COSE_Key",
      seeds: [
        encode(toCoseKey({ curve: "Ed25519", publicKey, kid: label, algorithm: -8 }) as CborValue),
        encode(toCoseKey({ curve: "P-256", publicKey: p256.publicKey }) as CborValue),
      ],
      weight: 5,
      run(input) {
        const found = fromCoseKey(crypto, decode(input, { deterministic: false }));
        const again = fromCoseKey(crypto, toCoseKey(found) as CborValue);
        must(toHex(thumbprint(crypto, again)) === toHex(thumbprint(crypto, found)), "another thumbprint");
        return found.curve;
      },
    },
    {
      name: "cose: COSE_Sign1",
      seeds: [signed, token],
      weight: 20,
      run(input) {
        const message = parseSign1Unverified(input, { understood: [16] });
        verifySign1(crypto, input, { key, algorithms: ["EdDSA"], understood: [16] });
        const original = toHex(message.payload ?? label) === toHex(payload);
        must(original || message.protected.get(16) === TYP.programmerCredential, "a forged signature");
        return "verified";
      },
    },
    {
      name: "cose: COSE_Encrypt0",
      seeds: [sealed],
      weight: 4,
      run(input) {
        partialIvOf(input);
        const { plaintext, partialIv } = decrypt0(
          crypto,
          { algorithms: [10, 30], key: symmetric, baseIv },
          input,
        );
        must(toHex(plaintext) === toHex(payload) && partialIv === 300, "forged");
        return "decrypted";
      },
    },
    {
      name: "cose: COSE_Mac0",
      seeds: [maced],
      weight: 4,
      run(input) {
        const found = verifyMac0(crypto, input, { algorithms: [4, 5], key: symmetric });
        must(toHex(found.payload) === toHex(payload), "forged");
        return "verified";
      },
    },
    {
      name: "cwt: tokens",
      seeds: [token],
      weight: 20,
      run(input) {
        const found = parseCwtUnverified(input, { tags: true });
        if (found.claims.has(CLAIM.cnf)) confirmedKey(crypto, found.claims);
        const time = { floor: 0, now: 1_900_000_000 };
        const options = {
          typ: TYP.programmerCredential,
          key,
          algorithms: ["EdDSA"] as const,
          time,
          tags: true,
        };
        verifyCwt(crypto, input, options);
        must(found.claims.get(CLAIM.iss) === "authority", "a forged token");
        return "verified";
      },
    },
    {
      name: "cwt: status lists",
      seeds: [
        encode(encodeStatusList(list, nodeZlib)),
        encode(encodeStatusList(StatusList.empty(8, 3), nodeZlib)),
      ],
      weight: 10,
      run(input) {
        const found = decodeStatusList(decode(input), nodeZlib, 4096);
        must(found.bytes.length <= 4096, "inflated beyond the limit");
        if (found.size > 0) found.get(found.size - 1);
        return `${found.bits} bits`;
      },
    },
    {
      name: "cose: ECDH-ES + A128KW recipients",
      seeds: [wrapped],
      weight: 100,
      async run(input) {
        const content = await unwrapKey(crypto, decode(input), agreement);
        must(toHex(content) === toHex(symmetric), "forged");
        return "unwrapped";
      },
    },
    {
      name: "session: label_1, label_2, label_3",
      seeds: [label_1, encode([publicKey, label]), encode([label])],
      weight: 300,
      async run(input) {
        const device = await LabelInitiatorWaitLabel2.start(crypto, label);
        const outcomes: string[] = [];
        let refused: unknown;
        for (const attempt of [
          () => LabelResponderWaitLabel3.answer(crypto, label, input).then(() => "answered"),
          () => device.receive(input).then(() => must(false, "label_2 without the label")),
        ]) {
          await attempt().then(
            (word) => outcomes.push(`${word}`),
            (error) => {
              if ((error as Error).name !== "VagusError") throw error;
              refused ??= error;
            },
          );
        }
        device.close();
        if (outcomes.length === 0) throw refused;
        return outcomes.join();
      },
    },
    {
      name: "edhoc: message_1",
      seeds: [
        Uint8Array.from([0, 1, 0x58, 32, ...agreement.publicKey, 0x0e]),
        Uint8Array.from([3, 0x82, 6, 2, 0x58, 32, ...p256.publicKey.slice(1, 33), 0x37, 1, 0x41, 0]),
      ],
      weight: 20,
      run(input) {
        const options = {
          methods: [0, 1, 2, 3],
          suites: [0, 1, 2, 3],
          understood: [1],
          fetchCredential: () => {
            throw new Error("nothing is fetched for message_1");
          },
        } as const;
        const { method, c_i } = EdhocResponderReceivedM1.receive(crypto, options, input);
        return `method ${method} ${Math.min(c_i.length, 2)}`;
      },
    },
    {
      name: "inspect with keys",
      seeds: [signed, sealed, maced, token, wrapped],
      weight: 40,
      run(input) {
        const { verified, checks, kind, problems } = inspect(input, { crypto, keys, baseIv, samples: true });
        must(verified !== null, "no verdict");
        const inner = checks.some((check) => check.verified === true) && problems.length === 0;
        return `${kind} ${checks.map((check) => check.code ?? check.verified).join()} ${inner}`;
      },
    },
  ];
}
