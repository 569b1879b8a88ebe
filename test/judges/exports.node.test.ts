/**
 * Our EDF+ and WFDB files as others read them: libbiosig (Debian's biosig-tools, of which CI installs it) both, MNE-Python
 * (Debian's python3-mne) EDF+ with its annotations.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeEdf } from "../../host/export/edf.js";
import type { Recorded } from "../../host/export/survey.js";
import { writeWfdb } from "../../host/export/wfdb.js";
import { concat } from "../../modules/bytes/index.js";
import { allSamples, recorded, STARTED_AT, WITH_ALL } from "../host/export/recorded.js";
import { deep, ok, same } from "../support/assert.js";
import { skip } from "../support/engine/types.js";
import { has, hasMne, python } from "./python.js";

const biosig = has("save2gdf") ? it : skip("biosig-tools is not installed");
const mne = hasMne() ? it : skip("python3-mne is not installed");

/** Each channel's values, in its own unit, as save2gdf writes them as text: a file a channel. */
function byBiosig(path: string, channels: number): number[][] {
  const out = `${path}.txt`;
  execFileSync("save2gdf", ["-f=ASCII", path, out], { stdio: "ignore" });
  return Array.from({ length: channels }, (_, channel) =>
    readFileSync(`${path}.a0${channel + 1}`, "utf8")
      .trim()
      .split(/\s+/)
      .map(Number),
  );
}

const READ_EDF = `
import json, sys, mne
mne.set_log_level("ERROR")
raw = mne.io.read_raw_edf(sys.argv[1], preload=True)
print(json.dumps({
  "rate": raw.info["sfreq"], "channels": raw.ch_names, "start": raw.info["meas_date"].timestamp(),
  "data": (raw.get_data() * 1e6).tolist(),
  "annotations": [[a["onset"], a["duration"], a["description"]] for a in raw.annotations],
}))`;

interface ReadEdf {
  readonly rate: number;
  readonly channels: readonly string[];
  readonly start: number;
  readonly data: readonly (readonly number[])[];
  readonly annotations: readonly (readonly [number, number, string])[];
}

/** In the unit of `step` nanovolts a step, to a hundredth of a step. */
function sameValues(values: readonly number[], samples: Int16Array, step: number): void {
  same(values.length, samples.length);
  for (const [at, value] of values.entries())
    ok(Math.abs(value / step - samples[at]!) < 0.01, `sample ${at}: ${value / step}, wanted ${samples[at]}`);
}

describe("judges: what was exported, read by others", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "vagus-judges-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const edf = (name: string, from: Recorded) => {
    const path = join(folder, `${name}.edf`);
    writeFileSync(path, concat(...writeEdf(from)));
    return path;
  };
  const wfdb = (name: string, from: Recorded) => {
    const record = writeWfdb(from, name);
    writeFileSync(join(folder, `${name}.dat`), concat(...record.dat()));
    writeFileSync(join(folder, `${name}.hea`), record.hea());
    writeFileSync(join(folder, `${name}.atr`), record.atr());
    return join(folder, `${name}.hea`);
  };

  for (const [name, nanovoltsPerStep] of [
    ["five", 5000],
    ["odd", 488],
  ] as const) {
    const from = recorded({ nanovoltsPerStep, rateHz: 250, runs: [[0, 20]] });

    biosig(`libbiosig reads EDF+, ${nanovoltsPerStep} nV a step: every sample, in microvolts`, () => {
      const read = byBiosig(edf(`b${name}`, from), 2);
      // its text has seven digits
      for (const channel of [0, 1])
        sameValues(read[channel]!, allSamples(from, channel), nanovoltsPerStep / 1e3);
    });

    // One lead: of several in one file of format 16, libbiosig 2.5.0 takes every third value (of format 212 it does not).
    biosig(`libbiosig reads WFDB, ${nanovoltsPerStep} nV a step: every sample, in millivolts`, () => {
      const one = recorded({ nanovoltsPerStep, rateHz: 250, runs: [[0, 20]], channels: ["II"] });
      const [read] = byBiosig(wfdb(`w${name}`, one), 1);
      sameValues(read!, allSamples(one, 0), nanovoltsPerStep / 1e6);
    });

    mne(`MNE reads EDF+, ${nanovoltsPerStep} nV a step: rate, names, start and every sample`, function () {
      this.timeout(60_000);
      const read = python(READ_EDF, edf(`m${name}`, from)) as ReadEdf;
      deep([read.rate, read.channels, read.start], [250, ["ECG I", "ECG II"], STARTED_AT]);
      for (const channel of [0, 1])
        sameValues(read.data[channel]!, allSamples(from, channel), nanovoltsPerStep / 1e3);
    });
  }

  mne("MNE reads our annotations: markers and breaks, to the sample", function () {
    this.timeout(60_000);
    const whole = recorded({ ...WITH_ALL, runs: [[0, 20]] });
    const { annotations } = python(READ_EDF, edf("marked", whole)) as ReadEdf;
    deep(annotations, [
      [0.041, 0, "AP"],
      [0.16, 0, "VP"],
      [0.48, 0, "(AS)"],
      [1.996, 0, "VS"],
      [3.6, 0, "PVC"],
      [6.196, 0, "AT"],
    ]);
  });
});
