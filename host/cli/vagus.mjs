#!/usr/bin/env node
// The command line: bundles host/cli/main.ts when its sources are newer than the bundle, and runs it.
import { ensurePackages } from "../../sim/build/ensure.mjs";

await ensurePackages();
const { bundleCommandLine } = await import("../../sim/build/programs.mjs");
await import(await bundleCommandLine());
