/**
 * A verifier accepts one `typ` a call site, and looks at it before any claim (DESIGN section 4, RFC 9596). Each token
 * here is right in all but that: the same claims, the same signer.
 */
import { type CborValue, encode } from "../../../modules/cbor/index.js";
import { CRV, HEADER, sign1 } from "../../../modules/cose/index.js";
import { verifyRequest } from "../../../modules/credential/index.js";
import { parseCwtUnverified, signCwt, TYP, type Typ } from "../../../modules/cwt/index.js";
import { kcwtIdCred } from "../../../modules/edhoc/index.js";
import { deep, rejects, same } from "../../support/assert.js";
import { ScriptedProgrammer } from "./bench.js";
import { Clinic, MADE_AT } from "./clinic.js";
import { crypto, held, type InSession, inSession, refused } from "./in-session.js";
import { labelled } from "./labelled.js";

const MANAGE = ["ecg:read", "device:manage"];
const KINDS = Object.entries(TYP);

/** The token with another `typ`, signed by the same key. */
function retyped(token: Uint8Array, clinic: Clinic, typ: Typ): Promise<Uint8Array> {
  const { claims } = parseCwtUnverified(token);
  return signCwt(crypto, clinic.authority, { typ, kid: clinic.anchor.kid, claims });
}

/** The token without a `typ`, or with one that is not protected. */
async function untyped(
  token: Uint8Array,
  clinic: Clinic,
  where: "none" | "unprotected",
): Promise<Uint8Array> {
  const { claims, typ } = parseCwtUnverified(token);
  const header = new Map<number, CborValue>([[HEADER.kid, clinic.anchor.kid]]);
  const unprotected = new Map<number, CborValue>(where === "none" ? [] : [[HEADER.typ, typ as CborValue]]);
  return sign1(crypto, clinic.authority, {
    protected: header,
    unprotected,
    payload: encode(claims as never),
  });
}

interface Site {
  readonly typ: Typ;
  /** Where the token is offered. */
  readonly given: InSession;
  readonly command: Parameters<ScriptedProgrammer["command"]>[0];
  readonly token: Uint8Array;
  readonly parameters: (token: Uint8Array) => CborValue;
  /** Who signs the token. */
  readonly signer: Clinic;
}

const alone = (token: Uint8Array): CborValue => token;

async function fresh(): Promise<InSession> {
  const given = await inSession(MANAGE);
  same(await given.programmer.refresh(), 0);
  return given;
}

const nonceOf = async ({ programmer }: InSession) =>
  (await programmer.command("challenge", null)).result as Uint8Array;
const own = ({ bench }: InSession) => bench.device.holder.own!.credential.key;

const SITES: [string, () => Promise<Site>][] = [
  [
    "list",
    async () => {
      const given = await inSession(MANAGE);
      const token = await given.clinic.list(1, [new Uint8Array(8)]);
      return {
        typ: TYP.revocationList,
        given,
        command: "list",
        token,
        parameters: alone,
        signer: given.clinic,
      };
    },
  ],
  [
    "freshness",
    async () => {
      const given = await inSession(MANAGE);
      const token = await given.clinic.freshness(await nonceOf(given));
      return {
        typ: TYP.freshness,
        given,
        command: "freshness",
        token,
        parameters: alone,
        signer: given.clinic,
      };
    },
  ],
  [
    "time",
    async () => {
      const given = await inSession(MANAGE);
      const token = await given.clinic.timeReset(await nonceOf(given), MADE_AT - 5);
      return { typ: TYP.timeReset, given, command: "time", token, parameters: alone, signer: given.clinic };
    },
  ],
  [
    "rotate",
    async () => {
      const given = await fresh();
      const token = await given.clinic.issueDevice(own(given));
      return {
        typ: TYP.deviceCredential,
        given,
        command: "rotate",
        token,
        parameters: alone,
        signer: given.clinic,
      };
    },
  ],
  [
    "anchor, the rotation",
    async () => {
      const given = await fresh();
      const next = await Clinic.open(crypto, 0x40);
      const credential = await next.issueDevice(own(given));
      const token = await given.clinic.handOver(next.anchor, MADE_AT + 1);
      const parameters = (rotation: Uint8Array) => [rotation, credential];
      return { typ: TYP.anchorRotation, given, command: "anchor", token, parameters, signer: given.clinic };
    },
  ],
  [
    "anchor, the credential",
    async () => {
      const given = await fresh();
      const next = await Clinic.open(crypto, 0x40);
      const rotation = await given.clinic.handOver(next.anchor, MADE_AT + 1);
      const token = await next.issueDevice(own(given));
      const parameters = (credential: Uint8Array) => [rotation, credential];
      return { typ: TYP.deviceCredential, given, command: "anchor", token, parameters, signer: next };
    },
  ],
  [
    "provision",
    async () => {
      const { bench, programmer, key } = await labelled();
      const clinic = await Clinic.open(crypto);
      const parameters = (credential: Uint8Array) => [credential, clinic.anchorKey];
      const token = await clinic.issueDevice(key);
      const given = { bench, programmer, clinic };
      return { typ: TYP.deviceCredential, given, command: "provision", token, parameters, signer: clinic };
    },
  ],
];

describe("One kind of token offered as another: cwt/typ, and nothing is changed (DESIGN section 4)", () => {
  for (const [name, make] of SITES) {
    it(`${name}: all ${KINDS.length - 1} other kinds, none, and one unprotected; the right one is taken`, async () => {
      const { typ, given, command, token, parameters, signer } = await make();
      let tried = 0;
      for (const [, other] of KINDS) {
        if (other === typ) continue;
        await refused(given, "cwt/typ", command, parameters(await retyped(token, signer, other)));
        tried++;
      }
      for (const where of ["none", "unprotected"] as const)
        await refused(given, "cwt/typ", command, parameters(await untyped(token, signer, where)));
      same(tried, KINDS.length - 1);
      same(await given.programmer.code(command, parameters(await retyped(token, signer, typ))), undefined);
    });
  }

  it("message_2's credential: all kinds but a programmer's", async () => {
    const { bench, clinic } = await inSession(MANAGE);
    bench.peripheral.lose();
    const before = held(bench);
    for (const [name, typ] of KINDS) {
      bench.device.openWindow();
      const cred = await retyped(clinic.credential.token, clinic, typ);
      const programmer = new ScriptedProgrammer(bench);
      await programmer.authenticate({ cred, id_cred: kcwtIdCred(cred) }).catch(() => undefined);
      same(programmer.session !== undefined, typ === TYP.programmerCredential, name);
      bench.peripheral.lose();
    }
    deep(bench.refusals(), new Array(KINDS.length - 1).fill("cwt/typ"));
    deep(held(bench), before);
  });

  it("a device's request: all other kinds", async () => {
    const { programmer } = await labelled();
    const { result } = await programmer.command("identify", CRV.Ed25519);
    const key = await crypto.generate("Ed25519");
    const { claims } = parseCwtUnverified(result as Uint8Array);
    for (const [, typ] of KINDS) {
      if (typ === TYP.request) continue;
      const token = await signCwt(crypto, key, { typ, kid: new Uint8Array(8), claims });
      await rejects("cwt/typ", async () => verifyRequest(crypto, token));
    }
  });
});
