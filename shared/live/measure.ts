import type { Metrics, QueueMetrics, SectorMetrics, TotalMetrics } from '../contract/metrics.ts';
import type { LiveSettings } from '../contract/settings.ts';
import { openingAt } from '../metrics/openingHours.ts';
import { type DistinctCalls, visitMetrics } from '../metrics/visitMetrics.ts';
import { type Counted, countOnce } from './counted.ts';
import { addCounts, type Counts, emptyCounts, howMany, type MeasureQuery, thresholdsOf } from './counts.ts';
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
  for (const id of ids) {
    const t = thresholdsOf(settings, id, query);
    thresholds.add(t.thresholdSeconds);
    const queue = state.queues.get(id);
    if (!queue) continue;
    queues.push(queue);
    addCounts(total, countOnce(counted, state, queue, t, query, now));
  }
  const callsOffered =
    query.window === 'today' ? callsToday(state, new Set(ids), total) : howMany(total.callsOffered);
  const calls = { callsOffered, callsLeft: howMany(total.callsLeft) };
  const members = sectors === null ? [...state.agents.values()] : distinctAgents(state, queues);
  const [only, ...more] = thresholds;
  const metrics = toMetrics(state, settings, now, query, total, members, queues, calls);
  return {
    definition: query.definition ?? settings.definition,
    thresholdSeconds: more.length === 0 ? (only ?? settings.thresholdSeconds) : null,
    targets: targetsOf(settings),
    calls: callsOffered,
    ...metrics,
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
      queue.waiting.length > 0 ||
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

function toMetrics(
  state: LiveState,
  settings: LiveSettings,
  now: number,
  query: MeasureQuery,
  counts: Counts,
  members: readonly Agent[],
  queues: readonly Queue[],
  calls: DistinctCalls | null = null,
): Metrics {
  const reading = {
    definition: query.definition ?? settings.definition,
    genesys: settings.genesys,
    minimumSample: settings.minimumSample,
    isSliding: query.window !== 'today',
  };
  const presence = presenceOf(state, settings, now, query.window, members, queues);
  // Own fields first: V8 makes a shape of its own, every time, for each field added to an object that begins with a spread.
  return {
    waiting: counts.waiting,
    longestWaitSince: counts.longestWaitSince === null ? null : toIso(counts.longestWaitSince),
    waitingOverThreshold: counts.waitingOverThreshold,
    callbackBacklog: counts.callbackBacklog,
    estimatedWaitMs: null,
    ...presence.metrics,
    ...visitMetrics(counts, reading, calls),
  };
}

export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
