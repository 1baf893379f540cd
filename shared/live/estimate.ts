import type { LiveSettings } from '../contract/settings.ts';
import { estimatedWaitMs } from '../metrics/estimatedWait.ts';
import { ratio } from '../metrics/serviceLevel.ts';
import { type Counts, countQueue, type Thresholds } from './counts.ts';
import type { Agent, Queue } from './model.ts';
import { presenceOf, staffingShare } from './presence.ts';
import type { LiveState } from './state.ts';

/** [V9] for the next caller. AHT over 60 minutes, else today; patience from today's waits and abandons. */
export function estimate(
  state: LiveState,
  settings: LiveSettings,
  now: number,
  queue: Queue,
  counts: Counts,
  members: readonly Agent[],
  thresholds: Thresholds,
): number | null {
  const recent = countQueue(state, queue, thresholds, { window: 'last60' }, now).tally;
  const today = queue.tally;
  const of = (t: typeof today) => ratio(t.talkMs + t.holdMs + t.wrapUpMs, t.handled);
  const available = presenceOf(state, settings, now, 'last15', members, [queue]).metrics.agentsAvailable;
  return estimatedWaitMs({
    position: counts.waiting + 1,
    available,
    agents: staffingShare(state, settings, now, members, queue),
    ahtMs: of(recent) ?? of(today),
    patienceMs: ratio(today.answeredWaitMs + today.abandonedWaitMs, today.abandoned),
  });
}
