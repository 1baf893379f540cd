import type { Thresholds } from '../metrics/thresholds.ts';
import { type Counts, countQueue, type MeasureQuery } from './counts.ts';
import type { Queue } from './model.ts';
import type { LiveState } from './state.ts';

/**
 * What has been counted of queues, by window and queue: a sector's and the tenant's numbers are sums of the same counts,
 * and counting is most of the work of measuring. Good for one instant and one set of overrides.
 */
export type Counted = Map<string, Counts>;

/** Counts one queue at `now` (epoch ms), unless it has been. */
export function countOnce(
  counted: Counted,
  state: LiveState,
  queue: Queue,
  thresholds: Thresholds,
  query: MeasureQuery,
  now: number,
): Counts {
  const name = `${query.window}:${queue.id}`;
  let counts = counted.get(name);
  if (counts === undefined) {
    counts = countQueue(state, queue, thresholds, query, now);
    counted.set(name, counts);
  }
  return counts;
}
