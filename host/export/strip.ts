/** Strips of ten seconds on ECG paper, each as `host/strip` draws it; none of a stretch of which there is nothing. */
import { drawStrip } from "../strip/index.js";
import type { Recorded } from "./survey.js";
import { breakInWords, isoTime, NOT_A_DEVICE } from "./words.js";

const STRIP_S = 10;

/** @param seconds of each strip; a page of A4 is ten wide */
export function* drawStrips(recorded: Recorded, seconds = STRIP_S): Generator<string> {
  const { format, length, startedAt } = recorded;
  const samples = Math.round(seconds * format.rateHz);
  const strips = Math.ceil(length / samples);
  const blank = () => format.channels.map(() => new Int16Array(samples));
  let [strip, channels, leftOut] = [0, blank(), 0];
  const drawn = () => {
    const from = strip * samples;
    const count = Math.min(samples, length - from);
    const inside = (at: number) => at >= from && at < from + count;
    const fromMs = (from * 1000) / format.rateHz;
    const breaks = recorded.breaks.filter((one) => one.at < from + count && one.at + one.samples > from);
    const markers = recorded.markers
      .filter(({ at }) => inside(at))
      .map(({ at, marker }) => ({ ...marker, atMs: Math.round((at * 1000) / format.rateHz) }));
    return drawStrip({
      title: `Electrocardiogram, ${isoTime(startedAt + from / format.rateHz)
        .slice(0, 19)
        .replace("T", " ")} UTC`,
      subtitle: [
        `${strip + 1} of ${strips}`,
        `${Math.round(fromMs / 1000)} s from the start`,
        ...breaks.map((one) => `${breakInWords(one)} of ${(one.samples / format.rateHz).toFixed(1)} s`),
        ...(leftOut > 0 ? [`${leftOut} strips before it have no data: left out`] : []),
      ].join(" · "),
      note: NOT_A_DEVICE,
      format,
      samples: channels.map((channel) => channel.subarray(0, count)),
      fromMs,
      gaps: breaks.map((one) => ({
        from: Math.max(0, one.at - from),
        to: Math.min(count, one.at + one.samples - from),
      })),
      markers: recorded.markers.length > 0 ? markers : undefined,
    });
  };
  const isEmpty = (index: number) =>
    recorded.breaks.some((one) => one.at <= index * samples && one.at + one.samples >= (index + 1) * samples);
  for (const piece of recorded.pieces()) {
    const { length: count } = piece.channels[0]!;
    for (let done = 0; done < count; ) {
      const at = piece.at + done;
      for (; Math.floor(at / samples) > strip; strip++) {
        if (isEmpty(strip)) {
          leftOut++;
          continue;
        }
        yield drawn();
        [channels, leftOut] = [blank(), 0];
      }
      const taken = Math.min(count - done, (strip + 1) * samples - at);
      for (const [index, channel] of piece.channels.entries())
        channels[index]!.set(channel.subarray(done, done + taken), at - strip * samples);
      done += taken;
    }
  }
  yield drawn();
}
