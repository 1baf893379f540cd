import { bucketBounds, bucketOf, type Waits } from './histogram.ts';
import { emptyVerdicts, type Verdicts } from './serviceLevel.ts';
import type { WaitKind } from './verdicts.ts';

/** Waits told by how long they were, and what of them any threshold would make. Pure. */

/** Visits that waited longer than `afterMs` and at most `withinMs`; of a second each up to ten minutes, of 2 % beyond. */
export interface WaitRow {
  afterMs: number;
  withinMs: number;
  answered: number;
  abandoned: number;
  /** Of the abandoned those within their queue's limit of short abandons. */
  shortAbandoned: number;
  callbacks: number;
  /** Timed out, no agents, left by a key, overflowed, withdrawn. */
  otherwise: number;
  /** Who still waits, by how long so far. */
  waiting: number;
  /** Visits that were answered or left up to here, of all rows so far. */
  cumulative: number;
}

/** Of some queues that have one limit of short abandons, in seconds. */
export interface WaitsOfQueues {
  waits: Readonly<Record<WaitKind, Waits>>;
  shortAbandonSeconds: number;
}

const FIELD = {
  answeredWaits: 'answered',
  abandonedWaits: 'abandoned',
  callbackWaits: 'callbacks',
  otherWaits: 'otherwise',
} as const satisfies Record<WaitKind, keyof WaitRow>;
const KINDS = Object.entries(FIELD) as [WaitKind, (typeof FIELD)[WaitKind]][]; // Entries of its own.

/** Rows by length, without empty ones; `ages`: of those who still wait, in ms. */
export function waitRows(groups: Iterable<WaitsOfQueues>, ages: Iterable<number>): WaitRow[] {
  const rows = new Map<number, WaitRow>();
  const rowOf = (bucket: number): WaitRow => {
    const known = rows.get(bucket);
    if (known !== undefined) return known;
    const [afterMs, withinMs] = bucketBounds(bucket);
    const counts = { answered: 0, abandoned: 0, shortAbandoned: 0, callbacks: 0, otherwise: 0, waiting: 0 };
    const row = { afterMs, withinMs, ...counts, cumulative: 0 };
    rows.set(bucket, row);
    return row;
  };
  for (const { waits, shortAbandonSeconds } of groups) {
    for (const [kind, field] of KINDS) {
      waits[kind].forEach((count, bucket) => {
        const row = rowOf(bucket);
        row[field] += count;
        if (kind === 'abandonedWaits' && bucket <= shortAbandonSeconds) row.shortAbandoned += count;
      });
    }
  }
  for (const age of ages) rowOf(bucketOf(age)).waiting++;
  let cumulative = 0;
  return [...rows.keys()]
    .sort((a, b) => a - b)
    .map((bucket) => {
      const row = rowOf(bucket);
      cumulative += row.answered + row.abandoned + row.callbacks + row.otherwise;
      return { ...row, cumulative };
    });
}

/** [SL0] The verdicts of these waits under another threshold, in whole seconds up to 600. */
export function verdictsWithin(rows: readonly WaitRow[], thresholdSeconds: number): Verdicts {
  const verdicts = emptyVerdicts();
  for (const row of rows) {
    const { answered, abandoned, shortAbandoned, callbacks, otherwise, waiting } = row;
    verdicts.answered += answered;
    verdicts.abandoned += abandoned;
    verdicts.short += shortAbandoned;
    verdicts.flowOuts += callbacks + otherwise;
    if (row.withinMs > thresholdSeconds * 1_000) {
      verdicts.missed += answered + abandoned + callbacks + otherwise + waiting;
      continue;
    }
    verdicts.met += answered;
    verdicts.abandonedWithin += abandoned;
    verdicts.shortWithin += shortAbandoned;
    verdicts.callbackWithin += callbacks;
    verdicts.otherWithin += callbacks + otherwise;
  }
  return verdicts;
}
