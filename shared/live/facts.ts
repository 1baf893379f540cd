import type { LegFact, PieceFact, VisitFact } from '../metrics/facts.ts';
import { isClosedAt } from '../metrics/openingHours.ts';
import { isMeasured } from '../metrics/tally.ts';
import type { Agent, AgentFacts, Call, Segment, Visit } from './model.ts';
import { factsAt } from './presence.ts';
import type { LiveState } from './state.ts';
import { wrapOf } from './wrapOf.ts';

/**
 * Reads the facts of history off a state [L5]: what of a call or an agent belongs to the span of time asked for, a local
 * day's. Pure; only a piece that still runs depends on `now`.
 */

/** [from, to) in epoch ms. */
export interface Span {
  start: number;
  end: number;
}

export const QUARTER_MS = 15 * 60_000;
/** A call that enters a queue so soon after leaving another has gone on [T6]. */
const CONTINUES_MS = 60_000;

const isWithin = (at: number, { start, end }: Span): boolean => at >= start && at < end;

/** The visits of a call that entered within the span, and its refusals there. */
export function visitFacts(state: LiveState, call: Call, span: Span): VisitFact[] {
  const facts: VisitFact[] = [];
  call.visits.forEach((visit, index) => {
    if (isWithin(visit.enteredAt, span)) facts.push(visitFact(state, call, visit, index, span));
  });
  call.refusals.forEach((refusal, index) => {
    if (isWithin(refusal.at, span)) facts.push(refusalFact(state, call, refusal, -1 - index));
  });
  return facts;
}

/** What agents had to do with a call, within the span. */
export function legFacts(call: Call, span: Span): LegFact[] {
  const facts: LegFact[] = [];
  call.visits.forEach((visit, index) => {
    const { agent, settledAt } = visit;
    if (agent === null || settledAt === null || !isWithin(visit.enteredAt, span)) return;
    facts.push({
      identity: agent,
      countedAt: visit.enteredAt,
      callId: call.id,
      kind: 'answered',
      nth: index + 1,
      queueId: visit.queueId,
      startedAt: settledAt,
      endedAt: visit.endedAt,
      waitMs: isMeasured(visit) ? visit.waitMs : null,
      talkMs: visit.talkMs,
      holdMs: visit.holdMs,
      ...wrapUpFact(call, visit),
      isTransferred: visit.transferred,
      isCompleted: visit.completed,
    });
  });
  call.misses.forEach((miss, index) => {
    if (!isWithin(miss.at, span)) return;
    const { agent: identity, queueId, at } = miss;
    facts.push(bareLeg({ identity, queueId, callId: call.id, kind: 'missed', nth: index + 1, at }));
  });
  return facts;
}

/** The outbound calls of an agent that ended within the span. */
export function outboundFacts(agent: Agent, span: Span): LegFact[] {
  return agent.facts.outbound.flatMap(({ callId, at, talkMs }, index) => {
    if (!isWithin(at, span)) return [];
    const leg = bareLeg({
      identity: agent.identity,
      queueId: '',
      callId,
      kind: 'outbound',
      nth: index + 1,
      at,
    });
    return [{ ...leg, startedAt: at - (talkMs ?? 0), talkMs }];
  });
}

/**
 * An agent's timeline within the span, up to `now`, cut at quarter hours. `read`: the latest segment whose pieces the reader
 * has; only what follows the latest it still shares with the timeline is read, from `from` on.
 */
export function pieceFacts(
  state: LiveState,
  agent: Agent,
  span: Span,
  now: number,
  read: Segment | null = null,
): { from: number; pieces: PieceFact[] } {
  const facts = factsAt(state, state.settings, agent, Math.min(now, span.end));
  const segments: Segment[] = [];
  let before = facts.recent;
  let known = read;
  while (before !== null && before.to > span.start) {
    // Both run back in time: a segment that both have is reached by the later one waiting for the other.
    while (known !== null && known.to > before.to) known = known.before;
    if (before === known) break;
    segments.push(before);
    before = before.before;
  }
  const from = before === null ? span.start : Math.max(span.start, before.to);
  const pieces: PieceFact[] = [];
  const add = (segment: Omit<Segment, 'before'>, until: number, runs: boolean): void => {
    const end = Math.min(until, span.end);
    for (const { start, end: to, queues } of servedWithin(facts, {
      start: Math.max(segment.from, span.start),
      end,
    }))
      addPieces(pieces, agent, { ...segment, from: start, to, queues }, runs && to === end);
  };
  for (const segment of segments.reverse()) add(segment, segment.to, false);
  const { state: shown, since, reason, callId } = facts;
  const until = Math.min(Math.max(now, since), span.end);
  add({ state: shown, from: since, to: until, reason, callId }, until, until < span.end);
  return { from, pieces };
}

/** A span, cut where the queues served changed, in order. */
export function servedWithin(
  facts: AgentFacts,
  { start, end }: Span,
): (Span & { queues: ReadonlySet<string> })[] {
  const parts: (Span & { queues: ReadonlySet<string> })[] = [];
  let { queues } = facts;
  let to = end;
  for (let change = facts.served; change !== null && change.until > start; change = change.before) {
    if (change.until < to) {
      parts.push({ start: change.until, end: to, queues });
      to = change.until;
    }
    queues = change.queues;
  }
  parts.push({ start, end: to, queues });
  return parts.reverse();
}

function addPieces(
  into: PieceFact[],
  { identity }: Agent,
  segment: Omit<Segment, 'before'> & { queues: ReadonlySet<string> },
  runs: boolean,
): void {
  const { state, from, to: end, reason, callId, queues } = segment;
  if (state === 'offline') return;
  for (let at = from; at < end || (runs && at === end); ) {
    const cut = (Math.floor(at / QUARTER_MS) + 1) * QUARTER_MS;
    const isLast = cut > end || (cut === end && !runs);
    const endedAt = !isLast ? cut : runs ? null : end;
    into.push({ identity, startedAt: at, endedAt, state, reason, callId, queues: [...queues].sort() });
    if (isLast) return;
    at = cut;
  }
}

function visitFact({ settings }: LiveState, call: Call, visit: Visit, index: number, span: Span): VisitFact {
  return {
    enteredAt: visit.enteredAt,
    callId: call.id,
    nth: index + 1,
    queueId: visit.queueId,
    source: call.source,
    caller: call.caller,
    origin: visit.origin,
    outcome: visit.outcome,
    position: visit.position,
    settledAt: visit.settledAt,
    waitMs: visit.waitMs,
    identity: visit.agent,
    endedAt: visit.endedAt,
    talkMs: visit.talkMs,
    holdMs: visit.holdMs,
    ...wrapUpFact(call, visit),
    isTransferred: visit.transferred,
    isCompleted: visit.completed,
    isInferred: visit.inferred,
    isOutsideHours: isClosedAt(settings, visit.queueId, visit.enteredAt),
    isCalledBack: visit.calledBack,
    continuedTo: continuationOf(call, visit, index),
    earlierQueues: earlierQueues(call, index, span),
  };
}

function refusalFact(
  { settings }: LiveState,
  call: Call,
  { queueId, at }: Call['refusals'][number],
  nth: number,
): VisitFact {
  return {
    enteredAt: at,
    callId: call.id,
    nth,
    queueId,
    source: call.source,
    caller: call.caller,
    origin: 'inbound',
    outcome: 'refused',
    position: null,
    settledAt: at,
    waitMs: 0,
    identity: null,
    endedAt: null,
    talkMs: null,
    holdMs: null,
    wrapUpMs: null,
    handledAt: null,
    isTransferred: false,
    isCompleted: false,
    isInferred: false,
    isOutsideHours: isClosedAt(settings, queueId, at),
    isCalledBack: false,
    continuedTo: null,
    earlierQueues: [],
  };
}

/** Length of the wrap-up and end of handling; null while nobody can say, or where the talk is unknown [V2]. */
function wrapUpFact(call: Call, visit: Visit): Pick<VisitFact, 'wrapUpMs' | 'handledAt'> {
  const none = { wrapUpMs: null, handledAt: null };
  if (visit.outcome !== 'answered' || visit.endedAt === null || visit.talkMs === null) return none;
  const wrap = wrapOf(call, visit);
  if (wrap === undefined) return { wrapUpMs: 0, handledAt: visit.endedAt };
  const handledAt = wrap.endedAt ?? wrap.until;
  if (handledAt === null) return none;
  return { wrapUpMs: wrap.reportedMs ?? Math.max(0, handledAt - wrap.from), handledAt };
}

function continuationOf(call: Call, { outcome, settledAt }: Visit, index: number): string | null {
  if (outcome !== 'timed_out' && outcome !== 'no_agents' && outcome !== 'key_exit') return null;
  const next = call.visits[index + 1];
  if (!next || settledAt === null) return null;
  const after = next.enteredAt - settledAt;
  return after >= 0 && after <= CONTINUES_MS ? next.queueId : null;
}

function earlierQueues(call: Call, index: number, span: Span): string[] {
  if (index === 0) return [];
  const earlier = call.visits.slice(0, index).filter((visit) => isWithin(visit.enteredAt, span));
  return [...new Set(earlier.map(({ queueId }) => queueId))].sort();
}

function bareLeg(
  leg: Pick<LegFact, 'identity' | 'queueId' | 'callId' | 'kind' | 'nth'> & { at: number },
): LegFact {
  const { at, ...named } = leg;
  return {
    ...named,
    countedAt: at,
    startedAt: at,
    endedAt: at,
    waitMs: null,
    talkMs: null,
    holdMs: null,
    wrapUpMs: null,
    handledAt: null,
    isTransferred: false,
    isCompleted: false,
  };
}
