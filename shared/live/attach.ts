import { countMiss, countRefusal, putIn } from './contribute.ts';
import { UNMARKED } from './dirty.ts';
import type { Call } from './model.ts';
import type { LiveState } from './state.ts';
import { queueOf } from './state.ts';

/** Enters a whole call, folded elsewhere or kept over midnight, into the sums and lists of its queues. */
export function attachCall(state: LiveState, call: Call): void {
  call.isOpen = false;
  call.markedIn = UNMARKED; // Rounds of the state that folded it are not this one's.
  call.quietSince = null;
  for (const visit of call.visits) {
    visit.gone = false;
    const queue = queueOf(state, visit.queueId);
    queue.visits.push(visit);
    queue.recent.push({ visit, call });
    putIn(state, call, visit, queue);
  }
  if (call.visits.length > 1) state.revisiting.add(call);
  for (const miss of call.misses) {
    miss.gone = false;
    countMiss(state, miss, 1);
    if (miss.queueId !== '') queueOf(state, miss.queueId).recentEvents.push({ kind: 'missed', entry: miss });
  }
  for (const refusal of call.refusals) {
    refusal.gone = false;
    countRefusal(state, refusal, 1);
    queueOf(state, refusal.queueId).recentEvents.push({ kind: 'refused', entry: refusal });
  }
}
