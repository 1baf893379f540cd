import { countWithin, EXACT_SECONDS } from '../metrics/histogram.ts';
import { isMeasured } from '../metrics/tally.ts';
import type { Thresholds } from '../metrics/thresholds.ts';
import { settledVerdicts, type WaitKind } from '../metrics/verdicts.ts';
import { addHandled, type Counts, countWaiting, emptyCounts } from './counts.ts';
import type { Queue, Visit } from './model.ts';
import type { LiveState } from './state.ts';
import { wrapUpOf } from './wrapOf.ts';

/** [T2] Today: what entered today, with all that became of it. */
export function countToday(state: LiveState, queue: Queue, t: Thresholds, now: number): Counts {
  const counts = emptyCounts();
  const tally = { ...queue.tally };
  counts.tally = tally;
  const v = settledVerdicts(queue.tally, t, (kind, seconds) =>
    seconds <= EXACT_SECONDS
      ? countWithin(queue.tally[kind], seconds)
      : scanWithin(state, queue, FITS[kind], seconds),
  );
  counts.verdicts = v;
  counts.shortAbandoned = v.short;
  for (const visit of queue.waiting) {
    if (visit.enteredAt < state.dayStart) continue;
    const age = now - visit.enteredAt;
    if (age > t.maxWaitMs) {
      tally.open--;
      tally.lost++;
    } else if (isMeasured(visit) && age > t.thresholdSeconds * 1_000) v.missed++;
  }
  for (const [visit, call] of state.wrapping) {
    if (visit.queueId !== queue.id || visit.enteredAt < state.dayStart) continue;
    const { doneAt, ms } = wrapUpOf(call, visit, now);
    if (doneAt !== null) addHandled(tally, visit, ms);
  }
  const { answeredWaits, abandonedWaits, callbackWaits, otherWaits } = queue.tally;
  counts.histograms = [answeredWaits, abandonedWaits, callbackWaits, otherWaits];
  countWaiting(counts, queue, t, now);
  return counts;
}

/** Which visits a histogram holds. */
const FITS: Record<WaitKind, (visit: Visit) => boolean> = {
  answeredWaits: ({ outcome }) => outcome === 'answered',
  abandonedWaits: ({ outcome }) => outcome === 'abandoned',
  callbackWaits: ({ outcome }) => outcome === 'callback_requested',
  otherWaits: ({ outcome }) => !['answered', 'abandoned', 'callback_requested'].includes(outcome),
};

/** Thresholds beyond the exact part of the histogram are counted from the visits themselves. */
function scanWithin(
  state: LiveState,
  queue: Queue,
  fits: (visit: Visit) => boolean,
  seconds: number,
): number {
  let count = 0;
  for (const visit of queue.visits) {
    if (visit.gone || visit.enteredAt < state.dayStart || visit.settledAt === null || !isMeasured(visit))
      continue;
    if (visit.outcome !== 'lost' && fits(visit) && visit.waitMs <= seconds * 1_000) count++;
  }
  return count;
}
