import { countWithin, type Waits } from './histogram.ts';
import type { Verdicts } from './serviceLevel.ts';

/** The histograms a tally keeps its waits in; `otherWaits`: left neither answered nor abandoned nor for a callback, `lost` excluded. */
export type WaitKind = 'answeredWaits' | 'abandonedWaits' | 'callbackWaits' | 'otherWaits';

/** How many waits of one kind are ≤ `seconds`. */
export type WithinOf = (kind: WaitKind, seconds: number) => number;

const total = (waits: Waits) => countWithin(waits, Number.POSITIVE_INFINITY);

/**
 * [SL0] The verdicts of the visits that were answered or left, under the threshold T and the limit S of short abandons, in
 * whole seconds. Exact up to 600 s; where `within` counts visits instead of histograms, beyond it, too.
 */
export function settledVerdicts(
  waits: Readonly<Record<WaitKind, Waits>>,
  { thresholdSeconds: T, shortAbandonSeconds: S }: { thresholdSeconds: number; shortAbandonSeconds: number },
  within: WithinOf = (kind, seconds) => countWithin(waits[kind], seconds),
): Verdicts {
  const answered = total(waits.answeredWaits);
  const abandoned = total(waits.abandonedWaits);
  const flowOuts = total(waits.callbackWaits) + total(waits.otherWaits);
  const met = within('answeredWaits', T);
  const abandonedWithin = within('abandonedWaits', T);
  const callbackWithin = within('callbackWaits', T);
  const otherWithin = callbackWithin + within('otherWaits', T);
  return {
    met,
    missed: answered + abandoned + flowOuts - met - abandonedWithin - otherWithin,
    answered,
    abandoned,
    abandonedWithin,
    short: within('abandonedWaits', S),
    shortWithin: within('abandonedWaits', Math.min(S, T)),
    callbackWithin,
    otherWithin,
    flowOuts,
  };
}

/** Of the missed, the visits that are still waiting. */
export function missedWaiting(v: Verdicts): number {
  return v.missed - (v.answered + v.abandoned + v.flowOuts - v.met - v.abandonedWithin - v.otherWithin);
}
