/** Who comes to the device: two programmers, each with a key, rights, and a memory of its own. */
import { Programmer } from "../../host/programmer/programmer.js";
import { type Credential, SCOPE, Trust, verifyCredential } from "../../modules/credential/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../../modules/crypto/port.js";
import type { VagusError } from "../../modules/error/index.js";
import type { AcceptedToken, DeviceVerifier } from "../../modules/reading/index.js";
import { type Clinic, DAY, MADE_AT } from "../modules/device/clinic.js";
import type { Air } from "./air.js";
import type { Name } from "./ledger.js";

export interface Person {
  readonly name: string;
  readonly credential: Credential;
  readonly key: PrivateKey<SigningCurve>;
  /** It may release, and what it has received is what counts. */
  readonly accounts: boolean;
  verifier: DeviceVerifier | undefined;
  received: number;
  /** By stream, the newest token that it has verified. */
  readonly last: Map<number, Name & { readonly hash: Uint8Array }>;
}

/** The one may do everything; the other reads and paces, and neither releases nor reads the log. */
export async function people(crypto: Crypto, clinic: Clinic): Promise<Person[]> {
  const second = await crypto.importKey("Ed25519", new Uint8Array(32).fill(0x77));
  const rights: [string, PrivateKey<SigningCurve>, string[]][] = [
    ["alice", clinic.key, Object.values(SCOPE)],
    ["bob", second, [SCOPE.ecgRead, SCOPE.pacingRead, SCOPE.pacingWrite]],
  ];
  return Promise.all(
    rights.map(async ([name, key, scope]) => {
      const token = await clinic.issue({ holder: key, scope, expires: MADE_AT + 400 * DAY });
      const options = { kind: "programmer", anchor: clinic.anchor, time: { floor: MADE_AT } } as const;
      const credential = verifyCredential(crypto, token, options);
      const accounts = scope.includes(SCOPE.journalRelease);
      return { name, credential, key, accounts, verifier: undefined, received: 0, last: new Map() };
    }),
  );
}

export function trustOf(crypto: Crypto, clinic: Clinic): Trust {
  const time = () => ({ floor: MADE_AT });
  return new Trust(crypto, { anchor: clinic.anchor, kinds: ["device"], time });
}

/** @param refused is told of telemetry that does not verify @throws VagusError as `Programmer.connect` */
export async function sessionOf(
  person: Person,
  options: {
    readonly crypto: Crypto;
    readonly air: Air;
    readonly trust: Trust;
    readonly now: () => number;
    readonly token: (token: AcceptedToken) => void;
    readonly refused: (error: VagusError) => void;
  },
): Promise<Programmer> {
  const { crypto, air, trust, now, token, refused } = options;
  const { credential, key, verifier } = person;
  const programmer = await Programmer.connect({
    ...{ crypto, credential, key, trust, now },
    link: air.central(),
    ...(verifier && { verifier: () => verifier }),
    observe: (event) => {
      if (event.kind === "token") token(event.token);
      if (event.kind === "refused") refused(event.error);
    },
  });
  person.verifier ??= programmer.verifier;
  return programmer;
}
