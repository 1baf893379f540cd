import type { WaitCounts, WaitHistogram, Waits } from './histogram.ts';

/**
 * A wait histogram as bytes, as roll-ups keep it: for each bucket in order its number and its count, both as varints (seven
 * bits a byte, the lowest first, the highest bit set on all but the last). Packed histograms put one after the other are
 * their sum, so SQL adds them up with `string_agg`.
 */
export function packWaits(histogram: WaitHistogram): Uint8Array {
  const bytes: number[] = [];
  for (const bucket of [...histogram.keys()].sort((a, b) => a - b)) {
    putVarint(bytes, bucket);
    putVarint(bytes, histogram.get(bucket) ?? 0);
  }
  return Uint8Array.from(bytes);
}

/** Adds what {@link packWaits} packed, once or several times over, to `into`. Throws on bytes it did not write. */
export function unpackWaits(packed: Uint8Array, into: WaitHistogram = new Map()): WaitHistogram {
  waitsOf(packed).forEach((count, bucket) => {
    into.set(bucket, (into.get(bucket) ?? 0) + count);
  });
  return into;
}

/**
 * What was packed, once or several times over, from byte `from` until before `to`, read where it lies: to read thousands of
 * histograms once, maps of them take too long.
 */
export function waitsOf(packed: Uint8Array, from = 0, to = packed.length): Waits {
  return new PackedWaits(packed, from, to);
}

class PackedWaits implements Waits {
  private readonly packed: Uint8Array;
  private readonly from: number;
  private readonly to: number;

  constructor(packed: Uint8Array, from: number, to: number) {
    this.packed = packed;
    this.from = from;
    this.to = to;
  }

  forEach(each: (count: number, bucket: number) => void): void {
    const { packed, from, to } = this;
    let at = from;
    while (at < to) {
      const bucket = numberAt(packed, at);
      at += bytesOf(bucket);
      const count = numberAt(packed, at);
      at += bytesOf(count);
      each(count, bucket);
    }
    if (at > to) throw cutOff();
  }

  /** Its own loop: a call of `each` for every bucket takes four times as long. */
  addTo(sum: WaitCounts): void {
    const { packed, from, to } = this;
    let { counts } = sum;
    let total = 0;
    let at = from;
    while (at < to) {
      const bucket = numberAt(packed, at);
      at += bytesOf(bucket);
      const count = numberAt(packed, at);
      at += bytesOf(count);
      if (bucket >= counts.length) counts = sum.widen(bucket);
      counts[bucket] = (counts[bucket] ?? 0) + count;
      total += count;
    }
    if (at > to) throw cutOff();
    sum.total += total;
  }
}

function numberAt(packed: Uint8Array, at: number): number {
  const byte = packed[at] ?? 0;
  return byte < 128 ? byte : longNumberAt(packed, at);
}

function longNumberAt(packed: Uint8Array, from: number): number {
  let value = 0;
  let factor = 1;
  for (let at = from; at < packed.length; at++) {
    const byte = packed[at] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return value;
    factor *= 128;
  }
  throw cutOff();
}

/** How many bytes {@link putVarint} writes. */
function bytesOf(value: number): number {
  if (value < 128) return 1;
  return value < 16_384 ? 2 : 1 + bytesOf(Math.floor(value / 128));
}

function cutOff(): Error {
  return new Error('packed waits: the last number is cut off');
}

function putVarint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}
