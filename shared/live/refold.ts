import type { LogEvent } from '../contract/events.ts';
import { leaveQueues, publish } from './agentReplay.ts';
import { attachCall } from './attach.ts';
import { noteOpen, removeCall } from './callEvolve.ts';
import { markAgent, UNMARKED } from './dirty.ts';
import { evolve } from './evolve.ts';
import type { Agent, Call } from './model.ts';
import { compareOrder } from './order.ts';
import { requestRefold } from './pending.ts';
import { agentOf, createState, emptyAgent, type LiveState } from './state.ts';
import { wrapOfLeg } from './wrapOf.ts';
import { replaceWrap } from './wrapUp.ts';

/**
 * [L15] An event that sorts before one already folded for its call or agent, and out of reach of the events still
 * in memory, does not patch state: `evolve` notes the call and the agents, the shell reads their events from the
 * log (`pendingRefold` says which), and `refold` folds them in order on a clean slate and puts the result in place
 * of what was there.
 */
export interface RefoldRequest {
  callIds: string[];
  /** Every name of the agents concerned. */
  agentNames: string[];
}

/** How many calls and agents one reading of the log puts right; the rest wait for the next. */
const REQUEST_LIMIT = 200;

/** What to read from the log for `refold`, or null when nothing is pending. */
export function pendingRefold(state: LiveState): RefoldRequest | null {
  const { calls, agents } = state.pending;
  if (calls.size === 0 && agents.size === 0) return null;
  const agentNames: string[] = [];
  for (const identity of firstOf(agents)) {
    agentNames.push(...(state.agents.get(identity)?.names ?? []));
  }
  return { callIds: firstOf(calls), agentNames };
}

function firstOf(set: Set<string>): string[] {
  const first: string[] = [];
  for (const value of set) {
    if (first.length >= REQUEST_LIMIT) break;
    first.push(value);
  }
  return first;
}

/**
 * Puts right what `pendingRefold` named. `events`: all events since the state began of those calls, of those agents,
 * of every call those agents appear in, and every `source.restarted`; in any order, up to the last one folded.
 * Call `pendingRefold` again afterwards: more may be waiting.
 */
export function refold(state: LiveState, events: LogEvent[]): void {
  const calls = new Set(firstOf(state.pending.calls));
  const agents = new Set(firstOf(state.pending.agents));
  for (const id of calls) state.pending.calls.delete(id);
  for (const identity of agents) state.pending.agents.delete(identity);

  state.stirred++;
  const fresh = createState(state);
  for (const event of [...events].sort(compareOrder)) evolve(fresh, event);

  for (const id of calls) replaceCall(state, id, fresh.calls.get(id), agents);
  for (const call of fresh.calls.values()) if (!calls.has(call.id)) mergeCall(state, call, agents);
  for (const identity of agents) replaceAgent(state, identity, fresh.agents.get(identity));
}

/** Wrap-ups belong to agents: those of agents not refolded now are kept, the clean slate knows too little of them. */
function replaceCall(state: LiveState, id: string, call: Call | undefined, refolded: Set<string>): void {
  const before = state.calls.get(id);
  state.calls.delete(id);
  if (before) removeCall(state, before);
  if (!call) return;
  const kept = (before?.wraps ?? []).filter(({ agent }) => !refolded.has(agent));
  const own = call.wraps.filter(({ agent, key }) => refolded.has(agent) && !wrapOfLeg(kept, key));
  call.wraps = [...own, ...kept];
  state.calls.set(id, call);
  attachCall(state, call);
  noteOpen(state, call);
}

/** A call that a refolded agent merely appears in: only what is his is taken over, his wrap-ups and odd transfers. */
function mergeCall(state: LiveState, fresh: Call, refolded: Set<string>): void {
  const before = state.calls.get(fresh.id);
  if (!before) return;
  if (adoptedBy(before, refolded) !== adoptedBy(fresh, refolded)) {
    requestRefold(state, { calls: [fresh.id], agents: [...fresh.agents] });
    return;
  }
  for (const key of new Set([...before.wraps, ...fresh.wraps].map((wrap) => wrap.key))) {
    const now = wrapOfLeg(fresh.wraps, key);
    const agent = (now ?? wrapOfLeg(before.wraps, key))?.agent;
    if (agent !== undefined && refolded.has(agent)) replaceWrap(state, before, key, now ?? null);
  }
}

function adoptedBy(call: Call, agents: Set<string>): string {
  return JSON.stringify([...(call.adopted ?? [])].filter(([, agent]) => agents.has(agent)).sort());
}

/** The object stays, for the names that lead to it. */
function replaceAgent(state: LiveState, identity: string, fresh: Agent | undefined): void {
  const agent = agentOf(state, identity);
  leaveQueues(state, agent);
  if (agent.displayId !== null) {
    markAgent(state, agent);
    state.displayed.delete(agent.displayId);
  }
  const names = new Set([...agent.names, ...(fresh?.names ?? [])]);
  Object.assign(agent, fresh ?? emptyAgent(identity), {
    names,
    tally: agent.tally,
    markedIn: UNMARKED,
    queuesMarkedIn: UNMARKED,
  });
  if (agent.displayId !== null) state.displayed.set(agent.displayId, agent);
  publish(state, agent);
}
