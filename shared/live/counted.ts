import type { Window } from '../contract/metrics.ts';
import type { Thresholds } from '../metrics/thresholds.ts';
import { countSliding } from './countSliding.ts';
import type { Counts, MeasureQuery } from './counts.ts';
import { countToday } from './countToday.ts';
import type { Queue } from './model.ts';
import type { LiveState } from './state.ts';

/**
 * What has been counted of queues, by window and queue: a sector's and the tenant's numbers are sums of the same counts,
 * and counting is most of the work of measuring. Good for one instant and one set of overrides.
 */
export type Counted = Map<string, Counts>;

/** Counts one queue at `now` (epoch ms). */
export function countQueue(
  state: LiveState,
  queue: Queue,
  thresholds: Thresholds,
  { window }: MeasureQuery,
  now: number,
): Counts {
  if (window === 'today') return countToday(state, queue, thresholds, now);
  return countSliding(state, queue, thresholds, now)[window];
}

/** The same, unless it has been counted. One walk counts all sliding windows, and whoever asks for one mostly asks for the others. */
export function countOnce(
  counted: Counted,
  state: LiveState,
  queue: Queue,
  thresholds: Thresholds,
  { window }: MeasureQuery,
  now: number,
): Counts {
  const known = counted.get(nameOf(window, queue));
  if (known !== undefined) return known;
  if (window === 'today') {
    const counts = countToday(state, queue, thresholds, now);
    counted.set(nameOf(window, queue), counts);
    return counts;
  }
  const windows = countSliding(state, queue, thresholds, now);
  for (const each of SLIDING) counted.set(nameOf(each, queue), windows[each]);
  return windows[window];
}

const SLIDING = ['last15', 'last30', 'last60'] as const;

const nameOf = (window: Window, { id }: Queue): string => `${window}:${id}`;
