import type { Definition, Metrics, QueueMetrics, SectorMetrics, TotalMetrics } from '../contract/metrics.ts';
import type { LiveSettings } from '../contract/settings.ts';
import { exactPercentiles, histogramPercentiles } from '../metrics/histogram.ts';
import { openingAt } from '../metrics/openingHours.ts';
import { ratio, serviceLevelParts } from '../metrics/serviceLevel.ts';
import { type Counted, countOnce } from './counted.ts';
import { addCounts, type Counts, emptyCounts, type MeasureQuery, thresholdsOf } from './counts.ts';
import { estimate } from './estimate.ts';
import type { Agent, Queue } from './model.ts';
import { presenceOf } from './presence.ts';
import { queueIds, type Sectors, sectorIds, sectorOf } from './sectors.ts';
import type { LiveState } from './state.ts';
import { emptyQueue } from './state.ts';
import { targetsOf } from './targets.ts';

/**
 * Reads numbers off the state [L5]: pure in (state, settings, now, query). Every number's definition is in
 * docs/metrics.md under the rule id its code cites.
 */

const RANKS = [0.5, 0.8, 0.9, 0.95] as const;

export function measureQueue(
  state: LiveState,
  settings: LiveSettings,
  now: number,
  queueId: string,
  query: MeasureQuery,
  counted: Counted = new Map(),
): QueueMetrics {
  const queue = state.queues.get(queueId) ?? emptyQueue(queueId);
  const thresholds = thresholdsOf(settings, queueId, query);
  const counts = countOnce(counted, state, queue, thresholds, query, now);
  const members = agentsOf(state, queue);
  const definition = query.definition ?? settings.definition;
  const metrics = toMetrics(state, settings, now, query, counts, members, [queue]);
  const { tally } = countOnce(counted, state, queue, thresholds, { ...query, window: 'last60' }, now);
  metrics.estimatedWaitMs = estimate(state, settings, now, queue, members, metrics, tally);
  return {
    queueId,
    name: settings.queues.get(queueId)?.name ?? queueId,
    sectorId: sectorOf(settings, queueId),
    opening: openingOf(settings, queueId, now),
    thresholdSeconds: thresholds.thresholdSeconds,
    definition,
    targets: targetsOf(settings, queueId),
    ...metrics,
  };
}

/** A total over the tenant, or over the sectors named [T9]; agents in several of its queues count once [T5]. */
export function measureTotal(
  state: LiveState,
  settings: LiveSettings,
  now: number,
  query: MeasureQuery,
  sectors: Sectors = null,
  counted: Counted = new Map(),
): TotalMetrics {
  const ids = queueIds(state, settings, sectors);
  const total = emptyCounts();
  const queues: Queue[] = [];
  const thresholds = new Set<number>();
  const offered = new Set<string>();
  const left = new Set<string>();
  for (const id of ids) {
    const t = thresholdsOf(settings, id, query);
    thresholds.add(t.thresholdSeconds);
    const queue = state.queues.get(id);
    if (!queue) continue;
    queues.push(queue);
    const counts = countOnce(counted, state, queue, t, query, now);
    addCounts(total, counts);
    for (const callId of counts.callIdsOffered ?? []) offered.add(callId);
    for (const callId of counts.callIdsLeft ?? []) left.add(callId);
  }
  total.callsOffered = query.window === 'today' ? callsToday(state, new Set(ids), total) : offered.size;
  total.callsLeft = left.size;
  const members = sectors === null ? [...state.agents.values()] : distinctAgents(state, queues);
  const [only, ...more] = thresholds;
  const metrics = toMetrics(state, settings, now, query, total, members, queues);
  return {
    definition: query.definition ?? settings.definition,
    thresholdSeconds: more.length === 0 ? (only ?? settings.thresholdSeconds) : null,
    targets: targetsOf(settings),
    calls: total.callsOffered,
    ...metrics,
    abandonmentRate: abandonmentOfCalls(total, query),
  };
}

export function measureSector(
  state: LiveState,
  settings: LiveSettings,
  now: number,
  sectorId: string,
  query: MeasureQuery,
  counted: Counted = new Map(),
): SectorMetrics {
  const name = settings.sectors.get(sectorId) ?? sectorId;
  return { sectorId, name, ...measureTotal(state, settings, now, query, new Set([sectorId]), counted) };
}

/** Totals, sectors and queues at once, of the sectors named or of all: the body of GET /metrics/live. */
export function measure(
  state: LiveState,
  settings: LiveSettings,
  now: number,
  query: MeasureQuery,
  sectors: Sectors = null,
): {
  window: MeasureQuery['window'];
  totals: TotalMetrics;
  sectors: SectorMetrics[];
  queues: QueueMetrics[];
} {
  const counted: Counted = new Map();
  return {
    window: query.window,
    totals: measureTotal(state, settings, now, query, sectors, counted),
    sectors: sectorIds(state, settings, sectors).map((id) =>
      measureSector(state, settings, now, id, query, counted),
    ),
    queues: queueIds(state, settings, sectors).map((id) =>
      measureQueue(state, settings, now, id, query, counted),
    ),
  };
}

/** Queues whose numbers can change by time alone: callers wait, a window is not empty, agents are there, it has hours [L6]. */
export function* timeDependentQueues(state: LiveState, settings: LiveSettings): Iterable<string> {
  for (const [id, { openingHours }] of settings.queues) if (openingHours) yield id;
  for (const queue of state.queues.values()) {
    if (
      queue.waiting.size > 0 ||
      queue.recent.length > 0 ||
      queue.recentEvents.length > 0 ||
      queue.members.size > 0
    ) {
      yield queue.id;
    }
  }
}

function openingOf(
  { queues, timeZone }: LiveSettings,
  queueId: string,
  now: number,
): QueueMetrics['opening'] {
  const hours = queues.get(queueId)?.openingHours;
  if (!hours) return null;
  const { isOpen, changesAt } = openingAt(hours, timeZone, now);
  return { isOpen, changesAt: changesAt === null ? null : toIso(changesAt) };
}

function agentsOf(state: LiveState, queue: Queue): Agent[] {
  const agents: Agent[] = [];
  for (const identity of queue.members) {
    const agent = state.agents.get(identity);
    if (agent) agents.push(agent);
  }
  return agents;
}

function distinctAgents(state: LiveState, queues: readonly Queue[]): Agent[] {
  return [...new Set(queues.flatMap((queue) => agentsOf(state, queue)))];
}

/** Visits minus the repeats of calls that entered several of the queues today. */
function callsToday(state: LiveState, ids: ReadonlySet<string>, total: Counts): number {
  let calls = total.tally.offered;
  for (const call of state.revisiting) {
    const visits = call.visits.filter((visit) => visit.enteredAt >= state.dayStart && ids.has(visit.queueId));
    if (visits.length > 1) calls -= visits.length - 1;
  }
  return calls;
}

/** [V4] of a total: what was abandoned, of the calls [T5]. */
function abandonmentOfCalls(total: Counts, query: MeasureQuery): number | null {
  const { tally: t } = total;
  const abandoned = t.abandoned - t.callbackAbandoned - total.shortAbandoned;
  const calls =
    query.window === 'today'
      ? total.callsOffered - t.callbackOffered - (t.open + t.lost - t.callbackUnsettled)
      : total.callsLeft - t.lost - t.callbackAnswered - t.callbackAbandoned;
  return ratio(abandoned, calls - total.shortAbandoned);
}

/** [V4] of one queue: by entry today, by leaving in a sliding window [T7]. */
function abandonmentRate(counts: Counts, query: MeasureQuery): number | null {
  const { tally: t } = counts;
  const abandoned = t.abandoned - t.callbackAbandoned - counts.shortAbandoned;
  const all =
    query.window === 'today'
      ? t.offered - t.callbackOffered - (t.open + t.lost - t.callbackUnsettled)
      : settled(counts) - t.callbackAnswered - t.callbackAbandoned;
  return ratio(abandoned, all - counts.shortAbandoned);
}

/** Visits that were answered or left; `lost` apart. */
function settled({ tally: t }: Counts): number {
  return (
    t.answered + t.abandoned + t.timedOut + t.noAgents + t.keyExits + t.callbacks + t.overflowed + t.withdrawn
  );
}

function toMetrics(
  state: LiveState,
  settings: LiveSettings,
  now: number,
  query: MeasureQuery,
  counts: Counts,
  members: readonly Agent[],
  queues: readonly Queue[],
): Metrics {
  const { tally: t, verdicts } = counts;
  const definition: Definition = query.definition ?? settings.definition;
  const level = serviceLevelParts(definition, verdicts, settings.genesys);
  const answered = t.answered - t.callbackAnswered;
  const abandoned = t.abandoned - t.callbackAbandoned;
  const [p50, p80, p90, p95] =
    query.window === 'today'
      ? histogramPercentiles(counts.histograms, RANKS)
      : exactPercentiles(counts.waits, RANKS);
  const waits = settled(counts) - t.callbackAnswered - t.callbackAbandoned;
  const completable = query.window === 'today' ? t.offered - t.open - t.lost : settled(counts);
  const presence = presenceOf(state, settings, now, query.window, members, queues);
  const minimum = settings.minimumSample;
  const small = (size: number, needed: number, ...names: (keyof Metrics)[]) =>
    size > 0 && size < needed ? names : [];
  return {
    received: t.offered + t.refused,
    refused: t.refused,
    offered: t.offered,
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
    waiting: counts.waiting,
    longestWaitSince: counts.longestWaitSince === null ? null : toIso(counts.longestWaitSince),
    waitingOverThreshold: counts.waitingOverThreshold,
    callbackBacklog: counts.callbackBacklog,
    serviceLevel: ratio(level.good, level.of),
    abandonmentRate: abandonmentRate(counts, query),
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
    estimatedWaitMs: null,
    ...presence.metrics,
    missedRings: t.missedRings,
    lowSample: [
      ...small(level.of, minimum, 'serviceLevel'),
      ...small(settled(counts), minimum, 'abandonmentRate', 'completionRate', 'waitP50Ms', 'waitP80Ms'),
      ...small(answered, minimum, 'asaMs', 'transferRate'),
      ...small(abandoned, minimum, 'averageAbandonMs'),
      ...small(t.handled, minimum, 'ahtMs', 'averageTalkMs', 'averageHoldMs', 'averageWrapUpMs'),
      ...small(waits, 10, 'waitP90Ms'),
      ...small(waits, 20, 'waitP95Ms'),
    ],
  };
}

export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
