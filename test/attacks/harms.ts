/** What somebody in the middle can do to a message, and how a session may end then. */
import type { Letter, Middle, Party } from "./middle.js";
import type { Scene } from "./scene.js";

const FRAGMENT = 241;

/** How a session ended. whole: as if nothing were; noted: whole, and somebody refused something; lost: it was cut off or a message is missing, and that shows. */
export type End = "whole" | "noted" | "lost";

export interface Harm {
  readonly name: string;
  readonly does: string;
  readonly hand: (letter: Letter, middle: Middle, scene: Scene) => void;
  /** How it may end, for a message of this name. */
  readonly may: (message: string, last: boolean) => readonly End[];
}

export const inHandshake = (message: string) => /^message_/.test(message);
const other = (party: Party): Party => (party === "device" ? "programmer" : "device");

/** The next of its kind goes first. */
const overtaken = (letter: Letter, middle: Middle) => {
  const { hand } = middle;
  middle.hand = (next, it) => {
    it.forward(next);
    if (next.from !== letter.from || next.on !== letter.on) return;
    it.forward(letter);
    it.hand = hand;
  };
};

/** It waits, and whatever comes behind it from the same side. */
const delayed = (letter: Letter, middle: Middle, { stage }: Scene) => {
  const { hand } = middle;
  const waiting = [letter];
  middle.hand = (next, it) => {
    if (next.from === letter.from && next.on === letter.on) waiting.push(next);
    else it.forward(next);
  };
  const goOn = () => {
    middle.hand = hand;
    for (const each of waiting) middle.forward(each);
  };
  stage.firmware.pass(3000).then(goOn, goOn);
};

export const HARMS: readonly Harm[] = [
  {
    name: "cut",
    does: "cuts the link in the midst of it",
    hand: ({ from, on, message }, middle) => {
      middle.send(other(from), message, on, Math.ceil(message.length / FRAGMENT) - 1);
      middle.cut();
    },
    may: () => ["lost"],
  },
  {
    name: "doubled",
    does: "sends it twice",
    hand: (letter, middle) => {
      middle.forward(letter);
      middle.forward(letter);
    },
    may: (message, last) => {
      if (last) return ["whole"]; // nobody takes what comes behind the last reply
      return inHandshake(message) ? ["lost", "noted"] : ["noted"];
    },
  },
  {
    name: "dropped",
    does: "drops it",
    hand: () => {},
    may: () => ["lost"],
  },
  {
    name: "delayed",
    does: "holds it for three seconds of the device's time",
    hand: delayed,
    may: () => ["whole"],
  },
  {
    name: "altered",
    does: "changes a bit in the middle of it",
    hand: ({ from, on, message }, middle) => {
      const changed = message.slice();
      changed[changed.length >> 1]! ^= 0x10;
      middle.send(other(from), changed, on);
    },
    may: () => ["lost"],
  },
  {
    name: "shortened",
    does: "leaves its last byte away",
    hand: ({ from, on, message }, middle) => middle.send(other(from), message.slice(0, -1), on),
    may: () => ["lost"],
  },
  {
    name: "reflected",
    does: "sends it back to where it came from",
    hand: ({ from, message }, middle) => middle.send(from, message),
    may: () => ["lost"],
  },
  {
    name: "reordered",
    does: "lets the next one pass it",
    hand: overtaken,
    may: () => ["lost"],
  },
];
