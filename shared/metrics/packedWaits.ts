import type { BucketCounts, WaitHistogram, Waits } from './histogram.ts';

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
  readonly #packed: Uint8Array;
  readonly #from: number;
  readonly #to: number;

  constructor(packed: Uint8Array, from: number, to: number) {
    this.#packed = packed;
    this.#from = from;
    this.#to = to;
  }

  forEach(each: (count: number, bucket: number) => void): void {
    readPacked(this.#packed, this.#from, this.#to, { add: each });
  }

  addTo(counts: BucketCounts): void {
    readPacked(this.#packed, this.#from, this.#to, counts);
  }
}

/** Most numbers are one byte: told without a state that every byte would have to look at. */
function readPacked(packed: Uint8Array, from: number, to: number, into: Pick<BucketCounts, 'add'>): void {
  let at = from;
  while (at < to) {
    let byte = packed[at++] ?? 0;
    let bucket = byte & 127;
    for (let factor = 128; byte > 127; factor *= 128) {
      byte = packed[at++] ?? 0;
      bucket += (byte & 127) * factor;
    }
    byte = packed[at++] ?? 0;
    let count = byte & 127;
    for (let factor = 128; byte > 127; factor *= 128) {
      byte = packed[at++] ?? 0;
      count += (byte & 127) * factor;
    }
    into.add(count, bucket);
  }
  if (at > to) throw new Error('packed waits: the last number is cut off');
}

function putVarint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}
