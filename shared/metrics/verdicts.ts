import { countsWithin, type Waits } from './histogram.ts';
import type { Verdicts } from './serviceLevel.ts';

/** The histograms a tally keeps its waits in; `otherWaits`: left neither answered nor abandoned nor for a callback, `lost` excluded. */
export type WaitKind = 'answeredWaits' | 'abandonedWaits' | 'callbackWaits' | 'otherWaits';

/** How many waits of one kind are ≤ `seconds`. */
export type WithinOf = (kind: WaitKind, seconds: number) => number;

/**
 * [SL0] The verdicts of the visits that were answered or left, under the threshold T and the limit S of short abandons, in
 * whole seconds. Exact up to 600 s; where `within` counts visits instead of histograms, beyond it, too.
 */
export function settledVerdicts(
  waits: Readonly<Record<WaitKind, Waits>>,
  { thresholdSeconds: T, shortAbandonSeconds: S }: { thresholdSeconds: number; shortAbandonSeconds: number },
  within?: WithinOf,
): Verdicts {
  /** All of a kind, and those within each of the limits. */
  const counts = (kind: WaitKind, ...limits: number[]) => {
    const own = countsWithin(waits[kind], [Number.POSITIVE_INFINITY, ...limits]);
    return within ? [own[0], ...limits.map((seconds) => within(kind, seconds))] : own;
  };
  const [answered = 0, met = 0] = counts('answeredWaits', T);
  const [abandoned = 0, abandonedWithin = 0, short = 0, shortWithin = 0] = counts(
    'abandonedWaits',
    T,
    S,
    Math.min(S, T),
  );
  const [callbacks = 0, callbackWithin = 0] = counts('callbackWaits', T);
  const [others = 0, othersWithin = 0] = counts('otherWaits', T);
  const flowOuts = callbacks + others;
  const otherWithin = callbackWithin + othersWithin;
  return {
    met,
    missed: answered + abandoned + flowOuts - met - abandonedWithin - otherWithin,
    answered,
    abandoned,
    abandonedWithin,
    short,
    shortWithin,
    callbackWithin,
    otherWithin,
    flowOuts,
  };
}

/** Of the missed, the visits that are still waiting. */
export function missedWaiting(v: Verdicts): number {
  return v.missed - (v.answered + v.abandoned + v.flowOuts - v.met - v.abandonedWithin - v.otherWithin);
}
