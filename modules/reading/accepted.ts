/** What a verifier has accepted: each kind of token with what it claims. */
import type { VerificationKey } from "../cose/index.js";
import type { Cti, HeaderClaim, STREAM, Uncertainty } from "./claims.js";
import type { Boot, Gap } from "./declarations.js";
import type { Hole } from "./holes.js";

/** The device whose stream it is: its public key and the name that tokens give it. */
export interface DeviceKey extends VerificationKey {
  readonly kid: Uint8Array;
}

export interface Accepted {
  readonly token: Uint8Array;
  readonly cti: Cti;
  readonly iat: number;
  readonly uncertainty: Uncertainty;
}
export interface AcceptedHeader extends Accepted {
  readonly kind: "header";
  readonly format: HeaderClaim;
  /** What is missing between the token before and this one, and was not declared to be gone. */
  readonly hole: Hole | undefined;
}
export interface AcceptedReading extends Accepted {
  readonly kind: "reading";
  readonly stream: typeof STREAM.ecg;
  readonly firstSample: number;
  readonly channels: readonly Int16Array[];
}
export interface AcceptedHead extends Accepted {
  readonly kind: "head";
  readonly nextSample: number;
}
/** The device says that it no longer has these tokens. */
export interface AcceptedGap extends Accepted, Gap {
  readonly kind: "gap";
  /** What is missing before them, and is not among them. */
  readonly hole: Hole | undefined;
}
/** The device says where an earlier boot ended. Its tokens may still come. */
export interface AcceptedBoot extends Accepted, Boot {
  readonly kind: "boot";
  /** What that boot had written down and has not come as yet. */
  readonly hole: Hole | undefined;
}
export type AcceptedToken = AcceptedHeader | AcceptedReading | AcceptedHead | AcceptedGap | AcceptedBoot;
