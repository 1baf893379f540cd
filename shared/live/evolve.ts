import type { LogEvent } from '../contract/events.ts';
import { adopt, noteAdoption } from './adoption.ts';
import { agentNamed, evolveAgent, stopRinging } from './agentEvolve.ts';
import { evolveCall } from './callEvolve.ts';
import { markSource, UNMARKED } from './dirty.ts';
import type { AgentFacts, Source } from './model.ts';
import { compareOrder } from './order.ts';
import { requestRefold } from './pending.ts';
import { callOf, type LiveState } from './state.ts';
import { sweep } from './sweep.ts';

/**
 * Folds one event of the log into the state [L5]. Mutates the state it is given, reads no clock, never throws on a
 * stray, duplicate, late or unknown event. What changed is marked in `state.dirty`; an event so late that only the
 * log can tell the whole story is noted in `state.pending`, see refold.ts.
 */
export function evolve(state: LiveState, event: LogEvent): void {
  const at = event.occurredAt;
  state.seq = event.seq;
  // Callboard's own note, of nobody: in place of an event that was taken back, or telling of that.
  if (event.source === '') return;
  if (at > state.watermark) state.watermark = at;
  const source = sourceOf(state, event.source);
  if (at > source.lastEventAt) source.lastEventAt = at;
  if (event.recordedAt > source.lastReceivedAt) source.lastReceivedAt = event.recordedAt;
  markSource(state, source);
  switch (event.kind) {
    case 'source.restarted':
      restart(state, source, event);
      break;
    case 'source.note':
    case 'survey.answered':
    case 'quality.scored':
    case 'revenue.recorded':
      break;
    case 'agent.signed_in':
    case 'agent.signed_out':
    case 'agent.joined':
    case 'agent.left':
    case 'agent.state_changed':
      evolveAgent(state, agentNamed(state, event.agent), event);
      break;
    default:
      evolveBoth(state, source, event);
  }
  if (++state.sinceSweep >= 1_024) sweep(state);
}

type OutboundEvent = Extract<LogEvent, { kind: 'call.dialed' | 'call.outbound_started' | 'call.outbound' }>;

type CallEvent = Exclude<
  LogEvent,
  {
    kind:
      | `agent.${string}`
      | 'source.restarted'
      | 'source.note'
      | 'survey.answered'
      | 'quality.scored'
      | 'revenue.recorded';
  }
>;

/** A call's event: first the call, then the agents it concerns. */
function evolveBoth(state: LiveState, source: Source, event: CallEvent): void {
  const named = event.agent === undefined ? null : agentNamed(state, event.agent);
  if (precedesRestart(source, event)) {
    requestRefold(state, { calls: [event.callId], agents: named === null ? [] : [named.identity] });
    return;
  }
  // Outbound calls have no visit: they are their agent's alone.
  if (isOutbound(event)) {
    if (named !== null) evolveAgent(state, named, event);
    return;
  }
  const adopting = event.kind === 'call.transferred' ? adopt(state, event, named) : event;
  const call = callOf(state, adopting.callId, adopting.source);
  const rang = adopting.kind === 'call.alerted' ? null : call.alerts;
  const concerned = evolveCall(state, call, adopting, named);
  if (adopting !== event && named !== null) noteAdoption(state, event, call.id, named.identity);
  if (concerned !== null) evolveAgent(state, concerned, adopting);
  if (rang === null) return;
  for (const [identity] of rang) {
    if (identity === concerned?.identity) continue;
    const agent = state.agents.get(identity);
    const stillRings = call.alerts?.some(([other]) => other === identity);
    if (agent && !stillRings) stopRinging(state, agent, call.id, adopting.occurredAt);
  }
}

function isOutbound(event: CallEvent): event is OutboundEvent {
  const { kind } = event;
  return kind === 'call.dialed' || kind === 'call.outbound_started' || kind === 'call.outbound';
}

function sourceOf(state: LiveState, id: string): Source {
  let source = state.sources.get(id);
  if (source === undefined) {
    source = { id, lastEventAt: 0, lastReceivedAt: 0, restarts: [], markedIn: UNMARKED };
    state.sources.set(id, source);
  }
  return source;
}

/** A restart that was already folded changes what this event means. */
function precedesRestart(source: Source, event: LogEvent): boolean {
  const last = source.restarts[source.restarts.length - 1];
  return last !== undefined && compareOrder(event, last) < 0;
}

/** The PBX restarted: its waiting calls are lost, its talks cut off; sign-ins, pauses and memberships stay. */
function restart(
  state: LiveState,
  source: Source,
  event: Extract<LogEvent, { kind: 'source.restarted' }>,
): void {
  const late = event.occurredAt < source.lastEventAt || precedesRestart(source, event);
  source.restarts.push(event);
  source.restarts.sort(compareOrder);
  if (late) {
    refoldAliveAt(state, event);
    return;
  }
  for (const call of [...state.open.values()]) {
    if (call.source === event.source) evolveCall(state, call, { ...event, callId: call.id }, null);
  }
  for (const agent of [...state.agents.values()]) {
    if (isBusy(agent.facts)) evolveAgent(state, agent, event);
  }
}

function isBusy({ dialing, hand, ringing }: AgentFacts): boolean {
  return dialing !== null || hand.length > 0 || ringing.length > 0;
}

/** A late restart may have cut whatever was alive at its instant. */
function refoldAliveAt(state: LiveState, event: LogEvent): void {
  const at = event.occurredAt;
  for (const call of state.calls.values()) {
    if (call.source !== event.source) continue;
    const alive = call.visits.some((visit) => {
      const over = visit.outcome === 'answered' ? visit.endedAt : visit.settledAt;
      return visit.enteredAt <= at && (over === null || over >= at);
    });
    if (alive || call.alerts !== null) requestRefold(state, { calls: [call.id], agents: [...call.agents] });
  }
  for (const { identity, facts } of state.agents.values()) {
    if (isBusy(facts) || (facts.last?.occurredAt ?? 0) >= at) {
      requestRefold(state, { calls: [], agents: [identity] });
    }
  }
}
