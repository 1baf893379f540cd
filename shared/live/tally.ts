import { addWait, type WaitHistogram } from '../metrics/histogram.ts';
import type { AgentTally, Call, Miss, Queue, Refusal, Visit } from './model.ts';
import type { LiveState } from './state.ts';
import { queueOf } from './state.ts';

/**
 * Sums over today's visits of one queue. Every number is a sum of contributions of visits, so that a visit can be
 * taken out and put in again; what is no sum (the longest wait) is searched for when its holder is taken out.
 */
export interface Tally {
  offered: number;
  refused: number;
  answered: number;
  handled: number;
  abandoned: number;
  timedOut: number;
  noAgents: number;
  keyExits: number;
  callbacks: number;
  overflowed: number;
  withdrawn: number;
  lost: number;
  open: number;
  transferred: number;
  completed: number;
  missedRings: number;
  /** Visits of origin callback among the offered, answered, abandoned, and open or lost: outside rates [V11]. */
  callbackOffered: number;
  callbackAnswered: number;
  callbackAbandoned: number;
  callbackUnsettled: number;
  answeredWaitMs: number;
  abandonedWaitMs: number;
  talkMs: number;
  holdMs: number;
  /** Handled visits whose hold is known apart from their talk [H1]. */
  holdKnown: number;
  wrapUpMs: number;
  maxWaitMs: number;
  maxAnsweredWaitMs: number;
  answeredWaits: WaitHistogram;
  abandonedWaits: WaitHistogram;
  callbackWaits: WaitHistogram;
  /** Left neither answered nor abandoned nor for a callback; `lost` excluded. */
  otherWaits: WaitHistogram;
}

export function emptyTally(): Tally {
  return {
    offered: 0,
    refused: 0,
    answered: 0,
    handled: 0,
    abandoned: 0,
    timedOut: 0,
    noAgents: 0,
    keyExits: 0,
    callbacks: 0,
    overflowed: 0,
    withdrawn: 0,
    lost: 0,
    open: 0,
    transferred: 0,
    completed: 0,
    missedRings: 0,
    callbackOffered: 0,
    callbackAnswered: 0,
    callbackAbandoned: 0,
    callbackUnsettled: 0,
    answeredWaitMs: 0,
    abandonedWaitMs: 0,
    talkMs: 0,
    holdMs: 0,
    holdKnown: 0,
    wrapUpMs: 0,
    maxWaitMs: 0,
    maxAnsweredWaitMs: 0,
    answeredWaits: new Map(),
    abandonedWaits: new Map(),
    callbackWaits: new Map(),
    otherWaits: new Map(),
  };
}

/** The tally field that counts each outcome. */
export const OUTCOME_FIELD = {
  open: 'open',
  answered: 'answered',
  abandoned: 'abandoned',
  timed_out: 'timedOut',
  no_agents: 'noAgents',
  key_exit: 'keyExits',
  callback_requested: 'callbacks',
  overflowed: 'overflowed',
  withdrawn: 'withdrawn',
  lost: 'lost',
} as const satisfies Record<Visit['outcome'], keyof Tally>;

/** Visits of origin callback are counted, but outside waits, service level and abandonment [V11]. */
export function isMeasured(visit: Visit): boolean {
  return visit.origin !== 'callback';
}

/**
 * Length of a visit's wrap-up at `now` and the instant its handling was over; `doneAt` null while it still runs or
 * the talk has not ended. A visit whose talk is unknown is never handled [V2].
 */
export function wrapUpOf(
  call: Call,
  visit: Visit,
  now: number,
): { doneAt: number | null; ms: number; runsUntil: number | null } {
  if (visit.endedAt === null || visit.settledAt === null) return { doneAt: null, ms: 0, runsUntil: null };
  const wrap = call.wraps?.get(visit.settledAt);
  if (wrap === undefined) return { doneAt: visit.endedAt, ms: 0, runsUntil: null };
  const end = wrap.endedAt ?? (wrap.until !== null && wrap.until <= now ? wrap.until : null);
  if (end === null) return { doneAt: null, ms: 0, runsUntil: wrap.until ?? Number.POSITIVE_INFINITY };
  return { doneAt: end, ms: wrap.reportedMs ?? Math.max(0, end - wrap.from), runsUntil: null };
}

/** Whether the length of its talk is known and its handling is over for good, whatever the time. */
function isHandled(call: Call, visit: Visit): boolean {
  return visit.talkMs !== null && wrapUpOf(call, visit, Number.NEGATIVE_INFINITY).doneAt !== null;
}

function agentTallyOf(state: LiveState, identity: string): AgentTally {
  let tally = state.agentTallies.get(identity);
  if (tally === undefined) {
    tally = { answered: 0, handled: 0, talkMs: 0, holdMs: 0, wrapUpMs: 0, missedRings: 0 };
    state.agentTallies.set(identity, tally);
  }
  return tally;
}

/** Adds (`sign` 1) or takes out (−1) all that a visit contributes to today's sums. */
function contribute(state: LiveState, queue: Queue, call: Call, visit: Visit, sign: 1 | -1): void {
  const t = queue.tally;
  t.offered += sign;
  t[OUTCOME_FIELD[visit.outcome]] += sign;
  if (visit.transferred) t.transferred += sign;
  if (visit.completed) t.completed += sign;
  if (!isMeasured(visit)) {
    t.callbackOffered += sign;
    countCallbackOutcome(t, visit, sign);
  }
  if (visit.outcome === 'open' || visit.outcome === 'lost') return;
  if (isMeasured(visit)) {
    if (visit.outcome === 'answered') {
      t.answeredWaitMs += sign * visit.waitMs;
      addWait(t.answeredWaits, visit.waitMs, sign);
    } else if (visit.outcome === 'abandoned') {
      t.abandonedWaitMs += sign * visit.waitMs;
      addWait(t.abandonedWaits, visit.waitMs, sign);
    } else if (visit.outcome === 'callback_requested') {
      addWait(t.callbackWaits, visit.waitMs, sign);
    } else addWait(t.otherWaits, visit.waitMs, sign);
  }
  if (visit.outcome !== 'answered') return;
  const agent = visit.agent === null ? null : agentTallyOf(state, visit.agent);
  if (agent) agent.answered += sign;
  if (!isHandled(call, visit)) return;
  const wrapMs = wrapUpOf(call, visit, Number.NEGATIVE_INFINITY).ms;
  t.handled += sign;
  t.talkMs += sign * (visit.talkMs ?? 0);
  t.holdMs += sign * (visit.holdMs ?? 0);
  if (visit.holdMs !== null) t.holdKnown += sign;
  t.wrapUpMs += sign * wrapMs;
  if (!agent) return;
  agent.handled += sign;
  agent.talkMs += sign * (visit.talkMs ?? 0);
  agent.holdMs += sign * (visit.holdMs ?? 0);
  agent.wrapUpMs += sign * wrapMs;
}

/** Counts the outcome of a visit of origin callback beside the others. */
export function countCallbackOutcome(tally: Tally, visit: Visit, sign: 1 | -1): void {
  if (visit.outcome === 'answered') tally.callbackAnswered += sign;
  else if (visit.outcome === 'abandoned') tally.callbackAbandoned += sign;
  else if (visit.outcome === 'open' || visit.outcome === 'lost') tally.callbackUnsettled += sign;
}

/** Puts a visit that is not in yet, or was taken out to be changed, into sums and lists. */
export function putIn(state: LiveState, call: Call, visit: Visit): void {
  const queue = queueOf(state, visit.queueId);
  if (visit.outcome === 'open') queue.waiting.set(visit, call);
  if (visit.outcome === 'callback_requested' && !visit.calledBack) queue.backlog.add(visit);
  if (visit.outcome === 'answered' && visit.endedAt !== null && visit.talkMs !== null) {
    if (wrapUpOf(call, visit, Number.NEGATIVE_INFINITY).runsUntil !== null) state.wrapping.set(visit, call);
  }
  state.dirty.queues.add(visit.queueId);
  if (visit.agent !== null) markAgent(state, visit.agent);
  if (visit.enteredAt < state.dayStart) return;
  contribute(state, queue, call, visit, 1);
  if (!isMeasured(visit) || visit.settledAt === null || visit.outcome === 'lost') return;
  const t = queue.tally;
  if (visit.waitMs > t.maxWaitMs) t.maxWaitMs = visit.waitMs;
  if (visit.outcome === 'answered' && visit.waitMs > t.maxAnsweredWaitMs) t.maxAnsweredWaitMs = visit.waitMs;
}

/** Takes a visit out of sums and lists, to be changed and put in again, or for good. */
export function takeOut(state: LiveState, call: Call, visit: Visit): void {
  const queue = queueOf(state, visit.queueId);
  queue.waiting.delete(visit);
  queue.backlog.delete(visit);
  state.wrapping.delete(visit);
  state.dirty.queues.add(visit.queueId);
  if (visit.agent !== null) markAgent(state, visit.agent);
  if (visit.enteredAt < state.dayStart) return;
  contribute(state, queue, call, visit, -1);
}

/** After a visit was taken out for good: the longest waits may have been its own. Without one, searches anyway. */
export function findLongestWaits(queue: Queue, dayStart: number, taken: Visit | null): void {
  const { tally } = queue;
  const least = Math.min(tally.maxWaitMs, tally.maxAnsweredWaitMs);
  if (taken !== null && (taken.settledAt === null || taken.waitMs < least)) return;
  let max = 0;
  let maxAnswered = 0;
  for (const visit of queue.visits) {
    if (visit.gone || visit.enteredAt < dayStart || visit.settledAt === null) continue;
    if (visit.outcome === 'lost' || !isMeasured(visit)) continue;
    if (visit.waitMs > max) max = visit.waitMs;
    if (visit.outcome === 'answered' && visit.waitMs > maxAnswered) maxAnswered = visit.waitMs;
  }
  queue.tally.maxWaitMs = max;
  queue.tally.maxAnsweredWaitMs = maxAnswered;
}

/** Counts or uncounts a missed ring [A6] today. */
export function countMiss(state: LiveState, miss: Miss, sign: 1 | -1): void {
  if (miss.queueId !== '') state.dirty.queues.add(miss.queueId);
  markAgent(state, miss.agent);
  if (miss.at < state.dayStart) return;
  if (miss.queueId !== '') queueOf(state, miss.queueId).tally.missedRings += sign;
  agentTallyOf(state, miss.agent).missedRings += sign;
}

/** Counts or uncounts a call turned away before the queue [V0] today. */
export function countRefusal(state: LiveState, refusal: Refusal, sign: 1 | -1): void {
  state.dirty.queues.add(refusal.queueId);
  if (refusal.at >= state.dayStart) queueOf(state, refusal.queueId).tally.refused += sign;
}

/** Marks an agent as changed, under the name it is shown by. */
export function markAgent(state: LiveState, identity: string): void {
  const shown = state.agents.get(identity)?.displayId;
  if (shown !== null && shown !== undefined) state.dirty.agents.add(shown);
}
