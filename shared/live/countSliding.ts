import { WINDOW_MS } from '../contract/metrics.ts';
import { ascending } from '../metrics/histogram.ts';
import { isClosedAt } from '../metrics/openingHours.ts';
import type { Verdicts } from '../metrics/serviceLevel.ts';
import { countCallbackOutcome, isMeasured, OUTCOME_FIELD } from '../metrics/tally.ts';
import type { Thresholds } from '../metrics/thresholds.ts';
import { addCall, addCounts, addHandled, type Counts, countWaiting, emptyCounts } from './counts.ts';
import type { Call, Queue, Visit } from './model.ts';
import type { LiveState } from './state.ts';
import { wrapUpOf } from './wrapOf.ts';

/**
 * [T7] Sliding windows: what happened in them, each thing by the instant at which it happened. One walk for all: a thing is
 * counted in the narrowest window it is in, and a window is what is counted in it and in the narrower ones.
 */
export function countSliding(
  { settings }: LiveState,
  queue: Queue,
  t: Thresholds,
  now: number,
): Record<keyof typeof WINDOW_MS, Counts> {
  const [last15, until30, until60] = [emptyPart(), emptyPart(), emptyPart()];
  const countsAt = (at: number): Part | null => {
    const age = now - at;
    if (age < WINDOW_MS.last15) return last15;
    if (age < WINDOW_MS.last30) return until30;
    return age < WINDOW_MS.last60 ? until60 : null;
  };
  for (const { visit, call } of queue.recent) {
    if (visit.gone) continue;
    const entered = countsAt(visit.enteredAt);
    if (entered !== null) {
      const { tally } = entered;
      tally.offered++;
      if (isClosedAt(settings, queue.id, visit.enteredAt)) tally.outsideHours++;
      if (!isMeasured(visit)) tally.callbackOffered++;
      addCall(entered.callsOffered, call);
      if (visit.outcome === 'open' && now - visit.enteredAt <= t.maxWaitMs) tally.open++;
    }
    const settledAt = settledBy(visit, t, now);
    const settled = settledAt === null ? null : countsAt(settledAt);
    if (settled !== null) {
      addCall(settled.callsLeft, call);
      countSettled(settled, visit, t);
    }
    const verdictAt = verdictBy(visit, t, now);
    const judged = verdictAt === null ? null : countsAt(verdictAt);
    if (judged !== null) countVerdict(judged.verdicts, visit, t);
    countHandling(countsAt, visit, call, now);
  }
  for (const { kind, entry } of queue.recentEvents) {
    const counts = entry.gone ? null : countsAt(entry.at);
    if (counts !== null) counts.tally[kind === 'refused' ? 'refused' : 'missedRings']++;
  }
  const windows = {
    last15: together(last15),
    last30: together(last15, until30),
    last60: together(last15, until30, until60),
  };
  for (const counts of Object.values(windows)) countWaiting(counts, queue, t, now);
  return windows;
}

/** What is counted in a window and in none that is narrower. */
interface Part extends Counts {
  /** In ms, as they come. */
  unsortedWaits: number[];
}

const emptyPart = (): Part => ({ unsortedWaits: [], ...emptyCounts() });

function together(...parts: Part[]): Counts {
  const total = emptyCounts();
  for (const part of parts) addCounts(total, part);
  total.waits = [ascending(parts.map(({ unsortedWaits }) => unsortedWaits))];
  return total;
}

/** When a visit was answered or left; a ghost is lost once it has waited too long [V10]. */
function settledBy(visit: Visit, t: Thresholds, now: number): number | null {
  if (visit.outcome !== 'open') return visit.settledAt;
  return now - visit.enteredAt > t.maxWaitMs ? visit.enteredAt + t.maxWaitMs : null;
}

function countSettled(counts: Part, visit: Visit, t: Thresholds): void {
  const { tally } = counts;
  tally[OUTCOME_FIELD[visit.outcome === 'open' ? 'lost' : visit.outcome]]++;
  if (!isMeasured(visit)) countCallbackOutcome(tally, visit, 1);
  if (visit.outcome === 'open' || visit.outcome === 'lost' || !isMeasured(visit)) return;
  counts.unsortedWaits.push(visit.waitMs);
  tally.maxWaitMs = Math.max(tally.maxWaitMs, visit.waitMs);
  if (visit.outcome === 'answered') {
    tally.answeredWaitMs += visit.waitMs;
    tally.maxAnsweredWaitMs = Math.max(tally.maxAnsweredWaitMs, visit.waitMs);
  } else if (visit.outcome === 'abandoned') {
    tally.abandonedWaitMs += visit.waitMs;
    if (visit.waitMs <= t.shortAbandonSeconds * 1_000) counts.shortAbandoned++;
  }
}

/** [SL0] The verdict falls at the earliest of answer, leaving and entry + T; null where there is none (yet). */
function verdictBy(visit: Visit, t: Thresholds, now: number): number | null {
  if (!isMeasured(visit) || visit.outcome === 'lost') return null;
  const T = t.thresholdSeconds * 1_000;
  if (visit.outcome !== 'open') return visit.waitMs <= T ? visit.settledAt : visit.enteredAt + T;
  const age = now - visit.enteredAt;
  return age > T && age <= t.maxWaitMs ? visit.enteredAt + T : null;
}

function countVerdict(v: Verdicts, visit: Visit, t: Thresholds): void {
  if (visit.outcome === 'open') {
    v.missed++;
    return;
  }
  const within = visit.waitMs <= t.thresholdSeconds * 1_000;
  const isShort = visit.outcome === 'abandoned' && visit.waitMs <= t.shortAbandonSeconds * 1_000;
  if (!within) v.missed++;
  if (isShort) v.short++;
  if (visit.outcome === 'answered') {
    v.answered++;
    if (within) v.met++;
  } else if (visit.outcome === 'abandoned') {
    v.abandoned++;
    if (within) v.abandonedWithin++;
    if (within && isShort) v.shortWithin++;
  } else {
    v.flowOuts++;
    if (within) v.otherWithin++;
    if (within && visit.outcome === 'callback_requested') v.callbackWithin++;
  }
}

function countHandling(countsAt: (at: number) => Counts | null, visit: Visit, call: Call, now: number): void {
  if (visit.outcome !== 'answered' || visit.endedAt === null) return;
  const ended = countsAt(visit.endedAt);
  if (ended !== null) {
    if (visit.transferred) ended.tally.transferred++;
    if (visit.completed) ended.tally.completed++;
  }
  if (visit.talkMs === null) return;
  const { doneAt, ms } = wrapUpOf(call, visit, now);
  const done = doneAt === null ? null : countsAt(doneAt);
  if (done !== null) addHandled(done.tally, visit, ms);
}
