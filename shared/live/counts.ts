import type { Window } from '../contract/metrics.ts';
import type { LiveSettings } from '../contract/settings.ts';
import type { ExactWaits, WaitHistogram } from '../metrics/histogram.ts';
import { addVerdicts, emptyVerdicts, type Verdicts } from '../metrics/serviceLevel.ts';
import {
  emptyCounts as emptyTallyCounts,
  isMeasured,
  mergeCounts,
  type TallyCounts,
} from '../metrics/tally.ts';
import { type Thresholds, thresholdsInForce } from '../metrics/thresholds.ts';
import type { Call, Queue, Visit } from './model.ts';

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
  waits: ExactWaits[];
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

/** What waits now, whatever the window. */
export function countWaiting(counts: Counts, queue: Queue, thresholds: Thresholds, now: number): void {
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
}

export function addHandled(tally: TallyCounts, visit: Visit, wrapUpMs: number): void {
  tally.handled++;
  tally.talkMs += visit.talkMs ?? 0;
  tally.holdMs += visit.holdMs ?? 0;
  if (visit.holdMs !== null) tally.holdKnown++;
  tally.wrapUpMs += wrapUpMs;
}

/** Adds one queue's counts to a total. */
export function addCounts(total: Counts, queue: Counts): void {
  mergeCounts(total.tally, queue.tally);
  addVerdicts(total.verdicts, queue.verdicts);
  total.shortAbandoned += queue.shortAbandoned;
  total.waiting += queue.waiting;
  total.waitingOverThreshold += queue.waitingOverThreshold;
  total.callbackBacklog += queue.callbackBacklog;
  total.waits.push(...queue.waits);
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
