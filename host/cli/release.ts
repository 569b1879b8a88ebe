import { join } from "node:path";
import { parseArgs } from "node:util";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { VagusError } from "../../modules/error/index.js";
import { freshen } from "../programmer/manage.js";
import { Operation } from "../programmer/operation.js";
import { releaseStream } from "../programmer/stream-commands.js";
import { reread } from "../store/reread.js";
import { SessionFolder } from "../store/session-folder.js";
import { STORE_HELP, STORE_OPTIONS, streamName, streamsOf } from "./monitoring.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { LINK_HELP, LINK_OPTIONS } from "./radios.js";
import { count, JSON_HELP, JSON_OPTION, nowSeconds, report } from "./report.js";
import { type OpenSession, openSession, SESSION_OPTIONS, sessionHelp } from "./session.js";
import { nothing } from "./usage.js";
import { asking, openWord, WORD_HELP, WORD_OPTIONS } from "./word.js";

export const summary = "lets a device forget what is stored here, for good";

export const help = `vagus release: the device gives up what is stored here; first all of it is verified once more

usage: vagus release [--authority FOLDER | --ask FILE] --programmer FOLDER (--device FOLDER | --port P) [options]

${WORD_HELP}
${sessionHelp("journal:release")}
${LINK_HELP}
${STORE_HELP}
  --force               also where something is missing that the device has not declared to be gone
  --dry-run             verifies, and says what would be released; asks nobody
${PASSPHRASE_HELP}
${JSON_HELP}

Each stream is released up to the last token that is stored here, and that one is named by its hash: nobody can release what
he does not have. What the device has recorded since stays. Where the link is lost before the device has answered, it is asked in the
next session what became of it.

exit codes: 0 released; 1 refused, or what is stored does not hold; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      "dry-run": { type: "boolean", default: false },
      force: { type: "boolean", default: false },
      ...WORD_OPTIONS,
      ...SESSION_OPTIONS,
      ...LINK_OPTIONS,
      ...STORE_OPTIONS,
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  nothing(positionals);
  const crypto = createPortableCrypto();
  const word = values["dry-run"] ? undefined : await openWord(crypto, values);
  let session: OpenSession = await openSession(crypto, values);
  const { holding } = session;
  const { subject } = session.programmer.device;
  try {
    const folder = SessionFolder.open(crypto, join(values.store, subject));
    folder.sync();
    const released = [];
    for (const stream of streamsOf(values.stream, holding)) {
      const stored = folder.stored(stream);
      if (stored === undefined || stored.length === 0) continue;
      const name = streamName(stream);
      const found = reread(crypto, folder.keys, stored, (done) =>
        process.stderr.write(`${name}: verified ${done} of ${stored.length}\n`),
      );
      if (found.holes > 0 && !values.force) throw incomplete(stored.path, found.holes);
      if (found.last !== undefined) released.push({ ...found, last: found.last, stream, name });
    }
    if (released.length === 0) {
      throw new VagusError(
        "host/store",
        `expected something of ${subject} in ${values.store} (vagus fetch), came nothing`,
      );
    }
    let worded: OpenSession | undefined;
    for (const { stream, last } of word === undefined ? [] : released) {
      if (word !== undefined && worded !== session) {
        await freshen(session.programmer, asking(crypto, holding, word));
        worded = session;
      }
      const operation = new Operation(crypto, nowSeconds());
      await releaseStream(session.programmer, operation, { stream, ...last }, async () => {
        process.stderr.write("the link was lost before the device answered: asking it what became of it\n");
        session = await openSession(crypto, values);
        return session.programmer;
      });
    }
    const verb = word === undefined ? "would be released" : "is released";
    report(values.json, {
      result: {
        device: subject,
        released: word !== undefined,
        streams: released.map(({ name, readings, last }) => ({
          name,
          readings,
          boot: last.boot,
          sequence: last.sequence,
        })),
      },
      did: released.map(
        ({ name, readings, last }) =>
          `${name} ${verb} up to boot ${last.boot} sequence ${last.sequence}: ${count(readings, "reading")}, all verified, in ${folder.path}`,
      ),
    });
    folder.close();
    return 0;
  } finally {
    await session.close();
  }
}

/** What is released is gone from the device: nobody would have it. */
function incomplete(path: string, holes: number): VagusError {
  const places = count(holes, "place");
  return new VagusError(
    "host/store",
    `${path}: expected all up to its last token, came ${places} where something is missing, and not declared: vagus fetch --store ANOTHER has what the device still has; --force releases all the same`,
  );
}
