import { parseArgs } from "node:util";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { VagusError } from "../../modules/error/index.js";
import { WatchTally } from "../watch/tally.js";
import { duration, foreignInWords, told } from "../watch/view.js";
import { openMonitoring, STORE_HELP, STORE_OPTIONS, streamName } from "./monitoring.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { LINK_HELP, LINK_OPTIONS } from "./radios.js";
import { count, JSON_HELP, JSON_OPTION, report } from "./report.js";
import { inWords, SESSION_OPTIONS, sessionHelp } from "./session.js";
import { nothing, number } from "./usage.js";

export const summary = "fetches and stores what a device has kept, up to now, and ends";

export const help = `vagus fetch: what a device has kept since the last token that is stored here, verified

usage: vagus fetch --programmer FOLDER (--device FOLDER | --port P) [options]

${sessionHelp("ecg:read or pacing:read")}
${LINK_HELP}
${STORE_HELP}
  --minutes N           gives up after so long (default 10); what has come by then is stored
${PASSPHRASE_HELP}
${JSON_HELP}

It starts no recording and ends none, survives lost links, and the device keeps all of it: vagus release gives it up.

exit codes: 0 all is here; 1 not all of it, or it could not go on; 2 wrong usage
`;

const LOOK_MS = 100;
/** So long without anything that can be verified, while other tokens come. */
const STRANGE_MS = 5000;
const SAY_MS = 2000;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      minutes: { type: "string", default: "10" },
      ...SESSION_OPTIONS,
      ...LINK_OPTIONS,
      ...STORE_OPTIONS,
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  nothing(positionals);
  const minutes = number("minutes", values.minutes, 0.01, 1e5);
  const tally = new WatchTally();
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const { monitor, streams, folder, close } = await openMonitoring(createPortableCrypto(), values, {
    observe: (event) => {
      tally.event(event);
      const text = event.kind === "link" && event.event.kind !== "lost" ? undefined : told(event);
      if (text !== undefined) say(text);
    },
    torn: (path, bytes) => say(`${path}: ${bytes} bytes behind the last whole token were cut off`),
    unsigned: (error) => say(`warning: no receipt could be kept: ${(error as Error).message}`),
  });
  let all = false;
  let said = performance.now();
  const begun = performance.now();
  let [verified, verifiedAt] = [0, begun];
  /** Nothing has come for a while that can be verified here. */
  const strange = (now: number) => {
    if (monitor.figures.verified !== verified) [verified, verifiedAt] = [monitor.figures.verified, now];
    return monitor.foreign > 0 && now - verifiedAt > STRANGE_MS;
  };
  const look = setInterval(() => {
    all = streams.every((stream) => monitor.caughtUp(stream));
    const now = performance.now();
    if (all || strange(now) || now - begun > minutes * 60_000) monitor.stop();
    else if (now - said > SAY_MS && tally.readings > 0) {
      said = now;
      const state = monitor.staleness(streams[0] as number);
      const behind =
        state.kind === "backfilling" && state.behindS !== undefined
          ? `, ${duration(state.behindS)} to go`
          : "";
      say(`${count(tally.readings, "reading")}${behind}`);
    }
  }, LOOK_MS);
  try {
    await monitor.run();
  } catch (error) {
    throw inWords(values.programmer, error);
  } finally {
    clearInterval(look);
    await close();
  }
  const path = folder()?.path;
  if (path === undefined)
    throw new VagusError("host/link", "expected a session with a device, came none in time");
  const { readings, seconds, gaps, holes, lostLinks } = tally;
  const device = monitor.device?.subject ?? null;
  const names = streams.map(streamName);
  const { foreign } = monitor;
  const complete = all && foreign === 0;
  report(values.json, {
    result: {
      device,
      streams: names,
      complete,
      readings,
      seconds,
      gaps,
      holes,
      foreign,
      lostLinks,
      store: path,
    },
    did: [
      `${count(readings, "new reading")} of ${names.join(", ")} verified and stored in ${path}${seconds > 0 ? `: ${duration(seconds)} of ECG` : ""}`,
      ...(gaps > 0
        ? [`${count(gaps, "gap")} declared: the device had to give something up before it was fetched`]
        : []),
      ...(holes > 0
        ? [`warning: something is missing in ${count(holes, "place")}, and was not declared`]
        : []),
      ...(foreign > 0
        ? [`warning: ${foreignInWords(foreign)}`]
        : all
          ? []
          : ["warning: not all of it came in time"]),
    ],
    next: [
      `vagus release --store ${values.store} --programmer ${values.programmer} … lets the device forget it`,
    ],
  });
  return complete ? 0 : 1;
}
