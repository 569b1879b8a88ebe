/** Samples that were drawn before anybody read them, and those read last for who looks on: the newest few seconds, in a ring a channel. */
export class Kept {
  private rings: readonly Int16Array[];
  private room: number;
  /** Index of the sample behind the last. */
  private end = 0;
  private held = 0;
  /** From here to the end nothing is missing, but for what the ring has no room for. */
  private since = 0;

  /** @param room samples a channel */
  constructor(channels: number, room: number) {
    this.rings = Array.from({ length: channels }, () => new Int16Array(room));
    this.room = room;
  }

  get count(): number {
    return this.held;
  }

  /** @param first index of the first of these samples; @param channels at most `room` samples each */
  add(first: number, channels: readonly Int16Array[]): void {
    const held = first === this.end ? this.held : 0;
    this.put(first, channels);
    this.held = Math.min(this.room, held + channels[0]!.length);
  }

  /** These are read already: nothing waits any more. More than there is room for are not kept. */
  pass(first: number, channels: readonly Int16Array[]): void {
    if (channels[0]!.length <= this.room) this.put(first, channels);
    this.held = 0;
  }

  private put(first: number, channels: readonly Int16Array[]): void {
    const count = channels[0]!.length;
    const at = first % this.room;
    const fits = Math.min(count, this.room - at);
    for (const [index, samples] of channels.entries()) {
      const ring = this.rings[index]!;
      ring.set(fits === count ? samples : samples.subarray(0, fits), at);
      if (fits < count) ring.set(samples.subarray(fits), 0);
    }
    if (first !== this.end) this.since = first;
    this.end = first + count;
  }

  /** Copies the samples from `first` on, as many as there are and as fit, and forgets them and what was before them. */
  take(first: number, channels: readonly Int16Array[]): number {
    const count = this.look(first, channels);
    this.held = Math.max(0, this.end - first - count);
    return count;
  }

  /** Copies the samples from `first` on, as many as there are and as fit; they stay. None where the first of them is gone. */
  look(first: number, channels: readonly Int16Array[]): number {
    if (first < this.since || first < this.end - this.room) return 0;
    const count = Math.min(channels[0]!.length, Math.max(0, this.end - first));
    const at = first % this.room;
    const fits = Math.min(count, this.room - at);
    for (const [index, into] of channels.entries()) {
      const ring = this.rings[index]!;
      into.set(ring.subarray(at, at + fits), 0);
      if (fits < count) into.set(ring.subarray(0, count - fits), fits);
    }
    return count;
  }
}
