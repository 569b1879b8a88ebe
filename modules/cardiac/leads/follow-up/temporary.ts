/** The parameters of a test: nominal, but for what it needs and what the patient has; always allowed together. */
import { type Chamber, NOMINAL, type PacingParameters } from "../../pacer/index.js";

/** Fast enough to be above most people's own rate at rest, so that pulses come. */
const OVERDRIVE_PPM = 90;
/** Slow enough that most people's own beats come. */
const UNDERDRIVE_PPM = 40;

function base(chamber: Chamber, own: PacingParameters): PacingParameters {
  const {
    atrialAmplitudeMv,
    atrialWidthUs,
    atrialSensitivityUv,
    ventricularAmplitudeMv,
    ventricularWidthUs,
    ventricularSensitivityUv,
  } = own;
  return {
    ...NOMINAL,
    mode: chamber === "atrium" ? "DDD" : "VVI",
    atrialAmplitudeMv: atrialAmplitudeMv || NOMINAL.atrialAmplitudeMv,
    atrialWidthUs,
    atrialSensitivityUv,
    ventricularAmplitudeMv: ventricularAmplitudeMv || NOMINAL.ventricularAmplitudeMv,
    ventricularWidthUs,
    ventricularSensitivityUv,
  };
}

/** To see pulses of this chamber. The atrium is tested in DDD, so that the ventricle is safe in AV block. */
export function overdriven(chamber: Chamber, own: PacingParameters): PacingParameters {
  return {
    ...base(chamber, own),
    lowerRateLimitPpm: Math.max(OVERDRIVE_PPM, Math.min(own.lowerRateLimitPpm, 120)),
  };
}

/** To see this chamber's own beats. */
export function underdriven(chamber: Chamber, own: PacingParameters): PacingParameters {
  return { ...base(chamber, own), lowerRateLimitPpm: Math.min(own.lowerRateLimitPpm, UNDERDRIVE_PPM) };
}

export function withAmplitude(
  parameters: PacingParameters,
  chamber: Chamber,
  amplitudeMv: number,
): PacingParameters {
  return chamber === "atrium"
    ? { ...parameters, atrialAmplitudeMv: amplitudeMv }
    : { ...parameters, ventricularAmplitudeMv: amplitudeMv };
}

export function amplitudeOf(parameters: PacingParameters, chamber: Chamber): number {
  return chamber === "atrium" ? parameters.atrialAmplitudeMv : parameters.ventricularAmplitudeMv;
}
