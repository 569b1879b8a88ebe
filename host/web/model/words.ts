/**
 * Refusals in words that a clinician can act on: what happened, what the device did, what to do. The code stands beneath.
 * One row a code: the compiler refuses a code without one.
 */
import type { ErrorCode } from "../../../modules/error/index.js";

export interface Words {
  readonly happened: string;
  readonly device: string;
  readonly act: string;
}

const UNCHANGED = "The device changed nothing and goes on pacing as programmed.";
const DROPPED = "It was not shown and not stored. The device goes on recording.";
const HERE = "Nothing was sent to the device. It goes on pacing as programmed.";
const AGAIN = "Try again. If it comes back, end the session and connect anew.";
const ANEW =
  "End the session and connect anew. If it comes back, use another programmer and report this device.";
const REPORT = "Do not rely on this device's readings. Use another monitor and report the code below.";
const UPDATE = "Update this programmer, or use another one.";
const AUTHORITY = "Ask the Authority (your hospital's credential desk) and give it the code below.";

const row = (happened: string, device: string, act: string): Words => ({ happened, device, act });
/** Bytes that are no message of the protocol. */
const garbled = (what: string): Words =>
  row(`A message arrived damaged: ${what}.`, "The message was thrown away. Nothing else changed.", AGAIN);
/** The programmer and the device do not fit. */
const mismatch = (what: string): Words => row(what, UNCHANGED, UPDATE);
/** A reading that did not hold. */
const unproven = (what: string): Words => row(what, DROPPED, REPORT);

export const WORDS: Readonly<Record<ErrorCode, Words>> = {
  "cbor/truncated": garbled("it ended too early"),
  "cbor/trailing": garbled("it went on after its end"),
  "cbor/too-large": garbled("it was larger than allowed"),
  "cbor/too-deep": garbled("it was nested too deeply"),
  "cbor/indefinite": garbled("it did not say how long it was"),
  "cbor/not-shortest": garbled("it was not in the agreed form"),
  "cbor/reserved": garbled("it used something reserved"),
  "cbor/utf8": garbled("its text could not be read"),
  "cbor/duplicate-key": garbled("it said one thing twice"),
  "cbor/key-order": garbled("its parts were out of order"),
  "cbor/float": garbled("it held a number that is not allowed"),
  "cbor/type": garbled("it held something of the wrong kind"),

  "crypto/bad-key": row("A key could not be used.", UNCHANGED, ANEW),
  "crypto/bad-point": row("The other side offered a key that is no key.", "No session was opened.", REPORT),
  "crypto/bad-length": row("A cryptographic value had the wrong length.", UNCHANGED, ANEW),
  "crypto/bad-tag": row("A message was changed on its way, or is not from this session.", UNCHANGED, ANEW),
  "crypto/closed": row(
    "The session's keys are gone.",
    "The session is over. Pacing goes on as programmed.",
    "Connect anew.",
  ),
  "crypto/unsupported": row("This programmer cannot do what is needed here.", UNCHANGED, UPDATE),
  "crypto/failed": row("A cryptographic step failed.", UNCHANGED, ANEW),
  "crypto/type": row("A cryptographic step was given something else than bytes.", UNCHANGED, UPDATE),

  "cose/malformed": garbled("it was no signed or sealed message"),
  "cose/algorithm": mismatch("The other side uses a signature or cipher that is not allowed here."),
  "cose/critical": mismatch("The other side demands something that this programmer does not know."),
  "cose/bad-signature": unproven("A signature did not hold: what came is not from whom it says."),
  "cose/decrypt": row("A message could not be opened with this session's keys.", UNCHANGED, ANEW),
  "cose/key": unproven("What came names a key that is not this device's."),
  "cose/header": garbled("its header was not as agreed"),

  "cwt/malformed": garbled("a credential or token could not be read"),
  "cwt/typ": row("A token of one kind was shown where another belongs.", UNCHANGED, AUTHORITY),
  "cwt/expired": row(
    "A credential has run out.",
    "The device let nobody in on it. Readings go on in its journal.",
    "Get a new credential from the Authority, then connect again.",
  ),
  "cwt/not-yet": row(
    "A credential is not valid yet: the two clocks differ.",
    UNCHANGED,
    "Check this computer's date and time. If they are right, have the Authority set the device's clock.",
  ),
  "cwt/audience": row(
    "The credential is for another ward or another device.",
    "The device let nobody in on it.",
    AUTHORITY,
  ),
  "cwt/issuer": row(
    "The credential is from an Authority that is not believed here.",
    "The device let nobody in on it.",
    AUTHORITY,
  ),
  "cwt/claim": row("A token does not say what it has to say.", UNCHANGED, AUTHORITY),
  "cwt/scope": row("The credential's rights could not be read.", UNCHANGED, AUTHORITY),
  "cwt/status": row(
    "The credential has been revoked.",
    "The device let nobody in on it. Pacing goes on as programmed.",
    "Stop using this programmer. Use another one, and ask the Authority why.",
  ),

  "edhoc/malformed": garbled("the handshake could not be read"),
  "edhoc/method": mismatch("The two sides know no common way to authenticate."),
  "edhoc/suite": mismatch("The two sides know no common set of ciphers."),
  "edhoc/critical-ead": mismatch("The handshake demands something that this programmer does not know."),
  "edhoc/credential": row(
    "The other side's credential was not believed.",
    "No session was opened.",
    AUTHORITY,
  ),
  "edhoc/unknown-credential": row(
    "The other side named a credential that is not known here.",
    "No session was opened.",
    "Connect again: the whole credential is sent then.",
  ),
  "edhoc/mac": row(
    "The other side could not prove who it is.",
    "No session was opened, and nothing was shown.",
    "Move closer to the patient and try again. If it comes back, somebody may be pretending to be the device: report it.",
  ),
  "edhoc/order": row("The handshake came out of order.", "No session was opened.", AGAIN),
  "edhoc/peer": row(
    "The device refused this programmer. It does not say why to those it does not believe.",
    "No session was opened. Pacing goes on as programmed.",
    "The credential may be revoked, expired, or for another ward. Ask the Authority; the device's own log has the reason.",
  ),

  "flash/range": row(
    "The device's memory was asked for a place that is not there.",
    "It stopped what it was doing. Pacing does not depend on it.",
    REPORT,
  ),
  "flash/program": row(
    "The device could not write to its memory.",
    "The change was not made. Pacing goes on as programmed.",
    "Read the parameters back before you rely on them, and plan to replace the device.",
  ),
  "flash/corrupt": row(
    "The device's memory has rotted in one place.",
    "It serves nobody where it cannot be sure. It goes on pacing.",
    "Plan to replace the device, and report the code below.",
  ),
  "flash/full": row(
    "The device's memory is full.",
    "The change was not made. Pacing goes on as programmed.",
    "Release readings that were stored safely, then try again.",
  ),

  "session/malformed": garbled("it was no answer of this session"),
  "session/order": row("A message came out of order.", UNCHANGED, ANEW),
  "session/confirm": row(
    "The label did not fit this device.",
    "It was not provisioned.",
    "Check the code printed on the device.",
  ),
  "session/replay": row(
    "An old message came a second time.",
    "It was thrown away. Nothing changed.",
    "If it goes on, somebody may be repeating what was sent: end the session and report it.",
  ),
  "session/exhausted": row(
    "This session has sent as much as it may.",
    "It ends the session. Pacing goes on as programmed.",
    "Connect anew.",
  ),
  "session/closed": row(
    "The session is over.",
    "Temporary parameters ended with it; permanent ones go on.",
    "Connect again.",
  ),
  "session/timeout": row(
    "The device did not answer in time.",
    "It is not known what it did. Pacing goes on.",
    "Move closer and wait for the link. A change that was under way is resolved as soon as the device answers.",
  ),
  "session/version": mismatch("The device and this programmer speak different versions."),
  "session/scope": row(
    "Your credential does not allow this.",
    UNCHANGED,
    "Ask a colleague who may, or ask the Authority for the right.",
  ),

  "cardiac/parameter": row(
    "The device refused these parameters: a value is out of its limits, or two do not go together.",
    "Nothing was programmed. The parameters in force stay.",
    "Change the values marked in the form and send them again.",
  ),
  "cardiac/malformed": unproven("Samples of a reading could not be unpacked."),
  "cardiac/busy": row(
    "The pacemaker is busy: a test, Pace-Now or a magnet has the upper hand.",
    UNCHANGED,
    "Wait until it is over, or cancel it, and try again.",
  ),

  "reading/malformed": unproven("A reading was not as it has to be."),
  "reading/chain": unproven(
    "A reading does not follow from the one before it: something was changed, left out or swapped.",
  ),
  "reading/order": unproven("A reading came out of its order."),
  "reading/header": unproven("Readings came before what says how to read them."),

  "gatt/fragment": row(
    "A piece of a message was lost on the air.",
    "It is sent again, or fetched from the journal.",
    "Move closer if this comes often.",
  ),
  "gatt/too-long": garbled("it was longer than a message may be"),
  "gatt/mtu": row("The radio link agreed on a size that cannot be used.", "No session was opened.", AGAIN),
  "gatt/attribute": row(
    "What answered is no Vagus device, or its radio refused.",
    UNCHANGED,
    "Choose the device again.",
  ),
  "gatt/disconnected": row(
    "The link is lost.",
    "It goes on pacing and keeps its readings in its journal.",
    "Move closer. This programmer reconnects by itself and fetches what was missed.",
  ),

  "device/command": mismatch("The device does not know this command."),
  "device/parameter": row("The device could not use what was sent with the command.", UNCHANGED, UPDATE),
  "device/busy": row(
    "The device is busy with something else.",
    UNCHANGED,
    "Wait a moment, or end what is running, and try again.",
  ),
  "device/unprovisioned": row(
    "The device has no credential yet.",
    "It waits to be provisioned.",
    "Have it provisioned: hold its button for 3 s and use its label.",
  ),
  "device/fault": row(
    "The device has a fault in its memory.",
    "It serves nobody, and goes on pacing as programmed.",
    "Plan to replace it, and report the code below.",
  ),
  "device/ration": row(
    "The device has been asked too often by programmers that it did not believe.",
    "It lets nobody in for up to a minute.",
    "Wait a minute; or press the device's button and connect at once.",
  ),
  "device/closed": row(
    "The device has ended the session.",
    "Temporary parameters ended with it; permanent ones go on.",
    "Connect again.",
  ),

  "device/implant": row(
    "This device's heart is a recorded one: there is no pacemaker.",
    "It did nothing.",
    "Choose a device with a pacemaker.",
  ),

  "credential/provisioned": row("The device has a credential already.", "It kept the one it has.", AUTHORITY),
  "credential/holder": row("The credential is for another key.", UNCHANGED, AUTHORITY),
  "credential/anchor": row("That is another Authority's.", UNCHANGED, AUTHORITY),
  "credential/epoch": row(
    "The device has a newer revocation list, or wants one first.",
    UNCHANGED,
    "Ask for the Authority's word again: the list comes with it.",
  ),
  "credential/freshness": row(
    "This needs the Authority's word from this very session, and there is none.",
    UNCHANGED,
    "Press “Ask the Authority”, then try again. Reading and Pace-Now work without it.",
  ),
  "credential/delegation": row(
    "A home monitor's credential goes beyond what it may be given.",
    UNCHANGED,
    AUTHORITY,
  ),
  "credential/revoked": row(
    "Your credential has been revoked.",
    "The device gives you no rights to change anything. Pacing goes on as programmed.",
    "Stop. Use another programmer, and ask the Authority why.",
  ),
  "credential/request": row(
    "A request for a credential was not signed by the key that it names.",
    "No credential was issued.",
    AUTHORITY,
  ),

  "journal/size": row(
    "The device's journal has no room to work.",
    "It goes on pacing. Readings are not kept.",
    REPORT,
  ),
  "journal/boot": row("The device's journal was asked for a start that it does not know.", UNCHANGED, ANEW),
  "journal/order": row("The device's journal was asked out of order.", UNCHANGED, ANEW),
  "journal/stream": row("The device keeps no such stream.", UNCHANGED, UPDATE),
  "journal/too-long": row(
    "A reading is too long for the journal.",
    "It was not kept.",
    "Ask for shorter readings.",
  ),
  "journal/release": row(
    "Those readings are not in the journal as they were named.",
    "It gave up nothing.",
    "Fetch them again before you release them.",
  ),

  "host/input": row("That could not be used.", HERE, "Check what was entered and try again."),
  "host/link": row(
    "The device cannot be reached.",
    "It goes on pacing, and keeps its readings in its journal.",
    "Check that it is near and that the bridge or Bluetooth is on, then try again.",
  ),
  "host/store": row(
    "This computer could not store it.",
    HERE,
    "Make room on this computer, and check that the browser may store data.",
  ),
  "host/ledger": row("The Authority's books do not fit together.", HERE, AUTHORITY),
  "host/passphrase": row("The passphrase is not that of this key.", HERE, "Enter it again."),

  "host/receipt": row(
    "A receipt does not fit what it is for.",
    HERE,
    "Treat what it stands for as unproven and report it.",
  ),
  "host/bundle": row(
    "What was handed over is not whole, or was changed.",
    HERE,
    "Ask for it again from where it came.",
  ),
  "host/export": row("The readings could not be exported.", HERE, "Choose another format and try again."),

  "audit/entry": row("The device could not write its log.", "It did what was asked all the same.", REPORT),
  "audit/malformed": row(
    "An entry of the log could not be read.",
    "The log itself is untouched.",
    "Read the log again. If it comes back, report it.",
  ),
  "audit/order": row(
    "The log's entries are out of order.",
    "The log itself is untouched.",
    "Treat this log as incomplete and report it.",
  ),
  "audit/chain": row(
    "The log has been changed, or part of it withheld.",
    "The log itself is untouched.",
    "Treat this log as unproven and report it.",
  ),
  "audit/head": row(
    "The log ends before the end that the device named.",
    "The log itself is untouched.",
    "Read the log again. If it comes back, treat it as incomplete.",
  ),
  "audit/outcome": row(
    "The device no longer knows what became of that command.",
    UNCHANGED,
    "Read the parameters back: they are what is in force.",
  ),
  "audit/pending": row(
    "A command is still under way.",
    "It finishes that one first.",
    "Wait a few seconds and look again.",
  ),
  "audit/too-old": row(
    "That command was asked for long ago.",
    UNCHANGED,
    "Read the parameters back: they are what is in force. Then program anew, if they should be others.",
  ),
};

/** What has the code of something else, and asks for something else to be done. */
export const CONDITIONS = {
  "used-link": row(
    "This link has been used before. Each link opens the page once.",
    "Nothing was asked of it. It goes on pacing, and keeps its readings in its journal.",
    "Start npm start -- --web, which prints a new link; where it still runs, press Enter in its terminal for one.",
  ),
} as const satisfies Record<string, Words>;

export type Condition = keyof typeof CONDITIONS;

/** Codes that did not exist when this page was built. */
const UNKNOWN: Words = row("Something was refused that this page does not know.", UNCHANGED, UPDATE);

export function wordsFor(code: string, condition?: Condition): Words {
  if (condition !== undefined) return CONDITIONS[condition];
  return WORDS[code as ErrorCode] ?? UNKNOWN;
}
