import type { AgentView } from '../../../shared/contract/metrics.ts';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { spend as addSpent, overlap } from '../../../shared/live/agentTime.ts';
import { countMiss, countRefusal, findLongestWaits, takeOut } from '../../../shared/live/contribute.ts';
import type { Counted } from '../../../shared/live/counted.ts';
import { servedWithin, visitFacts } from '../../../shared/live/facts.ts';
import { measureQueue, measureTotal } from '../../../shared/live/measure.ts';
import type { Agent, Call, Segment } from '../../../shared/live/model.ts';
import { factsAt } from '../../../shared/live/presence.ts';
import { queueIds, type Sectors, sectorIds, sectorOf } from '../../../shared/live/sectors.ts';
import type { LiveState } from '../../../shared/live/state.ts';
import { measureAgent } from '../../../shared/live/views.ts';
import type { VisitFact } from '../../../shared/metrics/facts.ts';
import { thresholdsInForce } from '../../../shared/metrics/thresholds.ts';
import { timeMetrics } from '../../../shared/metrics/timeMetrics.ts';
import { addTime, emptyTimeSums, mergeTime, type TimeSums } from '../../../shared/metrics/timeSums.ts';
import type { LocalDay } from '../../log/localDay.ts';
import { inSlices } from '../../log/slices.ts';
import { made } from './made.ts';
import type { Unended } from './recount/recountDay.ts';
import type { Figures, Sheet } from './sheet.ts';

/** What live says of a day that is over, read off a state folded for it [L14]. */

/** A talk silent for this long has ended [V10]. */
const SILENT_TALK_MS = 12 * 3_600_000;

export interface SettledDay {
  /** When its last visit ended or was closed [V10]; epoch ms. */
  settledAt: number;
  unended: Unended;
  /** Identities of those whom a wall shows. */
  people: string[];
}

/**
 * Leaves in `state` what `today` was made of when the day ended, with all that became of it: what entered or happened
 * since counts in another today, and goes the way a refold takes it out. Answers when the day settled; `foldEnd`: until
 * when it was folded.
 */
export async function settleDay(
  state: LiveState,
  day: LocalDay,
  settings: LiveSettings,
  foldEnd: number,
): Promise<SettledDay> {
  let settledAt = day.end;
  const queues = new Set<string>();
  const agents = new Set<string>();
  await inSlices(state.calls.values(), (call) => {
    for (const visit of visitFacts(state, call, day)) {
      settledAt = Math.max(settledAt, endOf(visit, settings) ?? foldEnd);
      if (visit.outcome !== 'answered' || visit.talkMs === null || visit.handledAt !== null) continue;
      queues.add(visit.queueId);
      if (visit.identity !== null) agents.add(visit.identity);
    }
    leaveOutLater(state, call, day);
  });
  await inSlices(state.queues.values(), (queue) => findLongestWaits(queue, day.start, null), {
    itemsPerLook: 1,
  });
  const people: string[] = [];
  for (const { identity, facts, displayId } of state.agents.values()) {
    facts.outbound = facts.outbound.filter(({ at }) => at < day.end);
    if (displayId !== null) people.push(identity);
  }
  return { settledAt, unended: { queues, agents }, people };
}

/** When a visit was over for good; null where nobody will ever say. */
function endOf(visit: VisitFact, settings: LiveSettings): number | null {
  switch (visit.outcome) {
    case 'open':
      return visit.enteredAt + thresholdsInForce(settings, visit.queueId).maxWaitMs + 1;
    case 'answered':
      if (visit.endedAt === null) return (visit.settledAt ?? visit.enteredAt) + SILENT_TALK_MS;
      return visit.talkMs === null ? visit.endedAt : visit.handledAt;
    default:
      return visit.settledAt ?? visit.enteredAt;
  }
}

function leaveOutLater(state: LiveState, call: Call, { end }: LocalDay): void {
  for (const visit of call.visits) {
    if (visit.enteredAt < end) continue;
    takeOut(state, call, visit);
    visit.gone = true;
  }
  for (const refusal of call.refusals) if (refusal.at >= end) countRefusal(state, refusal, -1);
  for (const miss of call.misses) if (miss.at >= end) countMiss(state, miss, -1);
  if (call.visits.some(({ gone }) => gone)) call.visits = call.visits.filter(({ gone }) => !gone);
}

/** Every figure of the day as of `settledAt`, as live's own endpoints measure it; time until the day's end. `asOf`: of the state. */
export async function liveSheet(
  state: LiveState,
  settings: LiveSettings,
  day: LocalDay,
  { settledAt, people }: SettledDay,
  asOf: number,
): Promise<Sheet> {
  const query = { window: 'today' } as const;
  const counted: Counted = new Map();
  const time = await timelines(state, settings, day, people, asOf);
  const queues = new Map<string, Figures>();
  await inSlices(
    queueIds(state, settings, null),
    (id) => {
      const metrics = measureQueue(state, settings, settledAt, id, query, counted);
      queues.set(id, { ...visitFigures(metrics), ...timeMetrics(time.queues.get(id) ?? emptyTimeSums()) });
    },
    { itemsPerLook: 1 },
  );
  const totalOf = (sectors: Sectors, spent = emptyTimeSums()): Figures => {
    const total = measureTotal(state, settings, settledAt, query, sectors, counted);
    return { calls: total.calls, ...visitFigures(total), ...timeMetrics(spent) };
  };
  const total = totalOf(null, time.total);
  const sectors = new Map<string, Figures>();
  await inSlices(
    sectorIds(state, settings),
    (id) => sectors.set(id, totalOf(new Set([id]), time.sectors.get(id))),
    { itemsPerLook: 1 },
  );
  const agents = new Map<string, Figures>();
  await inSlices(people, (identity) => {
    const seen = measureAgent(state, settings, settledAt, state.agents.get(identity)?.displayId ?? '');
    if (seen) agents.set(identity, agentFigures(seen, time.agents.get(identity)));
  });
  return {
    total,
    sectors,
    queues,
    agents,
    blank: {
      sector: totalOf(new Set()),
      queue: {
        ...visitFigures(measureQueue(state, settings, settledAt, '', query)),
        ...timeMetrics(emptyTimeSums()),
      },
      agent: agentFigures({
        answered: 0,
        handled: 0,
        missedRings: 0,
        outbound: 0,
        ahtMs: null,
        averageTalkMs: null,
      }),
    },
  };
}

type Measured = ReturnType<typeof measureQueue> | ReturnType<typeof measureTotal>;

/** What follows from visits. Who waits or is there now is no figure of a day; how a queue's agents spent it, live tells of those who are there now. */
function visitFigures(m: Measured): Figures {
  return {
    received: m.received,
    refused: m.refused,
    offered: m.offered,
    outsideHours: m.outsideHours,
    answered: m.answered,
    handled: m.handled,
    abandoned: m.abandoned,
    shortAbandoned: m.shortAbandoned,
    timedOut: m.timedOut,
    noAgents: m.noAgents,
    keyExits: m.keyExits,
    callbacks: m.callbacks,
    overflowed: m.overflowed,
    withdrawn: m.withdrawn,
    lost: m.lost,
    open: m.open,
    transferred: m.transferred,
    missedRings: m.missedRings,
    serviceLevel: m.serviceLevel,
    abandonmentRate: m.abandonmentRate,
    completionRate: m.completionRate,
    transferRate: m.transferRate,
    asaMs: m.asaMs,
    averageAbandonMs: m.averageAbandonMs,
    ahtMs: m.ahtMs,
    averageTalkMs: m.averageTalkMs,
    averageHoldMs: m.averageHoldMs,
    averageWrapUpMs: m.averageWrapUpMs,
    maxWaitMs: m.maxWaitMs,
    maxAnsweredWaitMs: m.maxAnsweredWaitMs,
    waitP50Ms: m.waitP50Ms,
    waitP80Ms: m.waitP80Ms,
    waitP90Ms: m.waitP90Ms,
    waitP95Ms: m.waitP95Ms,
  };
}

function agentFigures(
  seen: Pick<AgentView, 'answered' | 'handled' | 'missedRings' | 'outbound' | 'ahtMs' | 'averageTalkMs'>,
  time = emptyTimeSums(),
): Figures {
  const { answered, handled, missedRings, outbound, ahtMs, averageTalkMs } = seen;
  return { answered, handled, missedRings, outbound, ahtMs, averageTalkMs, ...timeMetrics(time) };
}

interface Time {
  total: TimeSums;
  /** Of agents while they served it, as history has it [T5]. */
  queues: Map<string, TimeSums>;
  /** Of agents while they served any of its queues. */
  sectors: Map<string, TimeSums>;
  agents: Map<string, TimeSums>;
}

async function timelines(
  state: LiveState,
  settings: LiveSettings,
  day: LocalDay,
  people: readonly string[],
  asOf: number,
): Promise<Time> {
  const time: Time = { total: emptyTimeSums(), queues: new Map(), sectors: new Map(), agents: new Map() };
  await inSlices(
    people,
    (identity) => {
      const agent = state.agents.get(identity);
      if (!agent) return;
      const own = spend(state, settings, agent, day, asOf, time);
      time.agents.set(identity, own);
      mergeTime(time.total, own);
    },
    { itemsPerLook: 1 },
  );
  return time;
}

/** The sums live keeps of an agent's day, less what it added since the day ended; by queue, sector and direction from the timeline. */
function spend(
  state: LiveState,
  settings: LiveSettings,
  agent: Agent,
  day: LocalDay,
  asOf: number,
  { queues, sectors }: Pick<Time, 'queues' | 'sectors'>,
): TimeSums {
  const facts = factsAt(state, settings, agent, asOf);
  const sums = { ...facts.sums };
  let outboundMs = 0;
  const stretch = ({ state, reason }: Pick<Segment, 'state' | 'reason'>, from: number, to: number) => {
    const [start, end] = [Math.max(from, day.start), Math.min(to, day.end)];
    if (state === 'offline' || start >= end) return;
    if (state === 'talking' && reason === 'outbound') outboundMs += end - start;
    for (const part of servedWithin(facts, { start, end })) {
      const spent = { state, reason, ms: part.end - part.start };
      const served = new Set([...part.queues].map((id) => sectorOf(settings, id)));
      for (const id of part.queues) addTime(made(queues, id, emptyTimeSums), spent);
      for (const id of served) addTime(made(sectors, id, emptyTimeSums), spent);
    }
  };
  addSpent(sums, facts, overlap(facts.since, day.end, day.start, day.end));
  stretch(facts, facts.since, day.end);
  for (let segment = facts.recent; segment !== null && segment.to > day.start; segment = segment.before) {
    addSpent(sums, segment, -overlap(segment.from, segment.to, day.end, segment.to));
    stretch(segment, segment.from, segment.to);
  }
  return {
    talkingMs: sums.talking,
    outboundMs,
    holdMs: sums.hold,
    ringingMs: sums.ringing,
    wrapUpMs: sums.wrap_up,
    pausedMs: sums.paused,
    availableMs: sums.available,
    closedMs: sums.closed,
  };
}
