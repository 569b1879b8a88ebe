/** What a verifier has accepted: each kind of token with what it claims. */
import type { InForce, Marker, PacingParameters } from "../cardiac/index.js";
import type { VerificationKey } from "../cose/index.js";
import type { Cti, HeaderClaim, STREAM, Uncertainty } from "./claims.js";
import type { Boot, Gap, Tip } from "./declarations.js";
import type { Hole } from "./holes.js";
import type { DeviceState } from "./state.js";

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
/** From `firstSample` to before `nextSample`, in steps of the format's rate. */
interface Span {
  readonly firstSample: number;
  readonly nextSample: number;
}
export interface EcgContent extends Span {
  readonly stream: typeof STREAM.ecg;
  readonly channels: readonly Int16Array[];
}
/** Milliseconds of the implant's clock: sample i of the ECG belongs to i * 1000 / rateHz of it. */
export interface MarkerContent extends Span {
  readonly stream: typeof STREAM.pacing;
  readonly markers: readonly Marker[];
  /** What came into force, and what was said again that is in force: at the start, and each minute. */
  readonly inForce: readonly InForce[];
  /** The last of them, where there was one. */
  readonly parameters: PacingParameters | undefined;
}
/** Milliseconds of the device's uptime; the state is that at the end. */
export interface StateContent extends Span {
  readonly stream: typeof STREAM.state;
  readonly state: DeviceState;
}

interface OfReading extends Accepted {
  readonly kind: "reading";
}
export interface AcceptedEcg extends OfReading, EcgContent {}
export interface AcceptedMarkers extends OfReading, MarkerContent {}
export interface AcceptedState extends OfReading, StateContent {}
export type AcceptedReading = AcceptedEcg | AcceptedMarkers | AcceptedState;

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
/** The device says how far the stream has come. */
export interface AcceptedTip extends Accepted, Tip {
  readonly kind: "tip";
  /** What it has, or had, and what has not come as yet. */
  readonly awaited: Hole | undefined;
}
export type AcceptedToken =
  | AcceptedHeader
  | AcceptedReading
  | AcceptedHead
  | AcceptedGap
  | AcceptedBoot
  | AcceptedTip;
