import { WINDOW_MS, type Window } from '../contract/metrics.ts';
import type { LiveSettings } from '../contract/settings.ts';
import { countWithin, EXACT_SECONDS, type WaitHistogram } from '../metrics/histogram.ts';
import { isClosedAt } from '../metrics/openingHours.ts';
import { addVerdicts, emptyVerdicts, type Verdicts } from '../metrics/serviceLevel.ts';
import {
  countCallbackOutcome,
  emptyCounts as emptyTallyCounts,
  isMeasured,
  mergeCounts,
  OUTCOME_FIELD,
  type TallyCounts,
} from '../metrics/tally.ts';
import { type Thresholds, thresholdsInForce } from '../metrics/thresholds.ts';
import { settledVerdicts, type WaitKind } from '../metrics/verdicts.ts';
import type { Call, Queue, Visit } from './model.ts';
import type { LiveState } from './state.ts';
import { wrapUpOf } from './wrapOf.ts';

/** What a question may override. */
export interface MeasureQuery {
  window: Window;
  definition?: LiveSettings['definition'];
  threshold?: number;
  shortAbandon?: number;
}

/**
 * Everything one window of one queue, or of several added up, counts. `today` fills `tally` from sums kept while
 * folding; a sliding window counts its recent visits.
 */
export interface Counts {
  tally: TallyCounts;
  verdicts: Verdicts;
  shortAbandoned: number;
  waiting: number;
  longestWaitSince: number | null;
  waitingOverThreshold: number;
  callbackBacklog: number;
  /** Waits of visits that left, for percentiles: exact in a sliding window, by histogram today. */
  waits: number[];
  histograms: WaitHistogram[];
  /** Of a sliding window; today's calls are counted by the caller, from those that came back. */
  callsOffered: CallsCounted;
  callsLeft: CallsCounted;
}

/** Distinct calls [T5]. Most visit one queue once and need only be counted; those with more visits are told apart by id. */
export interface CallsCounted {
  once: number;
  several: Set<string>;
}

export function addCall(calls: CallsCounted, call: Call): void {
  if (call.visits.length > 1) calls.several.add(call.id);
  else calls.once++;
}

export function howMany({ once, several }: CallsCounted): number {
  return once + several.size;
}

export function thresholdsOf(settings: LiveSettings, queueId: string, query: MeasureQuery): Thresholds {
  const inForce = thresholdsInForce(settings, queueId);
  return {
    thresholdSeconds: query.threshold ?? inForce.thresholdSeconds,
    shortAbandonSeconds: query.shortAbandon ?? inForce.shortAbandonSeconds,
    maxWaitMs: inForce.maxWaitMs,
  };
}

export function emptyCounts(): Counts {
  return {
    tally: emptyTallyCounts(),
    verdicts: emptyVerdicts(),
    shortAbandoned: 0,
    waiting: 0,
    longestWaitSince: null,
    waitingOverThreshold: 0,
    callbackBacklog: 0,
    waits: [],
    histograms: [],
    callsOffered: { once: 0, several: new Set() },
    callsLeft: { once: 0, several: new Set() },
  };
}

/** Counts one queue at `now` (epoch ms). */
export function countQueue(
  state: LiveState,
  queue: Queue,
  thresholds: Thresholds,
  query: MeasureQuery,
  now: number,
): Counts {
  const counts =
    query.window === 'today'
      ? countToday(state, queue, thresholds, now)
      : countSliding(state, queue, thresholds, query.window, now);
  for (const visit of queue.waiting) {
    const age = now - visit.enteredAt;
    if (age > thresholds.maxWaitMs) continue;
    counts.waiting++;
    if (counts.longestWaitSince === null || visit.enteredAt < counts.longestWaitSince) {
      counts.longestWaitSince = visit.enteredAt;
    }
    if (isMeasured(visit) && age > thresholds.thresholdSeconds * 1_000) counts.waitingOverThreshold++;
  }
  counts.callbackBacklog = queue.backlog.size;
  return counts;
}

/** [T2] Today: what entered today, with all that became of it. */
function countToday(state: LiveState, queue: Queue, t: Thresholds, now: number): Counts {
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

function addHandled(tally: TallyCounts, visit: Visit, wrapUpMs: number): void {
  tally.handled++;
  tally.talkMs += visit.talkMs ?? 0;
  tally.holdMs += visit.holdMs ?? 0;
  if (visit.holdMs !== null) tally.holdKnown++;
  tally.wrapUpMs += wrapUpMs;
}

/** [T7] A sliding window: what happened in it, each thing by the instant at which it happened. */
function countSliding(
  { settings }: LiveState,
  queue: Queue,
  t: Thresholds,
  window: keyof typeof WINDOW_MS,
  now: number,
): Counts {
  const counts = emptyCounts();
  const since = now - WINDOW_MS[window];
  const { tally } = counts;
  for (const { visit, call } of queue.recent) {
    if (visit.gone) continue;
    if (visit.enteredAt > since) {
      tally.offered++;
      if (isClosedAt(settings, queue.id, visit.enteredAt)) tally.outsideHours++;
      if (!isMeasured(visit)) tally.callbackOffered++;
      addCall(counts.callsOffered, call);
      if (visit.outcome === 'open' && now - visit.enteredAt <= t.maxWaitMs) tally.open++;
    }
    const settledAt = settledBy(visit, t, now);
    if (settledAt !== null && settledAt > since) {
      addCall(counts.callsLeft, call);
      countSettled(counts, visit, t);
    }
    countVerdict(counts.verdicts, visit, t, since, now);
    countHandling(counts.tally, visit, call, since, now);
  }
  for (const { kind, entry } of queue.recentEvents) {
    if (!entry.gone && entry.at > since) tally[kind === 'refused' ? 'refused' : 'missedRings']++;
  }
  return counts;
}

/** When a visit was answered or left; a ghost is lost once it has waited too long [V10]. */
function settledBy(visit: Visit, t: Thresholds, now: number): number | null {
  if (visit.outcome !== 'open') return visit.settledAt;
  return now - visit.enteredAt > t.maxWaitMs ? visit.enteredAt + t.maxWaitMs : null;
}

function countSettled(counts: Counts, visit: Visit, t: Thresholds): void {
  const { tally } = counts;
  tally[OUTCOME_FIELD[visit.outcome === 'open' ? 'lost' : visit.outcome]]++;
  if (!isMeasured(visit)) countCallbackOutcome(tally, visit, 1);
  if (visit.outcome === 'open' || visit.outcome === 'lost' || !isMeasured(visit)) return;
  counts.waits.push(visit.waitMs);
  tally.maxWaitMs = Math.max(tally.maxWaitMs, visit.waitMs);
  if (visit.outcome === 'answered') {
    tally.answeredWaitMs += visit.waitMs;
    tally.maxAnsweredWaitMs = Math.max(tally.maxAnsweredWaitMs, visit.waitMs);
  } else if (visit.outcome === 'abandoned') {
    tally.abandonedWaitMs += visit.waitMs;
    if (visit.waitMs <= t.shortAbandonSeconds * 1_000) counts.shortAbandoned++;
  }
}

/** [SL0] The verdict falls at the earliest of answer, leaving and entry + T. */
function countVerdict(v: Verdicts, visit: Visit, t: Thresholds, since: number, now: number): void {
  if (!isMeasured(visit) || visit.outcome === 'lost') return;
  const T = t.thresholdSeconds * 1_000;
  if (visit.outcome === 'open') {
    const age = now - visit.enteredAt;
    if (age > T && age <= t.maxWaitMs && visit.enteredAt + T > since) v.missed++;
    return;
  }
  const within = visit.waitMs <= T;
  const at = within ? (visit.settledAt ?? 0) : visit.enteredAt + T;
  if (at <= since) return;
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

function countHandling(tally: TallyCounts, visit: Visit, call: Call, since: number, now: number): void {
  if (visit.outcome !== 'answered' || visit.endedAt === null) return;
  if (visit.endedAt > since) {
    if (visit.transferred) tally.transferred++;
    if (visit.completed) tally.completed++;
  }
  if (visit.talkMs === null) return;
  const { doneAt, ms } = wrapUpOf(call, visit, now);
  if (doneAt !== null && doneAt > since) addHandled(tally, visit, ms);
}

/** Adds one queue's counts to a total. */
export function addCounts(total: Counts, queue: Counts): void {
  mergeCounts(total.tally, queue.tally);
  addVerdicts(total.verdicts, queue.verdicts);
  total.shortAbandoned += queue.shortAbandoned;
  total.waiting += queue.waiting;
  total.waitingOverThreshold += queue.waitingOverThreshold;
  total.callbackBacklog += queue.callbackBacklog;
  for (const wait of queue.waits) total.waits.push(wait);
  for (const calls of ['callsOffered', 'callsLeft'] as const) {
    total[calls].once += queue[calls].once;
    for (const id of queue[calls].several) total[calls].several.add(id);
  }
  total.histograms.push(...queue.histograms);
  if (queue.longestWaitSince !== null) {
    total.longestWaitSince = Math.min(
      total.longestWaitSince ?? Number.POSITIVE_INFINITY,
      queue.longestWaitSince,
    );
  }
}
