import { addWait } from '../metrics/histogram.ts';
import { isClosedAt } from '../metrics/openingHours.ts';
import { countCallbackOutcome, isMeasured, OUTCOME_FIELD, type Tally } from '../metrics/tally.ts';
import { markAgent, markQueue } from './dirty.ts';
import type { Agent, Call, Miss, Queue, Refusal, Visit } from './model.ts';
import { agentOf, type LiveState, queueOf } from './state.ts';
import { wrapOf } from './wrapOf.ts';

/**
 * What a visit contributes to today's sums, added (`sign` 1) or taken out (−1), in three parts, so that an event
 * touches only what it changes: that it entered, how its wait ended, how its handling ended. And what else counts: missed
 * rings, refusals.
 */

/** Length of the wrap-up of a visit whose handling is over for good; null where it is not, or its talk is unknown. */
function handledWrapUpMs(call: Call, visit: Visit): number | null {
  if (visit.outcome !== 'answered' || visit.talkMs === null || visit.endedAt === null) return null;
  const wrap = wrapOf(call, visit);
  if (wrap === undefined) return 0;
  if (wrap.endedAt === null) return null;
  return wrap.reportedMs ?? Math.max(0, wrap.endedAt - wrap.from);
}

function countEntry({ settings }: LiveState, { tally }: Queue, visit: Visit, sign: 1 | -1): void {
  tally.offered += sign;
  if (isClosedAt(settings, visit.queueId, visit.enteredAt)) tally.outsideHours += sign;
  if (!isMeasured(visit)) tally.callbackOffered += sign;
}

function countOutcome({ tally }: Queue, agent: Agent | null, visit: Visit, sign: 1 | -1): void {
  tally[OUTCOME_FIELD[visit.outcome]] += sign;
  if (visit.outcome === 'answered' && agent !== null) agent.tally.answered += sign;
  if (!isMeasured(visit)) countCallbackOutcome(tally, visit, sign);
  else if (visit.outcome !== 'open' && visit.outcome !== 'lost') countWait(tally, visit, sign);
}

function countWait(tally: Tally, { outcome, waitMs }: Visit, sign: 1 | -1): void {
  if (outcome === 'answered') {
    tally.answeredWaitMs += sign * waitMs;
    addWait(tally.answeredWaits, waitMs, sign);
  } else if (outcome === 'abandoned') {
    tally.abandonedWaitMs += sign * waitMs;
    addWait(tally.abandonedWaits, waitMs, sign);
  } else if (outcome === 'callback_requested') addWait(tally.callbackWaits, waitMs, sign);
  else addWait(tally.otherWaits, waitMs, sign);
}

function countHandling({ tally }: Queue, agent: Agent | null, call: Call, visit: Visit, sign: 1 | -1): void {
  if (visit.transferred) tally.transferred += sign;
  if (visit.completed) tally.completed += sign;
  const wrapUpMs = handledWrapUpMs(call, visit);
  if (wrapUpMs === null) return;
  const [talkMs, holdMs] = [visit.talkMs ?? 0, visit.holdMs ?? 0];
  tally.handled += sign;
  tally.talkMs += sign * talkMs;
  tally.holdMs += sign * holdMs;
  if (visit.holdMs !== null) tally.holdKnown += sign;
  tally.wrapUpMs += sign * wrapUpMs;
  if (agent === null) return;
  agent.tally.handled += sign;
  agent.tally.talkMs += sign * talkMs;
  agent.tally.holdMs += sign * holdMs;
  agent.tally.wrapUpMs += sign * wrapUpMs;
}

/** Puts a visit that is not in yet into sums and lists. */
export function putIn(
  state: LiveState,
  call: Call,
  visit: Visit,
  queue = queueOf(state, visit.queueId),
): void {
  if (visit.enteredAt >= state.dayStart) countEntry(state, queue, visit, 1);
  putInOutcome(state, visit, queue);
  if (visit.endedAt !== null) putInHandling(state, call, visit, queue);
}

/** Takes a visit out of sums and lists for good. */
export function takeOut(state: LiveState, call: Call, visit: Visit): void {
  const queue = queueOf(state, visit.queueId);
  if (visit.enteredAt >= state.dayStart) countEntry(state, queue, visit, -1);
  takeOutOutcome(state, visit, queue);
  if (visit.endedAt !== null) takeOutHandling(state, call, visit, queue);
}

/** Puts in how a visit's wait ended, or that it waits. */
export function putInOutcome(state: LiveState, visit: Visit, queue: Queue): void {
  if (visit.outcome === 'open') queue.waiting.push(visit);
  if (visit.outcome === 'callback_requested' && !visit.calledBack) queue.backlog.add(visit);
  const agent = markVisit(state, queue, visit);
  if (visit.enteredAt < state.dayStart) return;
  countOutcome(queue, agent, visit, 1);
  if (!isMeasured(visit) || visit.settledAt === null || visit.outcome === 'lost') return;
  const { tally } = queue;
  if (visit.waitMs > tally.maxWaitMs) tally.maxWaitMs = visit.waitMs;
  if (visit.outcome === 'answered' && visit.waitMs > tally.maxAnsweredWaitMs) {
    tally.maxAnsweredWaitMs = visit.waitMs;
  }
}

/** Takes out how a visit's wait ended: it is about to end otherwise. */
export function takeOutOutcome(state: LiveState, visit: Visit, queue: Queue): void {
  if (visit.outcome === 'open') removeOne(queue.waiting, visit);
  if (visit.outcome === 'callback_requested') queue.backlog.delete(visit);
  const agent = markVisit(state, queue, visit);
  if (visit.enteredAt >= state.dayStart) countOutcome(queue, agent, visit, -1);
}

/** Puts in the handling of a visit whose talk has ended. */
export function putInHandling(
  state: LiveState,
  call: Call,
  visit: Visit,
  queue = queueOf(state, visit.queueId),
): void {
  if (visit.talkMs !== null && wrapOf(call, visit)?.endedAt === null) {
    state.wrapping.set(visit, call);
  }
  const agent = markVisit(state, queue, visit);
  if (visit.enteredAt >= state.dayStart) countHandling(queue, agent, call, visit, 1);
}

/** Takes out the handling of a visit: its wrap-up is about to change. */
export function takeOutHandling(
  state: LiveState,
  call: Call,
  visit: Visit,
  queue = queueOf(state, visit.queueId),
): void {
  state.wrapping.delete(visit);
  const agent = markVisit(state, queue, visit);
  if (visit.enteredAt >= state.dayStart) countHandling(queue, agent, call, visit, -1);
}

/** A callback that was promised has been made. */
export function completeCallback(state: LiveState, visit: Visit): void {
  const queue = queueOf(state, visit.queueId);
  queue.backlog.delete(visit);
  markQueue(state, queue);
}

/** Marks whose numbers a visit is part of; returns the agent who answered, if any. */
function markVisit(state: LiveState, queue: Queue, visit: Visit): Agent | null {
  markQueue(state, queue);
  return visit.agent === null ? null : markIdentity(state, visit.agent);
}

/** From a list in no order: the last takes its place. */
function removeOne<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  const last = list.at(-1);
  if (at < 0 || last === undefined) return;
  list[at] = last;
  list.pop();
}

/** After a visit was taken out for good: the longest waits may have been its own. Without one, searches anyway. */
export function findLongestWaits(queue: Queue, dayStart: number, taken: Visit | null): void {
  if (taken !== null && !mayBeLongest(queue, taken)) return;
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

function mayBeLongest({ tally }: Queue, { settledAt, outcome, waitMs }: Visit): boolean {
  if (settledAt === null) return false;
  return waitMs >= tally.maxWaitMs || (outcome === 'answered' && waitMs >= tally.maxAnsweredWaitMs);
}

/** Counts or uncounts a missed ring [A6] today. */
export function countMiss(state: LiveState, miss: Miss, sign: 1 | -1): void {
  const queue = miss.queueId === '' ? null : queueOf(state, miss.queueId);
  if (queue) markQueue(state, queue);
  const agent = markIdentity(state, miss.agent);
  if (miss.at < state.dayStart) return;
  if (queue) queue.tally.missedRings += sign;
  agent.tally.missedRings += sign;
}

/** Counts or uncounts a call turned away before the queue [V0] today. */
export function countRefusal(state: LiveState, refusal: Refusal, sign: 1 | -1): void {
  const queue = queueOf(state, refusal.queueId);
  markQueue(state, queue);
  if (refusal.at >= state.dayStart) queue.tally.refused += sign;
}

function markIdentity(state: LiveState, identity: string): Agent {
  const agent = agentOf(state, identity);
  markAgent(state, agent);
  return agent;
}
