import type { Metrics } from '../contract/metrics.ts';
import type { LiveSettings } from '../contract/settings.ts';
import { estimatedWaitMs } from '../metrics/estimatedWait.ts';
import { ratio } from '../metrics/serviceLevel.ts';
import type { TallyCounts } from '../metrics/tally.ts';
import type { Agent, Queue } from './model.ts';
import { staffingShare } from './presence.ts';
import type { LiveState } from './state.ts';

/** [V9] for the next caller. AHT over 60 minutes, else today; patience from today's waits and abandons. */
export function estimate(
  state: LiveState,
  settings: LiveSettings,
  now: number,
  queue: Queue,
  members: readonly Agent[],
  { waiting, agentsAvailable }: Pick<Metrics, 'waiting' | 'agentsAvailable'>,
  last60: TallyCounts,
): number | null {
  const today = queue.tally;
  const of = (t: TallyCounts) => ratio(t.talkMs + t.holdMs + t.wrapUpMs, t.handled);
  return estimatedWaitMs({
    position: waiting + 1,
    available: agentsAvailable,
    agents: staffingShare(state, settings, now, members, queue),
    ahtMs: of(last60) ?? of(today),
    patienceMs: ratio(today.answeredWaitMs + today.abandonedWaitMs, today.abandoned),
  });
}
