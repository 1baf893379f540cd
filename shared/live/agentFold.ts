import type { LogEvent } from '../contract/events.ts';
import {
  advance,
  type Clock,
  endWrap,
  isPaused,
  type Label,
  NO_PAUSES,
  relabel,
  relabelPast,
} from './agentTime.ts';
import { excluding, including, ofCall } from './byCall.ts';
import { markQueue } from './dirty.ts';
import type { Agent, AgentFacts } from './model.ts';
import { knownCall, type LiveState, queueOf } from './state.ts';
import { beginWrap, clockOf, NO_LEG, unwrappedLeg, wrapped } from './wrapUp.ts';

/**
 * What one event does to one agent [A1]: sign-in, pauses, calls in hand, wrap-up. Folded in the agent's own event
 * order; lateness is evolve's affair. Depends on the agent's events alone, but for the end of a ring.
 */

const SHORT_RING_MS = 5_000;

/** When a ring that began at `since` was ended by what became of the call; null while it rings. */
export function ringEnd(state: LiveState, callId: string, since: number): number | null {
  return knownCall(state, callId)?.quiets?.find((at) => at >= since) ?? null;
}

/** Folds `event` into `agent`'s facts. */
export function foldAgent(state: LiveState, agent: Agent, event: LogEvent): void {
  const f = agent.facts;
  const at = event.occurredAt;
  const clock = clockOf(state);
  advance(f, at, clock);
  f.lastHeardAt = Math.max(f.lastHeardAt, at);
  switch (event.kind) {
    case 'agent.signed_in':
      f.reported = true;
      f.signedIn = true;
      for (const queue of event.queues ?? []) joinQueue(state, agent, queue, at);
      break;
    case 'agent.signed_out':
      f.reported = true;
      f.signedIn = false;
      for (const queue of event.queues ?? []) leaveQueue(state, agent, queue, at);
      endWrap(f, at, clock);
      break;
    case 'agent.joined':
      joinQueue(state, agent, event.queue, at);
      if (event.paused) pauseQueues(f, [event.queue], '');
      inferSignIn(f);
      break;
    case 'agent.left':
      leaveQueue(state, agent, event.queue, at);
      if (!f.reported && f.queues.size === 0) f.signedIn = false;
      break;
    case 'agent.state_changed':
      changeState(state, agent, event, clock);
      break;
    case 'call.alerted':
      inferSignIn(f);
      endWrap(f, at, clock);
      f.ringing = including(f.ringing, {
        callId: event.callId,
        since: at,
        until: ringEnd(state, event.callId, at),
        queueId: event.queue ?? null,
        source: event.source,
      });
      break;
    case 'call.missed':
      missed(state, f, event);
      break;
    case 'call.answered':
      inferSignIn(f);
      beginTalk(f, event, 'inbound', event.queue, clock);
      joinQueue(state, agent, event.queue, at);
      f.shortRings = 0;
      break;
    case 'call.held':
    case 'call.resumed': {
      const hand = ofCall(f.hand, event.callId);
      const heldSince = event.kind === 'call.held' ? at : null;
      if (hand) f.hand = including(f.hand, { ...hand, heldSince });
      break;
    }
    case 'call.transferred':
    case 'call.ended':
      endTalk(state, agent, event, clock);
      break;
    case 'call.wrapped':
      wrapped(state, agent, event);
      break;
    case 'call.dialed':
      endWrap(f, at, clock);
      if (!ofCall(f.hand, event.callId)) f.dialing = event.callId;
      break;
    case 'call.outbound_started':
      inferSignIn(f);
      beginTalk(f, event, 'outbound', null, clock);
      break;
    case 'call.outbound':
      outbound(state, f, event);
      break;
    case 'source.restarted':
      f.hand = f.hand.filter(({ source }) => source !== event.source);
      f.ringing = f.ringing.filter(({ source }) => source !== event.source);
      f.dialing = null;
      break;
    default:
      break;
  }
  relabel(f, at, clock);
}

/** An agent whose source reports no sign-in is signed in from his first membership, ring, answer or pause [A1]. */
function inferSignIn(f: AgentFacts): void {
  if (!f.reported) f.signedIn = true;
}

function joinQueue(state: LiveState, agent: Agent, queueId: string, at: number): void {
  if (agent.facts.queues.has(queueId)) return;
  serve(state, agent.facts, new Set([...agent.facts.queues, queueId]), at);
  const queue = queueOf(state, queueId);
  queue.members.add(agent.identity);
  markQueue(state, queue);
}

function leaveQueue(state: LiveState, agent: Agent, queueId: string, at: number): void {
  const f = agent.facts;
  serve(state, f, new Set([...f.queues].filter((id) => id !== queueId)), at);
  unpauseQueue(f, queueId);
  const queue = queueOf(state, queueId);
  queue.members.delete(agent.identity);
  markQueue(state, queue);
}

/** The time until now is that of the queues served until now. */
function serve({ keepsTimelines }: LiveState, f: AgentFacts, queues: ReadonlySet<string>, at: number): void {
  if (keepsTimelines) f.served = { queues: f.queues, until: at, before: f.served };
  f.queues = queues;
}

function pauseQueues(f: AgentFacts, queueIds: readonly string[], reason: string): void {
  const paused = new Map(f.pausedQueues);
  for (const id of queueIds) paused.set(id, reason);
  f.pausedQueues = paused;
}

function unpauseQueue(f: AgentFacts, queueId: string): void {
  if (!f.pausedQueues.has(queueId)) return;
  f.pausedQueues = new Map([...f.pausedQueues].filter(([id]) => id !== queueId));
}

function changeState(
  state: LiveState,
  agent: Agent,
  event: Extract<LogEvent, { kind: 'agent.state_changed' }>,
  clock: Clock,
): void {
  const f = agent.facts;
  const reason = event.reason ?? '';
  if (event.queue !== undefined) joinQueue(state, agent, event.queue, event.occurredAt);
  switch (event.state) {
    case 'paused':
      inferSignIn(f);
      // A pause during a talk takes effect at its end; one after it cuts the wrap-up short [A5].
      if (f.hand.length === 0) endWrap(f, event.occurredAt, clock);
      if (event.queue !== undefined && !event.everyQueue) pauseQueues(f, [event.queue], reason);
      else {
        f.paused ??= reason;
        const others = [...f.queues].filter((queue) => !f.pausedQueues.has(queue));
        pauseQueues(f, others, reason);
      }
      break;
    case 'available': {
      inferSignIn(f);
      const wasPaused = isPaused(f);
      f.paused = null;
      if (event.queue !== undefined && !event.everyQueue) unpauseQueue(f, event.queue);
      else if (f.pausedQueues.size > 0) f.pausedQueues = NO_PAUSES;
      if (!wasPaused && f.hand.length === 0) endWrap(f, event.occurredAt, clock);
      break;
    }
    case 'wrap_up':
      if (f.hand.length === 0) {
        const until = event.durationMs === undefined ? null : event.occurredAt + event.durationMs;
        beginWrap(state, agent, unwrappedLeg(state, f) ?? NO_LEG, event, until, clock);
      }
      break;
  }
}

function beginTalk(
  f: AgentFacts,
  event: Extract<LogEvent, { kind: 'call.answered' | 'call.outbound_started' }>,
  direction: 'inbound' | 'outbound',
  queueId: string | null,
  clock: Clock,
): void {
  const at = event.occurredAt;
  endWrap(f, at, clock);
  f.ringing = excluding(f.ringing, event.callId);
  if (f.dialing === event.callId) f.dialing = null;
  if (event.kind === 'call.answered' && event.ringMs) {
    relabelPast(f, at - event.ringMs, at, ringOf(event), ['available'], clock.dayStart);
  }
  const { callId, source } = event;
  f.hand = including(f.hand, { callId, since: at, heldSince: null, direction, queueId, source });
}

/** A ring that was only learned of when it was over. */
function ringOf({ callId }: { callId: string }): Label {
  return { state: 'ringing', reason: null, callId };
}

function missed(state: LiveState, f: AgentFacts, event: Extract<LogEvent, { kind: 'call.missed' }>): void {
  inferSignIn(f);
  const ring = ofCall(f.ringing, event.callId);
  f.ringing = excluding(f.ringing, event.callId);
  const ringMs = event.ringMs ?? (ring ? event.occurredAt - ring.since : 0);
  if (!ring && ringMs > 0) {
    const at = event.occurredAt;
    relabelPast(f, at - ringMs, at, ringOf(event), ['available'], state.dayStart);
  }
  // Ring-all cancels losers at once: only a ring nobody took says something about the phone [A6].
  if (event.reason === 'canceled') return;
  f.shortRings = ringMs < SHORT_RING_MS && event.reason !== 'rejected' ? f.shortRings + 1 : 0;
}

function endTalk(
  state: LiveState,
  agent: Agent,
  event: Extract<LogEvent, { kind: 'call.transferred' | 'call.ended' }>,
  clock: Clock,
): void {
  const f = agent.facts;
  f.ringing = excluding(f.ringing, event.callId);
  const hand = ofCall(f.hand, event.callId);
  if (!hand) return;
  f.hand = excluding(f.hand, event.callId);
  if (hand.direction === 'outbound') return;
  const leg = { callId: event.callId, key: hand.since, endedAt: event.occurredAt };
  f.lastLeg = leg;
  const queueId = hand.queueId ?? '';
  const seconds = state.settings.queues.get(queueId)?.wrapUpSeconds ?? state.settings.wrapUpSeconds;
  if (seconds > 0) beginWrap(state, agent, leg, event, event.occurredAt + seconds * 1_000, clock);
}

function outbound(
  state: LiveState,
  f: AgentFacts,
  event: Extract<LogEvent, { kind: 'call.outbound' }>,
): void {
  const at = event.occurredAt;
  const started = ofCall(f.hand, event.callId);
  f.hand = excluding(f.hand, event.callId);
  if (f.dialing === event.callId) f.dialing = null;
  if (event.outcome === 'connected') {
    f.outbound = [...f.outbound, { callId: event.callId, at, talkMs: event.talkMs ?? null }];
  }
  // The source reported only the end: the talk is known afterwards, as a ring can be.
  if (!started && event.talkMs) {
    const talk: Label = { state: 'talking', reason: 'outbound', callId: event.callId };
    relabelPast(f, at - event.talkMs, at, talk, ['available', 'ringing'], state.dayStart);
  }
}
