/**
 * Distinct calls from sums of visits [T5]: of the visits a bucket counts, how many belong to calls that had been in other
 * queues, or this one, before on the same local day, by the set of those queues. A call counts where none of the queues
 * asked for is in that set: once, at its first visit to any of them.
 */

/** How many visits, by the ids of the queues their calls had entered before, as {@link repeatKey} writes them. */
export type Repeats = Map<string, number>;

/** The same as it is kept: `[queues, visits]`, each set once. In a total the one set is `['']`, standing for any. */
export type RepeatEntry = [queues: string[], count: number];

/** The order in which a call went through its queues does not matter to what is counted. */
export function repeatKey(queues: readonly string[]): string {
  return JSON.stringify(queues.length > 1 ? [...queues].sort() : queues);
}

const OF_TOTAL = repeatKey(['']);

export function addRepeats(into: Repeats, key: string, count: number): void {
  into.set(key, (into.get(key) ?? 0) + count);
}

/** Of a total over all queues: whatever a call had entered before, it was one of them. */
export function totalRepeats(repeats: Repeats): Repeats {
  let sum = 0;
  for (const count of repeats.values()) sum += count;
  return sum === 0 ? new Map() : new Map([[OF_TOTAL, sum]]);
}

export function repeatEntries(repeats: Repeats): RepeatEntry[] {
  // The key is a list of strings written by `repeatKey`.
  return [...repeats].sort().map(([key, count]) => [JSON.parse(key) as string[], count]);
}

export function repeatsOf(entries: Iterable<RepeatEntry>): Repeats {
  const repeats: Repeats = new Map();
  for (const [queues, count] of entries) addRepeats(repeats, repeatKey(queues), count);
  return repeats;
}

/**
 * Distinct calls among what `rows` offered, each call once per local day [T5]. `queues`: the queues whose rows these are;
 * null where they are totals, or the rows of all queues there are.
 */
export function distinctCalls(
  rows: Iterable<{ offered: number; repeats: Iterable<RepeatEntry> }>,
  queues: ReadonlySet<string> | null,
): number {
  let calls = 0;
  for (const { offered, repeats } of rows) {
    calls += offered;
    for (const [earlier, count] of repeats) {
      if (queues === null || earlier.some((id) => queues.has(id))) calls -= count;
    }
  }
  return calls;
}
