import type { WaitHistogram, Waits } from './histogram.ts';

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
  readPacked(packed, (count, bucket) => {
    into.set(bucket, (into.get(bucket) ?? 0) + count);
  });
  return into;
}

/** What was packed, once or several times over, read where it lies: to read thousands of histograms once, maps of them take too long. */
export function waitsOf(packed: Uint8Array): Waits {
  return { forEach: (each) => readPacked(packed, each) };
}

function readPacked(packed: Uint8Array, each: (count: number, bucket: number) => void): void {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = packed[at++];
      if (byte === undefined) throw new Error('packed waits: the last number is cut off');
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < packed.length) {
    const bucket = next();
    each(next(), bucket);
  }
}

function putVarint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}
