import type { Family } from "../attack.js";
import { credentials } from "./credentials.js";
import { delegation } from "./delegation.js";
import { everyMessage } from "./every-message.js";
import { floods } from "./floods.js";
import { freshness } from "./freshness.js";
import { journal } from "./journal.js";
import { lists, time } from "./lists.js";
import { lostLinks } from "./lost-links.js";
import { outOfRange } from "./out-of-range.js";
import { pacing } from "./pacing.js";
import { replays } from "./replays.js";
import { tokens } from "./tokens.js";

export const FAMILIES: readonly Family[] = [
  credentials,
  delegation,
  freshness,
  lists,
  time,
  replays,
  lostLinks,
  everyMessage,
  tokens,
  journal,
  pacing,
  floods,
  outOfRange,
];
