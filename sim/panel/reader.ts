/** A programmer that reads the ECG until it is ended: node reader.mjs PORT FOLDER. For pictures of a session. */
import { openSession } from "../../host/cli/session.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";

const [port, programmer] = process.argv.slice(2) as [string, string];
const session = await openSession(createPortableCrypto(), { port, programmer });
await session.programmer.start(1, 1000);
process.stdout.write("reading\n");
setInterval(() => {
  if (session.ended() !== undefined) process.exit(0);
}, 200);
