import type { LogEvent } from '../contract/events.ts';
import { foldAgent, ringEnd } from './agentFold.ts';
import { cloneFacts, emptyFacts, forgetOld } from './agentTime.ts';
import { including, ofCall } from './byCall.ts';
import { markAgent, markQueue } from './dirty.ts';
import { identityOf } from './identity.ts';
import type { Agent, AgentFacts, Ring, Wrap } from './model.ts';
import { compareOrder, insertInOrder } from './order.ts';
import { requestRefold } from './pending.ts';
import type { LiveState } from './state.ts';
import { queueOf } from './state.ts';
import { withVisitOf, wrapsOf } from './wrapUp.ts';

/**
 * How many events an agent can be rewound by. Every REACH events his facts are copied; the copy before last is the
 * base from which late events are replayed, so REACH to 2 × REACH events are within reach without asking the log.
 */
const REACH = 12;

/** Folds an event that concerns an agent, in order or late [L15]. */
export function evolveAgent(state: LiveState, agent: Agent, event: LogEvent): void {
  if (state.pending.agents.has(agent.identity)) return;
  noteName(state, agent, event);
  const { last } = agent.facts;
  if (last === null || compareOrder(event, last) >= 0) {
    remember(agent, event);
    fold(state, agent, event);
  } else if (agent.orphans.size > 0 || !reaches(agent, event) || precedesTransfer(agent.events, event)) {
    requestRefold(state, {
      calls: 'callId' in event && event.callId ? [event.callId] : [],
      agents: [agent.identity],
    });
  } else {
    insertInOrder(agent.events, event);
    agent.middle = null;
    replayAgent(state, agent);
  }
}

export function agentOf(state: LiveState, identity: string): Agent {
  let agent = state.agents.get(identity);
  if (agent === undefined) {
    agent = emptyAgent(identity);
    state.agents.set(identity, agent);
  }
  return agent;
}

/** The agent behind a name: the same few names come back in every event. */
export function agentNamed(state: LiveState, name: string): Agent {
  let agent = state.named.get(name);
  if (agent === undefined) {
    agent = agentOf(state, identityOf(name, state.settings.aliases));
    agent.names.add(name);
    state.named.set(name, agent);
  }
  return agent;
}

export function emptyAgent(identity: string): Agent {
  return {
    identity,
    names: new Set(),
    displayId: null,
    displayRank: Number.POSITIVE_INFINITY,
    facts: emptyFacts(),
    base: emptyFacts(),
    middle: null,
    events: [],
    orphans: new Set(),
    markedIn: null,
  };
}

/** An answer's name for the agent is the one people know; membership lines name an interface, not a person. */
function noteName(state: LiveState, agent: Agent, event: LogEvent): void {
  if (!('agent' in event) || event.agent === undefined) return;
  const name = event.agent;
  if (name === agent.displayId && agent.displayRank === 0) return;
  if (event.kind === 'agent.joined' || event.kind === 'agent.left') return;
  const rank = event.kind === 'call.answered' ? 0 : event.kind.startsWith('call.') ? 1 : 2;
  if (rank > agent.displayRank) return;
  if (rank === agent.displayRank && agent.displayId !== null && agent.displayId <= name) return;
  if (agent.displayId !== null) {
    markAgent(state, agent);
    state.displayed.delete(agent.displayId);
  }
  agent.displayId = name;
  agent.displayRank = rank;
  agent.markedIn = null; // Under that name he is not marked yet.
  state.displayed.set(name, agent);
}

/** What a transfer meant depends on what was in hand then: an event from before it may change whose it was. */
export function precedesTransfer(events: readonly LogEvent[], event: LogEvent): boolean {
  return events.some((other) => other.kind === 'call.transferred' && compareOrder(event, other) < 0);
}

function reaches(agent: Agent, event: LogEvent): boolean {
  return agent.base.last === null ? agent.base.recent === null : compareOrder(event, agent.base.last) > 0;
}

function remember(agent: Agent, event: LogEvent): void {
  agent.events.push(event);
  if (agent.events.length % REACH !== 0) return;
  if (agent.middle === null) {
    agent.middle = { facts: cloneFacts(agent.facts), index: agent.events.length - 1 };
    return;
  }
  // The copy was made before events[index]: it becomes the base, what lies before it is out of reach.
  agent.base = agent.middle.facts;
  forgetOld(agent.base);
  agent.events = agent.events.slice(agent.middle.index);
  agent.middle = { facts: cloneFacts(agent.facts), index: agent.events.length - 1 };
}

function fold(state: LiveState, agent: Agent, event: LogEvent): void {
  const { since } = agent.facts;
  foldAgent(state, agent, event);
  agent.facts.last = event;
  markAgent(state, agent);
  if (agent.facts.since !== since || event.kind === 'agent.state_changed') {
    for (const id of agent.facts.queues) markQueue(state, queueOf(state, id));
  }
}

/** Brings what others see of an agent in line with his facts: queue memberships, dirty marks. */
export function publish(state: LiveState, agent: Agent): void {
  const { queues } = agent.facts;
  markAgent(state, agent);
  for (const id of queues) {
    const queue = queueOf(state, id);
    queue.members.add(agent.identity);
    markQueue(state, queue);
  }
}

/** Folds the agent's remembered events again from the base: one was late, or a ring ended otherwise than thought. */
function replayAgent(state: LiveState, agent: Agent): void {
  if (state.pending.agents.has(agent.identity)) return;
  forgetWraps(state, agent);
  leaveQueues(state, agent);
  agent.facts = cloneFacts(agent.base);
  agent.middle = null;
  restoreWrap(state, agent.facts);
  const { facts } = agent;
  facts.ringing = facts.ringing.map((ring) => endedRing(state, ring));
  const { events } = agent;
  agent.events = [];
  for (const event of events) {
    remember(agent, event);
    foldAgent(state, agent, event);
    agent.facts.last = event;
  }
  publish(state, agent);
}

/** A ring with its end, as far as that is known of the call. */
function endedRing(state: LiveState, ring: Ring): Ring {
  return { ...ring, until: ringEnd(state, ring.callId, ring.since) };
}

/** Queues keep the identities of their members; a replay may end in other memberships. */
export function leaveQueues(state: LiveState, agent: Agent): void {
  for (const id of agent.facts.queues) {
    const queue = queueOf(state, id);
    queue.members.delete(agent.identity);
    markQueue(state, queue);
  }
}

/** Wrap-ups made by events after the base are the replay's to make again. */
function forgetWraps(state: LiveState, agent: Agent): void {
  const { base } = agent;
  const callIds = new Set([agent.facts.lastLeg?.callId, base.lastLeg?.callId]);
  for (const event of agent.events) if ('callId' in event) callIds.add(event.callId);
  for (const callId of callIds) {
    const call = callId === undefined ? undefined : state.calls.get(callId);
    for (const [key, wrap] of call?.wraps ?? []) {
      if (!call || wrap.agent !== agent.identity) continue;
      let kept: Wrap | null = wrap;
      while (kept && (base.last === null || compareOrder(kept.setBy, base.last) > 0)) kept = kept.previous;
      if (kept === wrap) continue;
      const older = kept;
      withVisitOf(state, call.id, key, () =>
        older ? wrapsOf(call).set(key, older) : call.wraps?.delete(key),
      );
    }
  }
}

function restoreWrap(state: LiveState, { wrap }: AgentFacts): void {
  const call = wrap && state.calls.get(wrap.callId);
  if (call) withVisitOf(state, wrap.callId, wrap.key, () => wrapsOf(call).set(wrap.key, wrap.record));
}

/**
 * Called when it turned out at `at` that other phones stopped ringing: the call was answered, left or ended. In time,
 * the ring only learns its end; the timeline is cut there when time next passes, so that an event still to come from
 * before is not late for it. Late, what followed is folded again.
 */
export function stopRinging(state: LiveState, agent: Agent, callId: string, at: number): void {
  const { facts } = agent;
  const { last, ringing } = facts;
  const ring = ofCall(ringing, callId);
  const { base } = agent;
  if (base.last !== null && base.last.occurredAt > at) {
    requestRefold(state, { calls: [], agents: [agent.identity] });
  } else if (last !== null && last.occurredAt > at) replayAgent(state, agent);
  else if (ring) facts.ringing = including(ringing, endedRing(state, ring));
  publish(state, agent);
}
