import type { Definition, Metrics } from '../contract/metrics.ts';
import type { LiveSettings } from '../contract/settings.ts';
import { type ExactWaits, exactPercentiles, histogramPercentiles, type Waits } from './histogram.ts';
import { ratio, serviceLevelParts, type Verdicts } from './serviceLevel.ts';
import type { TallyCounts } from './tally.ts';

/**
 * What counts of visits say: the one place that turns them into numbers, of a wall and of history alike. Every number's
 * definition is in docs/metrics.md under the rule id its code cites.
 */

/** What has been counted of one queue, or of several added up. */
export interface VisitCounts {
  tally: TallyCounts;
  verdicts: Verdicts;
  shortAbandoned: number;
  /** Waits of visits that left, where there are no histograms of them: in a sliding window. */
  waits: readonly ExactWaits[];
  histograms: readonly Waits[];
}

/** Distinct calls among the offered of a total, and (sliding windows) among those that left [T5]. */
export interface DistinctCalls {
  callsOffered: number;
  callsLeft: number;
}

/** How to read them. */
export interface Reading {
  definition: Definition;
  genesys: LiveSettings['genesys'];
  /** Below this many observations a value is marked lowSample [T4]. */
  minimumSample: number;
  /** Counted are the things that happened in a window [T7], not the visits that entered in it [T2]. */
  isSliding: boolean;
}

/** The metrics that follow from visits alone; not who waits now, and not how agents spend their time. */
export type VisitMetrics = Omit<
  Metrics,
  | 'waiting'
  | 'longestWaitSince'
  | 'waitingOverThreshold'
  | 'callbackBacklog'
  | 'estimatedWaitMs'
  | 'occupancy'
  | 'utilisation'
  | `agents${string}`
>;

const RANKS = [0.5, 0.8, 0.9, 0.95] as const;

/** Numbers of counts; of a total over several queues where its distinct `calls` are told, which its abandonment divides by. */
export function visitMetrics(
  counts: VisitCounts,
  reading: Reading,
  calls: DistinctCalls | null = null,
): VisitMetrics {
  const { tally: t, verdicts } = counts;
  const level = serviceLevelParts(reading.definition, verdicts, reading.genesys);
  const answered = t.answered - t.callbackAnswered;
  const abandoned = t.abandoned - t.callbackAbandoned;
  const [p50, p80, p90, p95] = reading.isSliding
    ? exactPercentiles(counts.waits, RANKS)
    : histogramPercentiles(counts.histograms, RANKS);
  // Of those outside waits nobody waited, however they left [V11].
  const waits = reading.isSliding
    ? counts.waits.reduce((left, list) => left + list.length, 0)
    : verdicts.answered + verdicts.abandoned + verdicts.flowOuts;
  const abandonment = abandonmentParts(counts, reading, calls);
  const completable = reading.isSliding ? settled(t) : t.offered - t.open - t.lost;
  const minimum = reading.minimumSample;
  const lowSample: VisitMetrics['lowSample'] = [];
  const small = (size: number, needed: number, ...names: (keyof VisitMetrics)[]) => {
    if (size > 0 && size < needed) lowSample.push(...names);
  };
  small(level.of, minimum, 'serviceLevel');
  small(abandonment.of, minimum, 'abandonmentRate');
  small(completable, minimum, 'completionRate');
  small(answered, minimum, 'asaMs');
  small(t.answered, minimum, 'transferRate');
  small(abandoned, minimum, 'averageAbandonMs');
  small(t.handled, minimum, 'ahtMs', 'averageTalkMs', 'averageHoldMs', 'averageWrapUpMs');
  small(waits, minimum, 'waitP50Ms', 'waitP80Ms');
  small(waits, 10, 'waitP90Ms');
  small(waits, 20, 'waitP95Ms');
  return {
    received: t.offered + t.refused,
    refused: t.refused,
    offered: t.offered,
    outsideHours: t.outsideHours,
    answered: t.answered,
    handled: t.handled,
    abandoned: t.abandoned,
    shortAbandoned: counts.shortAbandoned,
    timedOut: t.timedOut,
    noAgents: t.noAgents,
    keyExits: t.keyExits,
    callbacks: t.callbacks,
    overflowed: t.overflowed,
    withdrawn: t.withdrawn,
    lost: t.lost,
    open: t.open,
    transferred: t.transferred,
    serviceLevel: ratio(level.good, level.of),
    abandonmentRate: ratio(abandonment.over, abandonment.of),
    completionRate: ratio(t.completed, completable),
    transferRate: ratio(t.transferred, t.answered),
    asaMs: ratio(t.answeredWaitMs, answered),
    averageAbandonMs: ratio(t.abandonedWaitMs, abandoned),
    ahtMs: ratio(t.talkMs + t.holdMs + t.wrapUpMs, t.handled),
    averageTalkMs: ratio(t.talkMs, t.handled),
    averageHoldMs: t.holdKnown > 0 ? ratio(t.holdMs, t.handled) : null,
    averageWrapUpMs: ratio(t.wrapUpMs, t.handled),
    maxWaitMs: waits > 0 ? t.maxWaitMs : null,
    maxAnsweredWaitMs: answered > 0 ? t.maxAnsweredWaitMs : null,
    waitP50Ms: p50 ?? null,
    waitP80Ms: p80 ?? null,
    waitP90Ms: p90 ?? null,
    waitP95Ms: p95 ?? null,
    missedRings: t.missedRings,
    lowSample,
  };
}

/** [V4] by entry, or in a sliding window by leaving [T7]; of a total: what was abandoned, of the calls [T5]. */
function abandonmentParts(
  { tally: t, shortAbandoned }: VisitCounts,
  { isSliding }: Reading,
  calls: DistinctCalls | null,
): { over: number; of: number } {
  const abandoned = t.abandoned - t.callbackAbandoned - shortAbandoned;
  const callbacksSettled = t.callbackAnswered + t.callbackAbandoned;
  const left = calls === null ? settled(t) : calls.callsLeft - t.lost;
  const offered = calls === null ? t.offered : calls.callsOffered;
  const all = isSliding
    ? left - callbacksSettled
    : offered - t.callbackOffered - (t.open + t.lost - t.callbackUnsettled);
  return { over: abandoned, of: all - shortAbandoned };
}

/** Visits that were answered or left; `lost` apart. */
function settled(t: TallyCounts): number {
  return (
    t.answered + t.abandoned + t.timedOut + t.noAgents + t.keyExits + t.callbacks + t.overflowed + t.withdrawn
  );
}
