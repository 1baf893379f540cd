import type { LogEvent } from '../contract/events.ts';
import { precedesTransfer, stopRinging } from './agentEvolve.ts';
import { foldCall } from './callFold.ts';
import type { Call } from './model.ts';
import { compareOrder, insertInOrder } from './order.ts';
import { requestRefold } from './pending.ts';
import type { LiveState } from './state.ts';
import { callOf, queueOf } from './state.ts';
import { countMiss, countRefusal, findLongestWaits, takeOut } from './tally.ts';
import { talkingVisit, waitingVisit } from './whichVisit.ts';

export type CallEvent = Extract<LogEvent, { callId: string; agent?: string }> &
  Parameters<typeof foldCall>[2];
type RestartOf = Extract<LogEvent, { kind: 'source.restarted' }> & { callId: string };

/**
 * Folds an event into its call, in order or late [L15]. Returns the identity of the agent it concerns, or null
 * where there is none, or where the refold it asked for will see to him.
 */
export function evolveCall(
  state: LiveState,
  event: CallEvent | RestartOf,
  named: string | null,
): string | null {
  if (isOutbound(event)) return named;
  if (state.pending.calls.has(event.callId)) {
    if (named !== null) requestRefold(state, { calls: [], agents: [named] });
    return null;
  }
  const call = callOf(state, event.callId, event.source);
  if (call.events === null) state.stirred++;
  const late = call.last !== null && compareOrder(event, call.last) < 0;
  if (named === null && needsAgent(event)) call.tangled = true;
  if (late) return lateForCall(state, call, event, named);
  call.events?.push(event);
  call.last = event;
  const concerned = foldCall(state, call, event, named);
  noteOpen(state, call);
  return concerned;
}

/** Outbound calls have no visit: they are their agent's alone. */
function isOutbound(event: LogEvent): boolean {
  return (
    event.kind === 'call.dialed' || event.kind === 'call.outbound_started' || event.kind === 'call.outbound'
  );
}

function needsAgent(event: LogEvent): boolean {
  return event.kind.startsWith('call.') && event.kind !== 'call.queued' && event.kind !== 'call.left';
}

function lateForCall(
  state: LiveState,
  call: Call,
  event: CallEvent | RestartOf,
  named: string | null,
): string | null {
  if (call.events === null || call.tangled || precedesTransfer(call.events, event)) {
    requestRefold(state, { calls: [call.id], agents: named === null ? [] : [named] });
    return null;
  }
  insertInOrder(call.events, event);
  const rang = new Set(call.alerts?.keys());
  const events = call.events;
  removeCall(state, call);
  for (const past of events) {
    const identity =
      'agent' in past && past.agent !== undefined ? state.identities.get(past.agent) : undefined;
    if (past.kind === 'call.alerted' && identity !== undefined) rang.add(identity);
    foldCall(state, call, past as CallEvent, identity ?? null);
  }
  noteOpen(state, call);
  for (const identity of rang) {
    const agent = state.agents.get(identity);
    if (agent && identity !== named) stopRinging(state, agent, call.id, event.occurredAt);
  }
  return named;
}

/** Takes all a call contributed out of the state, leaving the call empty but for its events and wrap-ups. */
export function removeCall(state: LiveState, call: Call): void {
  for (const visit of call.visits) {
    takeOut(state, call, visit);
    visit.gone = true;
    if (state.awaited === 0) findLongestWaits(queueOf(state, visit.queueId), state.dayStart, visit);
  }
  for (const miss of call.misses) {
    countMiss(state, miss, -1);
    miss.gone = true;
  }
  for (const refusal of call.refusals) {
    countRefusal(state, refusal, -1);
    refusal.gone = true;
  }
  call.visits = [];
  call.misses = [];
  call.refusals = [];
  call.alerts = null;
  call.quiets = null;
  call.caller = null;
  state.revisiting.delete(call);
  state.open.delete(call.id);
  call.isOpen = false;
  state.dirty.calls.add(call.id);
}

/** Keeps the list of calls that wait or talk; one that went quiet is due to give up its events later. */
export function noteOpen(state: LiveState, call: Call): void {
  state.dirty.calls.add(call.id);
  const isOpen = waitingVisit(call) !== undefined || talkingVisit(call) !== undefined;
  if (isOpen !== call.isOpen) {
    call.isOpen = isOpen;
    if (isOpen) state.open.set(call.id, call);
    else state.open.delete(call.id);
  }
  if (isOpen || call.events === null) return;
  if (call.quietSince === null) state.retiring.push({ at: state.watermark, call });
  call.quietSince = state.watermark;
}
