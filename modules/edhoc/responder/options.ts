import type { FetchCredential, PeerCredential } from "../credentials.js";
import type { Method, SuiteNumber } from "../suites.js";

/** What the Responder accepts, and whom it believes. */
export interface ResponderOptions<P extends PeerCredential> {
  readonly methods: readonly Method[];
  readonly suites: readonly SuiteNumber[];
  /** Labels of EAD items that the application handles. */
  readonly understood?: readonly number[];
  readonly fetchCredential: FetchCredential<P>;
}
