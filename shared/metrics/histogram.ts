/**
 * Waits by whole second: exact to 600 s, in 2 % steps beyond, sparse, additive. A bucket holds the waits that round
 * up to its second, so `wait ≤ T` for a whole-second threshold T is a sum of buckets, exact for every T ≤ 600 s.
 */
export type WaitHistogram = Map<number, number>;

/** A histogram to be read: itself, or as it is packed; a bucket may come several times. */
export interface Waits {
  forEach(each: (count: number, bucket: number) => void): void;
  /** The same, where it is quicker than a call of some function for each of hundreds of thousands of buckets. */
  addTo?(counts: WaitCounts): void;
}

/** Several read as their sum. */
export function together(all: readonly Waits[]): Waits {
  return {
    forEach(each) {
      for (const one of all) one.forEach(each);
    },
    addTo(counts) {
      for (const one of all) counts.addAll(one);
    },
  };
}

/** Beyond this many seconds buckets widen; thresholds above it are counted from the visits themselves. */
export const EXACT_SECONDS = 600;
const STEP = Math.log(1.02);

/** The bucket of a wait in ms: its whole second rounded up, or a 2 % step beyond {@link EXACT_SECONDS}. */
export function bucketOf(waitMs: number): number {
  const seconds = Math.ceil(waitMs / 1_000);
  if (seconds <= EXACT_SECONDS) return seconds;
  return EXACT_SECONDS + 1 + Math.floor(Math.log(waitMs / 1_000 / EXACT_SECONDS) / STEP);
}

/** The wait in ms a bucket stands for: half a second below its end, or the middle of its step. */
export function bucketMs(bucket: number): number {
  if (bucket <= EXACT_SECONDS) return Math.max(0, bucket * 1_000 - 500);
  return EXACT_SECONDS * 1_000 * Math.exp((bucket - EXACT_SECONDS - 0.5) * STEP);
}

/** The waits in ms that a bucket holds: longer than the first and at most the second; bucket 0 holds those of 0 ms. */
export function bucketBounds(bucket: number): [afterMs: number, withinMs: number] {
  if (bucket <= EXACT_SECONDS) return [Math.max(0, bucket - 1) * 1_000, bucket * 1_000];
  const after = (place: number): number => Math.round(EXACT_SECONDS * 1_000 * Math.exp(place * STEP));
  return [after(bucket - EXACT_SECONDS - 1), after(bucket - EXACT_SECONDS)];
}

/** Adds `count` (negative to take out) waits of `waitMs`; empty buckets vanish. */
export function addWait(histogram: WaitHistogram, waitMs: number, count: number): void {
  const bucket = bucketOf(waitMs);
  const sum = (histogram.get(bucket) ?? 0) + count;
  if (sum === 0) histogram.delete(bucket);
  else histogram.set(bucket, sum);
}

/** How often each bucket was in what has been read. */
export class WaitCounts {
  /** By bucket: up to a month, and as far beyond as was ever seen. */
  counts = new Float64Array(1_024);
  total = 0;

  addAll(waits: Waits): void {
    if (waits.addTo) waits.addTo(this);
    else
      waits.forEach((count, bucket) => {
        if (bucket >= this.counts.length) this.widen(bucket);
        this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
        this.total += count;
      });
  }

  clear(): void {
    this.counts.fill(0);
    this.total = 0;
  }

  /** So that `bucket` has a place. */
  widen(bucket: number) {
    const wide = new Float64Array(2 * bucket);
    wide.set(this.counts);
    this.counts = wide;
    return wide;
  }
}

/** One for all: there are thousands of histograms in a trend, and to make counts, or sort the buckets, of each takes longer than to read it. */
const scratch = new WaitCounts();

/** How many waits are ≤ `seconds`; exact for whole seconds up to {@link EXACT_SECONDS}. */
export function countWithin(histogram: Waits, seconds: number): number {
  return countsWithin(histogram, [seconds])[0] ?? 0;
}

/** The same for several limits, of one reading. */
export function countsWithin(histogram: Waits, limits: readonly number[]): number[] {
  scratch.clear();
  scratch.addAll(histogram);
  const { counts, total } = scratch;
  return limits.map((seconds) => {
    if (seconds >= counts.length) return total;
    let count = 0;
    for (let bucket = 0; bucket <= seconds; bucket++) count += counts[bucket] ?? 0;
    return count;
  });
}

/** Nearest-rank percentiles (0–1, ascending) over several histograms at once, in ms; null where they are empty. */
export function histogramPercentiles(
  histograms: readonly Waits[],
  ranks: readonly number[],
): (number | null)[] {
  scratch.clear();
  for (const histogram of histograms) scratch.addAll(histogram);
  const { counts, total } = scratch;
  if (total === 0) return ranks.map(() => null);
  const percentiles: number[] = [];
  let bucket = 0;
  let seen = counts[0] ?? 0;
  for (const rank of ranks) {
    // Everybody of the ranks before is among those seen.
    for (const needed = Math.ceil(rank * total); seen < needed; ) seen += counts[++bucket] ?? 0;
    percentiles.push(bucketMs(bucket));
  }
  return percentiles;
}

/** Exact waits in ms, ascending. */
export type ExactWaits = Float64Array;

/** Waits of several lists in one, ascending. */
export function ascending(lists: readonly ArrayLike<number>[]): ExactWaits {
  const all = new Float64Array(lists.reduce((length, list) => length + list.length, 0));
  let from = 0;
  for (const list of lists) {
    all.set(list, from);
    from += list.length;
  }
  return all.sort();
}

/** Nearest-rank percentiles (0–1) over several lists of exact waits at once, in ms; null where they are empty. */
export function exactPercentiles(lists: readonly ExactWaits[], ranks: readonly number[]): (number | null)[] {
  const [first, ...more] = lists;
  const waits = first !== undefined && more.length === 0 ? first : ascending(lists);
  return ranks.map((rank) => waits[Math.max(0, Math.ceil(rank * waits.length) - 1)] ?? null);
}
