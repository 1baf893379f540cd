import type { LogEvent } from '../contract/events.ts';
import { agentNamed, precedesTransfer, stopRinging } from './agentEvolve.ts';
import { foldCall } from './callFold.ts';
import { countMiss, countRefusal, findLongestWaits, takeOut } from './contribute.ts';
import { markCall } from './dirty.ts';
import type { Agent, Call } from './model.ts';
import { compareOrder, insertInOrder } from './order.ts';
import { requestRefold } from './pending.ts';
import type { LiveState } from './state.ts';
import { queueOf } from './state.ts';
import { talkingVisit, waitingVisit } from './whichVisit.ts';

type CallEvent = Extract<LogEvent, { callId: string; agent?: string }> & Parameters<typeof foldCall>[2];
type RestartOf = Extract<LogEvent, { kind: 'source.restarted' }> & { callId: string };

/**
 * Folds an event into its call, in order or late [L15]. Returns the agent it concerns, or null where there is none, or
 * where the refold it asked for will see to him.
 */
export function evolveCall(
  state: LiveState,
  call: Call,
  event: CallEvent | RestartOf,
  named: Agent | null,
): Agent | null {
  if (state.pending.calls.size > 0 && state.pending.calls.has(call.id)) {
    if (named !== null) requestRefold(state, { calls: [], agents: [named.identity] });
    return null;
  }
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

function needsAgent(event: LogEvent): boolean {
  return event.kind.startsWith('call.') && event.kind !== 'call.queued' && event.kind !== 'call.left';
}

function lateForCall(
  state: LiveState,
  call: Call,
  event: CallEvent | RestartOf,
  named: Agent | null,
): Agent | null {
  if (call.events === null || call.tangled || precedesTransfer(call.events, event)) {
    requestRefold(state, { calls: [call.id], agents: named === null ? [] : [named.identity] });
    return null;
  }
  insertInOrder(call.events, event);
  const rang = new Set(call.alerts?.map(([identity]) => identity));
  const { events, quiets } = call;
  removeCall(state, call);
  for (const past of events) {
    const agent = 'agent' in past && past.agent !== undefined ? agentNamed(state, past.agent) : null;
    if (past.kind === 'call.alerted' && agent !== null) rang.add(agent.identity);
    foldCall(state, call, past as CallEvent, agent);
  }
  noteOpen(state, call);
  // That is all of a call that its agents' timelines depend on.
  if (sameInstants(quiets, call.quiets)) return named;
  for (const identity of rang) {
    const agent = state.agents.get(identity);
    if (agent && agent !== named) stopRinging(state, agent, call.id, event.occurredAt);
  }
  return named;
}

function sameInstants(a: Call['quiets'], b: Call['quiets']): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((at, i) => at === b[i]);
}

/** Takes all a call contributed out of the state, leaving the call empty but for its events and wrap-ups. */
export function removeCall(state: LiveState, call: Call): void {
  for (const visit of call.visits) {
    const queue = queueOf(state, visit.queueId);
    takeOut(state, call, visit);
    visit.gone = true;
    queue.gone++;
    if (state.awaited === 0) findLongestWaits(queue, state.dayStart, visit);
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
  markCall(state, call);
}

/** Keeps the list of calls that wait or talk; one that went quiet is due to give up its events later. */
export function noteOpen(state: LiveState, call: Call): void {
  markCall(state, call);
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
