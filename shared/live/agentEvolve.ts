import type { LogEvent } from '../contract/events.ts';
import { foldAgent } from './agentFold.ts';
import {
  copyAt,
  copyBefore,
  endedRing,
  markQueuesOf,
  publish,
  remember,
  replayAgent,
} from './agentReplay.ts';
import { including, ofCall } from './byCall.ts';
import { markAgent, UNMARKED } from './dirty.ts';
import { identityOf } from './identity.ts';
import type { Agent } from './model.ts';
import { compareOrder, insertInOrder } from './order.ts';
import { requestRefold } from './pending.ts';
import { agentOf, type LiveState } from './state.ts';

/** Folds an event that concerns an agent, in order or late [L15]. */
export function evolveAgent(state: LiveState, agent: Agent, event: LogEvent): void {
  if (state.pending.agents.size > 0 && state.pending.agents.has(agent.identity)) return;
  if (agent.displayRank > 0 || agent.names.size > 1) noteName(state, agent, event);
  const { last, lastHeardAt } = agent.facts;
  if (last === null || event.occurredAt > lastHeardAt || compareOrder(event, last) >= 0) {
    remember(state, agent, event);
    fold(state, agent, event);
    return;
  }
  const copy = copyBefore(agent, event);
  if (agent.orphans.size > 0 || copy === null || precedesTransfer(agent.events, event)) {
    requestRefold(state, {
      calls: 'callId' in event && event.callId ? [event.callId] : [],
      agents: [agent.identity],
    });
  } else {
    insertInOrder(agent.events, event);
    replayAgent(state, agent, copy);
  }
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
  agent.markedIn = UNMARKED; // Under that name he is not marked yet.
  state.displayed.set(name, agent);
}

/** What a transfer meant depends on what was in hand then: an event from before it may change whose it was. */
export function precedesTransfer(events: readonly LogEvent[], event: LogEvent): boolean {
  return events.some((other) => other.kind === 'call.transferred' && compareOrder(event, other) < 0);
}

function fold(state: LiveState, agent: Agent, event: LogEvent): void {
  const { since } = agent.facts;
  foldAgent(state, agent, event);
  agent.facts.last = event;
  markAgent(state, agent);
  if (agent.facts.since !== since || event.kind === 'agent.state_changed') markQueuesOf(state, agent);
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
  const copy = copyAt(agent, at);
  if (copy === null) requestRefold(state, { calls: [], agents: [agent.identity] });
  else if (last !== null && last.occurredAt > at) replayAgent(state, agent, copy);
  else if (ring) facts.ringing = including(ringing, endedRing(state, ring));
  publish(state, agent);
}
