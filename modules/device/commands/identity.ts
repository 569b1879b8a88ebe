/** Commands about who the device is: its key, its credential, its Authority, and its end. */
import type { CborValue } from "../../cbor/index.js";
import { CRV } from "../../cose/index.js";
import { SCOPE } from "../../credential/index.js";
import type { SigningCurve } from "../../crypto/port.js";
import { VagusError } from "../../error/index.js";
import { PROVISION } from "../rights.js";
import type { CommandSession, Handlers, StreamTarget } from "./handler.js";
import { bytes, PARAMETER, two, uint } from "./parameters.js";

const MANAGE = [SCOPE.deviceManage];

export const IDENTITY: Handlers<"identify" | "provision" | "list" | "rotate" | "anchor" | "revoke"> = {
  identify: {
    needs: [PROVISION, SCOPE.deviceManage],
    // the label vouches for what comes in its session, elsewhere the key that the device has
    run: (parameters, { holder }, { rights }) => holder.request(curve(parameters), rights.peer !== undefined),
  },
  provision: {
    needs: [PROVISION],
    run: (parameters, target) => {
      const [credential, anchor] = two(parameters, "credential", "anchor");
      const take = () => {
        target.holder.provision(credential, anchor);
        return null;
      };
      const { streams } = target;
      return streams.running() ? streams.finish(() => true).then(take) : take(); // signed by the key before
    },
  },
  list: {
    needs: [],
    run: (parameters, { holder }, session) =>
      holder.takeList(bytes(parameters, "token")).then((farewell) => ended(session, farewell)),
  },
  rotate: {
    needs: MANAGE,
    run: (parameters, target) => {
      checkIdle(target.streams);
      target.holder.rotate(bytes(parameters, "credential"));
      return null;
    },
  },
  anchor: {
    needs: MANAGE,
    run: (parameters, target, session) => {
      checkIdle(target.streams);
      const [rotation, credential] = two(parameters, "token", "credential");
      target.holder.rotateAnchor(rotation, credential);
      session.end(); // its rights were the old Authority's
      return null;
    },
  },
  revoke: {
    needs: MANAGE,
    run: (_, { holder }, session) => holder.revoke().then((farewell) => ended(session, farewell)),
  },
};

/** A device that has just revoked itself says so, and that is the last of the session. */
function ended(session: CommandSession, farewell: Uint8Array | undefined): CborValue {
  if (farewell !== undefined) session.end();
  return farewell ?? null;
}

/** A stream is signed by one key from its header to its head. */
function checkIdle(streams: StreamTarget): void {
  if (streams.running())
    throw new VagusError("device/busy", "expected no stream to be running, came a change of credential");
}

const CURVES: readonly SigningCurve[] = ["Ed25519", "P-256"];

function curve(parameters: CborValue): SigningCurve | undefined {
  if (parameters === null) return undefined;
  const crv = uint(parameters, "curve");
  const found = CURVES.find((name) => CRV[name] === crv);
  if (found !== undefined) return found;
  throw new VagusError(
    PARAMETER,
    `expected curve ${CURVES.map((name) => CRV[name]).join(" or ")}, came ${crv}`,
  );
}
