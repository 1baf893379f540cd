import { RECENT_MS } from './agentTime.ts';
import type { Call, Queue, Visit } from './model.ts';
import type { LiveState } from './state.ts';
import { wrapUpOf } from './tally.ts';

/**
 * Keeps the state's lists as short as what they stand for [L13]: events of calls that went quiet, visits that left
 * the longest window, visits a refold took out. Runs every 1,024 events; costs in proportion to what it drops.
 */
export function sweep(state: LiveState): void {
  state.sinceSweep = 0;
  let dropped = 0;
  for (const { at, call } of state.retiring) {
    if (at > state.watermark) break;
    dropped++;
    if (!state.open.has(call.id)) call.events = null;
  }
  if (dropped > 0) state.retiring.splice(0, dropped);
  for (const queue of state.queues.values())
    if (queue.recent.length >= queue.sweepAt) sweepQueue(state, queue);
}

function sweepQueue(state: LiveState, queue: Queue): void {
  const horizon = state.watermark - RECENT_MS;
  queue.recent = queue.recent.filter(({ visit, call }) => !visit.gone && lastInstant(call, visit) >= horizon);
  queue.recentEvents = queue.recentEvents.filter(({ entry }) => !entry.gone && entry.at >= horizon);
  queue.visits = queue.visits.filter((visit) => !visit.gone);
  queue.sweepAt = Math.max(256, queue.recent.length * 2);
}

/** When something last happened to a visit; infinite while something still can. */
export function lastInstant(call: Call, visit: Visit): number {
  if (visit.outcome === 'open') return Number.POSITIVE_INFINITY;
  if (visit.outcome !== 'answered') return visit.settledAt ?? Number.POSITIVE_INFINITY;
  if (visit.endedAt === null) return Number.POSITIVE_INFINITY;
  const { doneAt, runsUntil } = wrapUpOf(call, visit, Number.NEGATIVE_INFINITY);
  return doneAt ?? runsUntil ?? Number.POSITIVE_INFINITY;
}
