import type { LogEvent } from '../contract/events.ts';
import { foldAgent, ringEnd } from './agentFold.ts';
import { cloneFacts, RECENT_MS } from './agentTime.ts';
import { markAgent, markQueue, UNMARKED } from './dirty.ts';
import type { Agent, AgentCopy, AgentFacts, Ring, Wrap } from './model.ts';
import { compareOrder, type OrderKey } from './order.ts';
import { knownCall, type LiveState, queueOf } from './state.ts';
import { replaceWrap } from './wrapUp.ts';

/**
 * Late events of an agent [L15]. His last events are kept, and every few of them a copy of his facts; a late one is folded
 * from the latest copy that precedes it, without asking the log. Most are late by one or two events only.
 */

/** Events from one copy to the next: what a replay folds again for nothing, against what copies cost. */
const STEP = 8;
/** So many copies, and the oldest half goes: 16 to 32 events are within reach. */
const COPIES = 4;

/** Keeps an event that is about to be folded. */
export function remember({ keepsTimelines }: LiveState, agent: Agent, event: LogEvent): void {
  if (agent.sinceCopy >= STEP) {
    agent.copies.push({ facts: cloneFacts(agent.facts), index: agent.events.length });
    agent.sinceCopy = 0;
    if (agent.copies.length > COPIES) forgetHalf(agent, keepsTimelines);
  }
  agent.events.push(event);
  agent.sinceCopy++;
}

function forgetHalf(agent: Agent, keepsTimelines: boolean): void {
  const kept = agent.copies.slice(COPIES / 2);
  const oldest = kept[0];
  if (oldest === undefined) return;
  if (!keepsTimelines) forgetOld(agent, oldest.facts);
  agent.events = agent.events.slice(oldest.index);
  agent.copies = kept.map(({ facts, index }) => ({ facts, index: index - oldest.index }));
}

/**
 * Forgets segments that no window of `known`, or of facts that come after it, reaches. They are not searched for: the segment
 * that was the last at an earlier time is out of reach some time later.
 */
function forgetOld(agent: Agent, known: AgentFacts): void {
  if (agent.horizon !== null) {
    if (agent.horizon.to >= known.since - RECENT_MS) return;
    agent.horizon.before = null;
  }
  agent.horizon = known.recent;
}

/** Nothing before what is known now is within reach any more. */
export function forgetEvents(agent: Agent): void {
  agent.copies = [{ facts: cloneFacts(agent.facts), index: 0 }];
  agent.events = [];
  agent.sinceCopy = 0;
}

/** The latest copy of what was known before `event`; null where that is out of reach. */
export function copyBefore(agent: Agent, event: LogEvent): AgentCopy | null {
  return (
    agent.copies.findLast(({ facts }) => precedes(facts, (last) => compareOrder(event, last) > 0)) ?? null
  );
}

/** The latest copy of what was known at `at`, of the oldest also of what was known then. */
export function copyAt(agent: Agent, at: number): AgentCopy | null {
  return (
    agent.copies.findLast(({ facts, index }) =>
      precedes(facts, ({ occurredAt }) => (index === 0 ? occurredAt <= at : occurredAt < at)),
    ) ?? null
  );
}

function precedes({ last, recent }: AgentFacts, isBefore: (last: OrderKey) => boolean): boolean {
  return last === null ? recent === null : isBefore(last);
}

/** Folds the agent's events since `copy` again: one was late, or a ring ended otherwise than thought. */
export function replayAgent(state: LiveState, agent: Agent, copy: AgentCopy): void {
  if (state.pending.agents.has(agent.identity)) return;
  const { queues } = agent.facts;
  const events = agent.events.splice(copy.index);
  forgetWraps(state, agent, copy.facts, events);
  agent.copies.length = agent.copies.indexOf(copy) + 1;
  agent.sinceCopy = 0;
  agent.facts = cloneFacts(copy.facts);
  const { facts } = agent;
  restoreWrap(state, facts);
  facts.ringing = facts.ringing.map((ring) => endedRing(state, ring));
  for (const event of events) {
    remember(state, agent, event);
    foldAgent(state, agent, event);
    facts.last = event;
  }
  if (facts.queues !== queues) {
    leaveQueues(state, agent, queues);
    agent.queuesMarkedIn = UNMARKED;
  }
  publish(state, agent);
}

/** A ring with its end, as far as that is known of the call. */
export function endedRing(state: LiveState, ring: Ring): Ring {
  return { ...ring, until: ringEnd(state, ring.callId, ring.since) };
}

/** Brings what others see of an agent in line with his facts: queue memberships, dirty marks. */
export function publish(state: LiveState, agent: Agent): void {
  for (const id of agent.facts.queues) queueOf(state, id).members.add(agent.identity);
  markAgent(state, agent);
  markQueuesOf(state, agent);
}

/** Marks the queues he serves. Joining or leaving one marks it as well, so that once for each dirty set is enough. */
export function markQueuesOf(state: LiveState, agent: Agent): void {
  if (agent.queuesMarkedIn === state.round) return;
  agent.queuesMarkedIn = state.round;
  for (const id of agent.facts.queues) markQueue(state, queueOf(state, id));
}

/** Queues keep the identities of their members; a replay may end in other memberships. */
export function leaveQueues(state: LiveState, agent: Agent, queues = agent.facts.queues): void {
  for (const id of queues) {
    const queue = queueOf(state, id);
    queue.members.delete(agent.identity);
    markQueue(state, queue);
  }
}

/** Wrap-ups made by `events`, which followed `before`, are the replay's to make again. */
function forgetWraps(state: LiveState, agent: Agent, before: AgentFacts, events: readonly LogEvent[]): void {
  const { last } = before;
  const callIds = new Set([agent.facts.lastLeg?.callId, before.lastLeg?.callId]);
  for (const event of events) if ('callId' in event) callIds.add(event.callId);
  for (const callId of callIds) {
    const call = callId === undefined ? undefined : knownCall(state, callId);
    for (const wrap of call?.wraps ?? []) {
      if (!call || wrap.agent !== agent.identity) continue;
      let kept: Wrap | null = wrap;
      while (kept && (last === null || compareOrder(kept.setBy, last) > 0)) kept = kept.previous;
      if (kept !== wrap) replaceWrap(state, call, wrap.key, kept);
    }
  }
}

function restoreWrap(state: LiveState, { wrap }: AgentFacts): void {
  const call = wrap && knownCall(state, wrap.callId);
  if (call) replaceWrap(state, call, wrap.key, wrap);
}
