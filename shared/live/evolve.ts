import type { LogEvent } from '../contract/events.ts';
import { adopt, noteAdoption } from './adoption.ts';
import { evolveAgent, stopRinging } from './agentEvolve.ts';
import { evolveCall } from './callEvolve.ts';
import { identityOf } from './identity.ts';
import type { AgentFacts, Source } from './model.ts';
import { compareOrder } from './order.ts';
import { requestRefold } from './pending.ts';
import type { LiveState } from './state.ts';
import { sweep } from './sweep.ts';

/**
 * Folds one event of the log into the state [L5]. Mutates the state it is given, reads no clock, never throws on a
 * stray, duplicate, late or unknown event. What changed is marked in `state.dirty`; an event so late that only the
 * log can tell the whole story is noted in `state.pending`, see refold.ts.
 */
export function evolve(state: LiveState, event: LogEvent): void {
  state.seq = event.seq;
  if (event.occurredAt > state.watermark) state.watermark = event.occurredAt;
  const source = sourceOf(state, event);
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
      evolveAgent(state, resolveAgent(state, event.agent), event);
      break;
    default:
      evolveBoth(state, source, event);
  }
  if (++state.sinceSweep >= 1_024) sweep(state);
}

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

const NOBODY: readonly string[] = [];

/** A call's event: first the call, then the agents it concerns. */
function evolveBoth(state: LiveState, source: Source, event: CallEvent): void {
  const named = event.agent === undefined ? null : resolveAgent(state, event.agent);
  if (precedesRestart(source, event)) {
    requestRefold(state, { calls: [event.callId], agents: named === null ? [] : [named] });
    return;
  }
  const adopting = event.kind === 'call.transferred' ? adopt(state, event, named) : event;
  const alerts = adopting.kind === 'call.alerted' ? null : state.calls.get(adopting.callId)?.alerts;
  const ringing = alerts && alerts.size > 0 ? [...alerts.keys()] : NOBODY;
  const concerned = evolveCall(state, adopting, named);
  if (adopting !== event && named !== null) noteAdoption(state, event, adopting.callId, named);
  if (concerned !== null) evolveAgent(state, concerned, adopting);
  for (const identity of ringing) {
    const agent = state.agents.get(identity);
    const stillRings = state.calls.get(adopting.callId)?.alerts?.has(identity);
    if (agent && identity !== concerned && !stillRings) {
      stopRinging(state, agent, adopting.callId, adopting.occurredAt);
    }
  }
}

/** The identity behind a name, remembered: the same few names come back in every event. */
export function resolveAgent(state: LiveState, name: string): string {
  let identity = state.identities.get(name);
  if (identity === undefined) {
    identity = identityOf(name, state.settings.aliases);
    state.identities.set(name, identity);
  }
  return identity;
}

function sourceOf(state: LiveState, event: LogEvent): Source {
  let source = state.sources.get(event.source);
  if (source === undefined) {
    source = { id: event.source, lastEventAt: 0, lastReceivedAt: 0, restarts: [] };
    state.sources.set(event.source, source);
  }
  if (event.occurredAt > source.lastEventAt) source.lastEventAt = event.occurredAt;
  if (event.recordedAt > source.lastReceivedAt) source.lastReceivedAt = event.recordedAt;
  state.dirty.sources.add(event.source);
  return source;
}

/** A restart that was already folded changes what this event means. */
function precedesRestart(source: Source, event: LogEvent): boolean {
  const last = source.restarts.at(-1);
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
    if (call.source === event.source) evolveCall(state, { ...event, callId: call.id }, null);
  }
  for (const agent of [...state.agents.values()]) {
    if (isBusy(agent.facts)) evolveAgent(state, agent.identity, event);
  }
}

function isBusy({ dialing, hand, ringing }: AgentFacts): boolean {
  return dialing !== null || hand.size > 0 || ringing.size > 0;
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
