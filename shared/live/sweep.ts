import { RECENT_MS } from './agentTime.ts';
import type { Call, Queue, Visit } from './model.ts';
import { placeOf } from './order.ts';
import type { LiveState } from './state.ts';
import { wrapOf } from './wrapOf.ts';

/** How long after it went quiet a call's events are kept, so that late ones need not ask the log. */
const KEEP_EVENTS_MS = 10 * 60_000;

/**
 * Keeps the state's lists as short as what they stand for [L13]: events of calls that went quiet, visits that left
 * the longest window, visits a refold took out. Runs every 1,024 events; costs in proportion to what it drops.
 */
export function sweep(state: LiveState): void {
  state.sinceSweep = 0;
  const due = state.watermark - KEEP_EVENTS_MS;
  let seen = 0;
  for (const { at, call } of state.retiring) {
    if (at > due) break;
    seen++;
    if (!call.isOpen && (call.quietSince ?? at) > due) {
      state.retiring.push({ at: call.quietSince ?? at, call });
      continue;
    }
    call.quietSince = null;
    if (call.isOpen) continue; // It is listed again when it goes quiet.
    call.events = null;
    call.last = call.last && placeOf(call.last);
  }
  state.retiring = seen > 0 ? state.retiring.slice(seen) : state.retiring;
  for (const queue of state.queues.values())
    if (queue.recent.length >= queue.sweepAt) sweepQueue(state, queue);
}

function sweepQueue(state: LiveState, queue: Queue): void {
  const horizon = state.watermark - RECENT_MS;
  queue.recent = queue.recent.filter(
    ({ visit, call }) => !visit.gone && (visit.enteredAt >= horizon || lastInstant(call, visit) >= horizon),
  );
  queue.recentEvents = queue.recentEvents.filter(({ entry }) => !entry.gone && entry.at >= horizon);
  if (queue.gone > queue.visits.length / 4) {
    queue.visits = queue.visits.filter((visit) => !visit.gone);
    queue.gone = 0;
  }
  queue.sweepAt = Math.max(256, queue.recent.length * 2);
}

/** When something last happened to a visit; infinite while something still can. */
export function lastInstant(call: Call, visit: Visit): number {
  if (visit.outcome === 'open') return Number.POSITIVE_INFINITY;
  if (visit.outcome !== 'answered') return visit.settledAt ?? Number.POSITIVE_INFINITY;
  if (visit.endedAt === null) return Number.POSITIVE_INFINITY;
  const wrap = wrapOf(call, visit);
  return wrap === undefined ? visit.endedAt : (wrap.endedAt ?? wrap.until ?? Number.POSITIVE_INFINITY);
}
