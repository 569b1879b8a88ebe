import { parseArgs } from "node:util";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { systemClock } from "../link/radio.js";
import { terminalStyle } from "../trace/index.js";
import { JsonView, PlainView } from "../watch/lines.js";
import { PictureView } from "../watch/picture.js";
import { WatchTally } from "../watch/tally.js";
import { foreignInWords, type WatchView } from "../watch/view.js";
import { type Monitoring, openMonitoring, STORE_HELP, STORE_OPTIONS, streamName } from "./monitoring.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { LINK_HELP, LINK_OPTIONS, PAIR_HELP, PAIR_OPTION } from "./radios.js";
import { inWords as refusalInWords, SESSION_OPTIONS, sessionHelp } from "./session.js";
import { nothing, number } from "./usage.js";

export const summary =
  "shows and stores what a device measures; survives lost links, and picks up where it left off";

export const help = `vagus watch: a device's readings, verified, drawn and stored as they come

usage: vagus watch --programmer FOLDER (--device FOLDER | --port P) [options]

${sessionHelp("ecg:read or pacing:read")}
${LINK_HELP}
${PAIR_HELP}
${STORE_HELP}
  --reading-ms N        what the device puts into one reading where it has to be told to record, 250 to 4000 (default 1000)
  --no-record           watches what is recorded, and starts nothing
  --seconds N           ends after so long (default: goes on until Ctrl-C or q)
  --stop                ends the recording with the watch; otherwise the device goes on, and the next watch has it all
  --ascii               draws without braille, as in a locale that is not UTF-8
${PASSPHRASE_HELP}
  --json                each event as a line of JSON, and at the end a summary

What was missed comes first: all that the device has kept since the last token that is stored, or everything where nothing
is. What is shown says how old it is: live, backfilling (older, and how far behind), stale (nothing newer has come since), or
gone (no link for a minute). A link that is lost is made again, with waits of up to half a minute; r tries at once.
The programmer signs for what was received every five minutes and at the end (receipts.cborseq); the newest status list that
it has seen is kept beside it.

exit codes: 0 something came, and all that was stored is verified; 1 nothing came, or it could not go on; 2 wrong usage
Vagus is not a medical device.
`;

const INTERRUPTS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      "reading-ms": { type: "string", default: "1000" },
      "no-record": { type: "boolean", default: false },
      seconds: { type: "string" },
      stop: { type: "boolean", default: false },
      ascii: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      ...SESSION_OPTIONS,
      ...LINK_OPTIONS,
      ...PAIR_OPTION,
      ...STORE_OPTIONS,
      ...PASSPHRASE_OPTION,
    },
  });
  nothing(positionals);
  const readingMs = number("reading-ms", values["reading-ms"], 250, 4000);
  const seconds = values.seconds === undefined ? undefined : number("seconds", values.seconds, 1, 1e8);
  const tally = new WatchTally();
  let view: WatchView | undefined;
  const early: string[] = [];
  const monitoring = await openMonitoring(createPortableCrypto(), values, {
    ...(!values["no-record"] && { record: { readingMs } }),
    observe: (event) => {
      tally.event(event);
      view?.event(event);
    },
    torn: (path, bytes) => {
      const text = `${path}: ${bytes} bytes behind the last whole token were cut off`;
      if (view === undefined) early.push(text);
      else view.note(text);
    },
    unsigned: (error) => view?.note(`warning: no receipt could be kept: ${(error as Error).message}`),
  });
  view = viewOf(monitoring, tally, values);
  for (const text of early) view.note(text);
  const { monitor } = monitoring;
  const ending = end(monitor, { seconds, endRecording: values.stop });
  try {
    await monitor.run();
  } catch (error) {
    throw refusalInWords(values.programmer, error);
  } finally {
    ending.clear();
    view.end();
    await monitoring.close();
  }
  sumUp(monitoring, tally, values, await ending.headed());
  return tally.readings > 0 ? 0 : 1;
}

interface Shown {
  readonly json: boolean;
  readonly ascii: boolean;
  readonly link: string;
  readonly stop: boolean;
}

function viewOf({ monitor, streams }: Monitoring, tally: WatchTally, shown: Shown): WatchView {
  const clock = systemClock;
  const watched = () => monitor;
  const lines = {
    clock,
    watched,
    tally,
    streams,
    write: (line: string) => process.stdout.write(`${line}\n`),
  };
  if (shown.json) return new JsonView(lines, streamName);
  if (process.stdout.isTTY !== true) return new PlainView(lines);
  const style = terminalStyle(process.env, process.stdout);
  const after = shown.stop ? "the recording ends with it" : "the device goes on recording";
  return new PictureView({
    ...{ clock, watched, tally, stream: process.stdout, color: style.color },
    ascii: shown.ascii || style.ascii,
    about: () => `${monitor.device?.subject ?? "no device yet"} · ${shown.link}`,
    hint: `q quits, ${after}; r tries now · not a medical device`,
  });
}

/** Ends it when it is time, at a signal, and at a key. */
function end(
  monitor: Monitoring["monitor"],
  { seconds, endRecording }: { readonly seconds: number | undefined; readonly endRecording: boolean },
) {
  let headed: Promise<boolean> = Promise.resolve(false);
  let stopping = false;
  const stop = () => {
    if (!stopping) headed = monitor.stop({ endRecording });
    stopping = true;
  };
  const { stdin } = process;
  const keyed = (text: string) => {
    for (const key of text) {
      if (key === "q" || key === "\u0003") stop();
      else if (key === "r") monitor.hurry();
    }
  };
  const isKeyed = stdin.isTTY === true && process.stdout.isTTY === true;
  if (isKeyed) {
    stdin.setRawMode(true);
    stdin.setEncoding("utf8").on("data", keyed);
  }
  for (const signal of INTERRUPTS) process.on(signal, stop);
  const timer = seconds === undefined ? undefined : setTimeout(stop, seconds * 1000);
  return {
    headed: () => headed,
    clear() {
      clearTimeout(timer);
      for (const signal of INTERRUPTS) process.off(signal, stop);
      if (!isKeyed) return;
      stdin.off("data", keyed);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

function sumUp(
  { monitor, folder }: Monitoring,
  tally: WatchTally,
  { json, stop }: Shown,
  headed: boolean,
): void {
  const { figures, device, foreign } = monitor;
  const { readings, samples, seconds, gaps, holes, lostLinks, sessions } = tally;
  const counted = { readings, samples, seconds, gaps, holes, lostLinks, sessions };
  const result = {
    event: "end",
    device: device?.subject ?? null,
    ...counted,
    ...figures,
    foreign,
    store: folder()?.path ?? null,
  };
  const missing =
    gaps + holes + foreign === 0
      ? "none missing"
      : `${gaps} gaps declared, ${holes} places where something is missing`;
  const words = [
    `${readings} readings verified and stored, ${seconds.toFixed(1)} s; ${missing}; ${lostLinks} links lost, ${sessions} sessions`,
    ...(folder() === undefined ? [] : [`in ${folder()?.path}`]),
    ...(foreign === 0 ? [] : [`warning: ${foreignInWords(foreign)}`]),
    stop
      ? headed
        ? "the recording has ended"
        : "warning: the device did not say that the recording has ended"
      : sessions === 0
        ? "there was no session: `vagus device` shows in its own terminal what it refuses"
        : "the device goes on recording: the next watch goes on from here",
  ];
  process.stdout.write(`${json ? JSON.stringify({ ...result, ended: headed }) : words.join("\n")}\n`);
}
