/**
 * The two ways through a stored recording: one that verifies every token and writes nothing, so that nothing is written of a
 * recording that is not good; and one that reads the same bytes again, piece by piece, for whoever writes.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { equal } from "../../modules/bytes/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { type AcceptedToken, STREAM } from "../../modules/reading/index.js";
import { fileReader } from "../store/heart-file.js";
import { readSequence } from "../store/sequence.js";
import { readAgain } from "./again.js";
import { type Stored, verifierOf } from "./stored.js";
import { type Break, type Format, type Piece, type Placed, type Run, Timeline } from "./timeline.js";

/** A token's bytes at most. */
const ITEM_MAX = 4096;

export interface Recorded {
  readonly format: Format;
  /** Seconds since 1970 of the first sample, by the device's clock. */
  readonly startedAt: number;
  readonly uncertainty: number | null;
  /** From the first sample on: so many, breaks among them. */
  readonly length: number;
  readonly runs: readonly Run[];
  readonly breaks: readonly Break[];
  readonly markers: readonly Placed[];
  readonly readings: number;
  /** The same again, in order. @throws VagusError `host/store` where the file has changed since */
  pieces(): Generator<Piece>;
}

export interface SurveyOptions {
  /** Seconds since the recording's first sample; readings that lie partly within are taken whole. */
  readonly fromS?: number;
  readonly toS?: number;
  /** After each token that was verified: how far, of all. */
  readonly progress?: (bytes: number, of: number) => void;
  /** Of a last token that is not whole, as a power cut leaves one: it is left out. */
  readonly torn?: (path: string, bytes: number) => void;
}

/** @throws VagusError what verifying throws; `host/export` where there is nothing, or more than one format */
export function survey(crypto: Crypto, stored: Stored, options: SurveyOptions = {}): Recorded {
  const path = stored.streams.get(STREAM.ecg) as string;
  const chosen = new Timeline();
  const walked = walk(crypto, stored, path, chosen, options);
  if (chosen.format === undefined) {
    const range = options.fromS === undefined && options.toS === undefined ? "" : " between --from and --to";
    throw new VagusError("host/export", `expected readings${range}, came none`);
  }
  const { format, startedAt, uncertainty, length, runs, breaks, readings } = chosen;
  const markers = markersOf(crypto, stored, chosen);
  return {
    ...{ format, startedAt, uncertainty, length, runs, breaks, readings, markers },
    pieces: () => again(path, walked, format.channels.length),
  };
}

interface Walked {
  readonly digest: Uint8Array;
  /** Of the readings that were chosen: where each is in the file, and on the line. */
  readonly firstItem: number;
  readonly lastItem: number;
  readonly at: readonly number[];
}

/** Every token is verified, those outside of the range too: what they say is needed to know where the range begins. */
function walk(
  crypto: Crypto,
  stored: Stored,
  path: string,
  chosen: Timeline,
  { fromS = 0, toS = Infinity, progress, torn }: SurveyOptions,
): Walked {
  const file = fileReader(path);
  const verifier = verifierOf(crypto, stored);
  const whole = new Timeline();
  const ranged = fromS > 0 || toS < Infinity;
  const hash = sha256.create();
  const at: number[] = [];
  let [index, firstItem, lastItem] = [-1, -1, -1];
  for (const item of readSequence(file, ITEM_MAX, (bytes) => torn?.(path, bytes))) {
    index++;
    hash.update(item.bytes);
    const token = accept(() => verifier.accept(item.bytes), path, index, item.at);
    if (ranged && !within(whole, token, fromS, toS)) {
      if (token.kind !== "reading") chosen.add(token);
      continue;
    }
    const piece = chosen.add(token);
    if (piece !== undefined) {
      if (firstItem < 0) firstItem = index;
      lastItem = index;
      at.push(piece.at);
    }
    progress?.(item.at + item.bytes.length, file.length);
  }
  return { digest: hash.digest(), firstItem, lastItem, at };
}

/** Is it a reading of which something lies between the two? */
function within(whole: Timeline, token: AcceptedToken, fromS: number, toS: number): boolean {
  const before = whole.format;
  if (token.kind === "header" && before !== undefined) whole.format = undefined; // formats may change outside of the range
  const piece = whole.add(token);
  if (piece === undefined) return false;
  const { rateHz } = whole.format!;
  const samples = piece.channels[0]!.length;
  return (piece.at + samples) / rateHz > fromS && piece.at / rateHz < toS;
}

function accept<T>(action: () => T, path: string, index: number, at: number): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof VagusError)) throw error;
    const detail = error.message.slice(error.code.length + 2);
    throw new VagusError(error.code, `${path}, token ${index} (byte ${at}): ${detail}`);
  }
}

function* again(
  path: string,
  { digest, at, firstItem, lastItem }: Walked,
  channels: number,
): Generator<Piece> {
  const hash = sha256.create();
  let [index, reading] = [-1, 0];
  for (const { bytes } of readSequence(fileReader(path), ITEM_MAX, () => {})) {
    index++;
    hash.update(bytes);
    if (index < firstItem || index > lastItem) continue;
    const samples = readAgain(bytes, channels);
    if (samples !== undefined) yield { at: at[reading++]!, channels: samples };
  }
  if (!equal(hash.digest(), digest)) {
    throw new VagusError("host/store", `${path}: expected it as it was verified, came it changed since`);
  }
}

/** Of the pacing stream, where there is one: those that lie among the samples. */
function markersOf(crypto: Crypto, stored: Stored, line: Timeline): Placed[] {
  const path = stored.streams.get(STREAM.pacing);
  if (path === undefined) return [];
  const verifier = verifierOf(crypto, stored);
  const { rateHz } = line.format!;
  const placed: Placed[] = [];
  let index = 0;
  for (const item of readSequence(fileReader(path), ITEM_MAX, () => {})) {
    const token = accept(() => verifier.accept(item.bytes), path, index++, item.at);
    if (token.kind !== "reading" || token.stream !== STREAM.pacing) continue;
    for (const marker of token.markers) {
      const at = line.place(token.cti.boot, (marker.atMs * rateHz) / 1000);
      if (at !== undefined && at >= 0 && at < line.length) placed.push({ at, marker });
    }
  }
  return placed.sort((a, b) => a.at - b.at);
}
