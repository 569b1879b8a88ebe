import { CREDENTIALS } from "./credentials.js";
import { HUBS } from "./hubs.js";
import { ORDERS } from "./orders.js";
import { SESSIONS } from "./sessions.js";
import { UPKEEP } from "./upkeep.js";
import type { Weakness } from "./weakness.js";
import { WORDS } from "./words.js";

export type { Edit, Weakness } from "./weakness.js";
export const WEAKNESSES: readonly Weakness[] = [
  ...CREDENTIALS,
  ...WORDS,
  ...HUBS,
  ...SESSIONS,
  ...ORDERS,
  ...UPKEEP,
];
