import type { LiveSettings } from '../contract/settings.ts';
import { EXACT_SECONDS } from '../metrics/histogram.ts';
import { RECENT_MS } from './agentTime.ts';
import { removeCall } from './callEvolve.ts';
import { findLongestWaits } from './contribute.ts';
import type { Call, Queue } from './model.ts';
import { requestRefold } from './pending.ts';
import type { LiveState } from './state.ts';
import { queueOf } from './state.ts';
import { lastInstant, sweep } from './sweep.ts';

/**
 * Most of a day's calls are over and only count: their sums say all a wall shows of them. Such cold calls are needed
 * for what is rare (a late event, midnight, a threshold beyond ten minutes), so a restart shows its numbers without
 * them [L14] and takes them in afterwards, a chunk at a time.
 *
 *   state.awaited   cold calls still to come; until it is 0 the state must not be refolded, saved or begin a day
 */

/** Tells cold calls from the warm ones of the state as it is now. */
export function coldIn(state: LiveState): (call: Call) => boolean {
  sweep(state); // Calls that went quiet long ago give up their events now, whether or not more have come since.
  const held = heldByAgents(state);
  return (call) => isCold(state, call, held);
}

/** Calls that agents' next events may refer to without naming them. */
function heldByAgents(state: LiveState): Set<string> {
  const held = new Set<string>();
  for (const { facts } of state.agents.values()) {
    if (facts.lastLeg) held.add(facts.lastLeg.callId);
    if (facts.wrap) held.add(facts.wrap.callId);
    for (const { callId } of facts.hand) held.add(callId);
    for (const { callId } of facts.ringing) held.add(callId);
  }
  return held;
}

/** Cold: over, out of every sliding window, and in totals as one call [T5]. */
function isCold(state: LiveState, call: Call, held: ReadonlySet<string>): boolean {
  if (call.isOpen || call.events !== null || call.alerts !== null) return false;
  if (call.visits.length > 1 || held.has(call.id)) return false;
  const horizon = state.watermark - RECENT_MS;
  const visitsOver = call.visits.every(
    (visit) =>
      lastInstant(call, visit) < horizon && (visit.outcome !== 'callback_requested' || visit.calledBack),
  );
  const isRecent = (entry: { at: number }): boolean => entry.at >= horizon;
  return visitsOver && !call.misses.some(isRecent) && !call.refusals.some(isRecent);
}

/** Takes in a cold call whose sums the state has already. */
export function attachCold(state: LiveState, call: Call): void {
  state.awaited--;
  const known = state.calls.get(call.id);
  if (known) {
    // Something came for it meanwhile, and was taken for a new call's: only the log can tell the two as one.
    removeCall(state, call);
    requestRefold(state, { calls: [call.id], agents: [...known.agents, ...call.agents] });
    return;
  }
  state.calls.set(call.id, call);
  for (const visit of call.visits) queueOf(state, visit.queueId).visits.push(visit);
}

/** Once all are in: the longest waits of a queue could not be searched for without them. */
export function finishCold(state: LiveState, queue: Queue): void {
  findLongestWaits(queue, state.dayStart, null);
}

/** True when numbers of today under these thresholds are counted from each visit, not read off the sums. */
export function readsEveryVisit(
  settings: LiveSettings,
  query: { threshold?: number | undefined; shortAbandon?: number | undefined } = {},
): boolean {
  const asked = [query.threshold, query.shortAbandon];
  const queues = [...settings.queues.values()].flatMap((own) => [
    own.thresholdSeconds,
    own.shortAbandonSeconds,
  ]);
  return [...asked, ...queues, settings.thresholdSeconds, settings.shortAbandonSeconds].some(
    (seconds) => (seconds ?? 0) > EXACT_SECONDS,
  );
}
