import type { EventOf, LogEvent } from '../contract/events.ts';
import { appended } from './byCall.ts';
import {
  completeCallback,
  countMiss,
  countRefusal,
  putIn,
  putInHandling,
  putInOutcome,
  takeOutOutcome,
} from './contribute.ts';
import type { Agent, Call, Visit } from './model.ts';
import type { LiveState } from './state.ts';
import { queueOf } from './state.ts';
import { isAnswered, isOpen, isTalking, lastAnswered, latest, talkingVisit } from './whichVisit.ts';

/**
 * What one event does to its call: visits, rings, refusals. Folded in event order only; lateness is evolve's affair.
 * Events bind to the call's latest open visit in their queue (METRICS, "The unit"). Never throws: what fits nowhere
 * changes nothing.
 */

/** Rings shorter than this say that the phone was not reachable, not that the agent missed a call [A6]. */
const MISSED_RING_MS = 5_000;

type CallEvent = Extract<LogEvent, { kind: `call.${string}` | 'callback.completed' | 'source.restarted' }>;

/**
 * Folds `event` into `call`; `named` is the agent the event names, or null. Returns the agent whose leg it concerns:
 * the named one, or the one talking where the event left it out.
 */
export function foldCall(state: LiveState, call: Call, event: CallEvent, named: Agent | null): Agent | null {
  const identity = named === null ? null : named.identity;
  if (identity !== null && !call.agents.includes(identity)) call.agents = appended(call.agents, identity);
  switch (event.kind) {
    case 'call.refused':
      refuse(state, call, event);
      return named;
    case 'call.queued':
      enter(state, call, event);
      return null;
    case 'call.alerted':
      if (identity !== null) alert(call, identity, event.occurredAt);
      return named;
    case 'call.missed':
      miss(state, call, event, identity);
      return named;
    case 'call.answered':
      answer(state, call, event, identity);
      return named;
    case 'call.left':
      leave(state, call, event);
      return null;
    case 'call.held':
    case 'call.resumed': {
      const visit = talkingVisit(call);
      if (visit !== undefined) hold(visit, event);
      return named ?? agentOfVisit(state, visit);
    }
    case 'call.transferred':
    case 'call.ended':
      return end(state, call, event, named);
    case 'call.wrapped':
      return named ?? agentOfVisit(state, lastAnswered(call));
    case 'callback.completed':
      for (const visit of call.visits) {
        if (visit.outcome !== 'callback_requested' || visit.calledBack) continue;
        visit.calledBack = true;
        completeCallback(state, visit);
      }
      return named;
    case 'source.restarted':
      restart(state, call, event.occurredAt);
      return null;
    default:
      return named; // Outbound calls have no visit: they are the agent's alone.
  }
}

function alert(call: Call, identity: string, since: number): void {
  const ring = [identity, since] as const;
  if (call.alerts === null) call.alerts = [ring];
  else call.alerts = [...call.alerts.filter(([other]) => other !== identity), ring];
}

function stopAlert(call: Call, identity: string): void {
  if (call.alerts === null) return;
  const others = call.alerts.filter(([other]) => other !== identity);
  call.alerts = others.length > 0 ? others : null;
}

function agentOfVisit(state: LiveState, visit: Visit | undefined): Agent | null {
  return visit === undefined || visit.agent === null ? null : (state.agents.get(visit.agent) ?? null);
}

function stopAlerts(call: Call, at: number): void {
  if (call.alerts === null) return;
  call.alerts = null;
  call.quiets = call.quiets === null ? [at] : [...call.quiets, at];
}

function refuse(state: LiveState, call: Call, event: EventOf<'call.refused'>): void {
  const entry = { queueId: event.queue, at: event.occurredAt, gone: false };
  call.refusals = [...call.refusals, entry];
  countRefusal(state, entry, 1);
  queueOf(state, event.queue).recentEvents.push({ kind: 'refused', entry });
}

/** Enters a visit, `reported` by an event or, where null, concluded. */
function newVisit(
  state: LiveState,
  call: Call,
  queueId: string,
  enteredAt: number,
  reported: EventOf<'call.queued'> | null,
): Visit {
  const visit: Visit = {
    queueId,
    enteredAt,
    origin: reported?.origin ?? 'inbound',
    position: reported?.position ?? null,
    outcome: 'open',
    settledAt: null,
    waitMs: 0,
    agent: null,
    endedAt: null,
    talkMs: null,
    holdMs: null,
    heldSince: null,
    transferred: false,
    completed: false,
    inferred: reported === null,
    calledBack: false,
    gone: false,
  };
  call.visits = appended(call.visits, visit);
  const queue = queueOf(state, visit.queueId);
  queue.visits.push(visit);
  queue.recent.push({ visit, call });
  putIn(state, call, visit, queue);
  if (call.visits.length > 1) state.revisiting.add(call);
  return visit;
}

function enter(state: LiveState, call: Call, event: EventOf<'call.queued'>): void {
  call.caller ??= event.caller ?? null;
  const before = latest(call, event.queue, () => true);
  if (before?.enteredAt === event.occurredAt && !before.inferred) return;
  if (before && isOpen(before)) settle(state, before, 'lost', event.occurredAt, null);
  newVisit(state, call, event.queue, event.occurredAt, event);
}

/** Ends the wait of a visit that waits. */
function settle(
  state: LiveState,
  visit: Visit,
  outcome: Exclude<Visit['outcome'], 'open'>,
  at: number,
  waitMs: number | null,
  agent: string | null = null,
): void {
  const queue = queueOf(state, visit.queueId);
  takeOutOutcome(state, visit, queue);
  visit.agent = agent;
  visit.outcome = outcome;
  visit.settledAt = at;
  visit.waitMs = waitMs ?? Math.max(0, at - visit.enteredAt);
  putInOutcome(state, visit, queue);
}

function miss(state: LiveState, call: Call, event: EventOf<'call.missed'>, identity: string | null): void {
  if (identity === null) return;
  const since = call.alerts?.find(([other]) => other === identity)?.[1];
  stopAlert(call, identity);
  const ringMs = event.ringMs ?? (since === undefined ? null : event.occurredAt - since);
  const counts = event.reason === 'rejected' || (ringMs ?? MISSED_RING_MS) >= MISSED_RING_MS;
  if (!counts || event.reason === 'unreachable') return;
  const missed = { queueId: event.queue ?? '', agent: identity, at: event.occurredAt, gone: false };
  call.misses = [...call.misses, missed];
  countMiss(state, missed, 1);
  if (event.queue !== undefined) {
    queueOf(state, event.queue).recentEvents.push({ kind: 'missed', entry: missed });
  }
}

function answer(
  state: LiveState,
  call: Call,
  event: EventOf<'call.answered'>,
  identity: string | null,
): void {
  stopAlerts(call, event.occurredAt);
  let visit = latest(call, event.queue, isOpen);
  if (visit === undefined) {
    if (latest(call, event.queue, () => true)?.outcome === 'answered') return;
    const enteredAt = event.occurredAt - (event.waitMs ?? 0);
    visit = newVisit(state, call, event.queue, enteredAt, null);
  }
  settle(state, visit, 'answered', event.occurredAt, event.waitMs ?? null, identity);
}

function leave(state: LiveState, call: Call, event: EventOf<'call.left'>): void {
  stopAlerts(call, event.occurredAt);
  let visit = latest(call, event.queue, isOpen);
  if (visit === undefined) {
    if (latest(call, event.queue, () => true)?.outcome === event.outcome) return;
    const enteredAt = event.occurredAt - (event.waitMs ?? 0);
    visit = newVisit(state, call, event.queue, enteredAt, null);
  }
  settle(state, visit, event.outcome, event.occurredAt, event.waitMs ?? null);
}

/** Hold counts once the talk is over: until then no sum changes. */
function hold(visit: Visit, event: EventOf<'call.held' | 'call.resumed'>): void {
  endHold(visit, event.occurredAt);
  if (event.kind === 'call.held') visit.heldSince = event.occurredAt;
}

function endHold(visit: Visit, at: number): void {
  if (visit.heldSince === null) return;
  visit.holdMs = (visit.holdMs ?? 0) + (at - visit.heldSince);
  visit.heldSince = null;
}

function end(
  state: LiveState,
  call: Call,
  event: EventOf<'call.ended' | 'call.transferred'>,
  named: Agent | null,
): Agent | null {
  const at = event.occurredAt;
  stopAlerts(call, at);
  const visit =
    talkingVisit(call, event.queue) ?? unreportedAnswer(state, call, event, named?.identity ?? null);
  if (visit === undefined) return named;
  const transferred = event.kind === 'call.transferred';
  endHold(visit, at);
  if (event.kind === 'call.ended' && event.holdMs !== undefined) visit.holdMs = event.holdMs;
  const spoken = at - (visit.settledAt ?? at) - (visit.holdMs ?? 0);
  visit.talkMs = event.talkMs ?? Math.max(0, spoken);
  visit.endedAt = at;
  visit.transferred = transferred;
  visit.completed = transferred || event.by !== 'system';
  putInHandling(state, call, visit); // While it talked it had none to take out.
  return named ?? agentOfVisit(state, visit);
}

/** The end of a conversation whose answer nobody reported: the visit it must have had. */
function unreportedAnswer(
  state: LiveState,
  call: Call,
  event: EventOf<'call.ended' | 'call.transferred'>,
  identity: string | null,
): Visit | undefined {
  let visit = latest(call, event.queue, isOpen);
  const talkMs = event.talkMs ?? 0;
  if (visit === undefined) {
    // A transfer's queue may be missing, and COMPLETE after a transfer repeats an end that is known already.
    if (event.queue === undefined || latest(call, event.queue, isAnswered)) return undefined;
    const enteredAt = event.occurredAt - (event.waitMs ?? 0) - talkMs;
    visit = newVisit(state, call, event.queue, enteredAt, null);
  }
  visit.inferred = true;
  const answeredAt = Math.max(visit.enteredAt, event.occurredAt - talkMs);
  settle(state, visit, 'answered', answeredAt, null, identity);
  return visit;
}

/** The PBX restarted: who waited is lost, who talked is cut off with talk unknown; answered stays answered. */
function restart(state: LiveState, call: Call, at: number): void {
  stopAlerts(call, at);
  for (const visit of call.visits) {
    if (isOpen(visit)) settle(state, visit, 'lost', at, null);
    else if (isTalking(visit)) {
      endHold(visit, at);
      visit.endedAt = at;
      visit.talkMs = null;
      putInHandling(state, call, visit);
    }
  }
}
