/**
 * Property tests take the same cases on every run, so that a failure is a change's and not the day's. FUZZ_SEED gives
 * other ones; `npm run fuzz` looks for new ones for as long as one likes.
 */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 20_261_122) });
