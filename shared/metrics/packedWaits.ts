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
    readPacked(this.packed, this.from, this.to, { add: each });
  }

  addTo(counts: WaitCounts): void {
    readPacked(this.packed, this.from, this.to, counts);
  }
}

function readPacked(
  packed: Uint8Array,
  from: number,
  to: number,
  into: { add(count: number, bucket: number): void },
): void {
  let bucket: number | null = null;
  let value = 0;
  let factor = 1;
  for (let at = from; at < to; at++) {
    const byte = packed[at] ?? 0;
    value += (byte & 127) * factor;
    if (byte > 127) {
      factor *= 128;
      continue;
    }
    if (bucket === null) bucket = value;
    else {
      into.add(value, bucket);
      bucket = null;
    }
    value = 0;
    factor = 1;
  }
  if (bucket !== null || factor > 1) throw new Error('packed waits: the last number is cut off');
}

function putVarint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}
