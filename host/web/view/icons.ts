/** The few pictures there are: drawn in the ink of their surroundings. */
import { svg, type TemplateResult } from "lit";

const PATHS = {
  pulse: "M2 13h5l2-6 4 12 3-9 1.5 3H22",
  alert: "M12 3 2 21h20L12 3Zm0 6v6m0 2.5v.5",
  freeze: "M8 5v14M16 5v14",
  play: "M7 4v16l13-8L7 4Z",
  calipers: "M6 3v18M18 3v18M6 12h12m-3-3 3 3-3 3M9 9l-3 3 3 3",
  back: "M15 5l-7 7 7 7",
  on: "M9 5l7 7-7 7",
  check: "M4 12.5 10 18 20 6",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5 11h14v10H5V11Z",
} as const;
export type IconName = keyof typeof PATHS;

export function icon(name: IconName): TemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" width="1em" height="1em" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${PATHS[name]} /></svg>` as TemplateResult;
}
