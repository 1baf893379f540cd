import type { LiveSettings } from '../../../shared/contract/settings.ts';
import type { Sectors } from '../../../shared/metrics/contacts.ts';
import { type Buckets, INTERVAL_MS } from './buckets.ts';
import type { Mark } from './dirty.ts';
import type { Span } from './facts.ts';

/** What recomputing goes by, in one transaction. */
export interface Round {
  tenantId: string;
  settings: LiveSettings;
  buckets: Buckets;
  sectors: Sectors;
  /** Epoch ms. */
  now: number;
  /** From then on (epoch ms) there are all facts. What began before stays in its finest rows as it is [L10]. */
  factsSince: number;
}

/**
 * The buckets that are marked, each once. A mark of an interval is one of its quarter of an hour: of both its parts, where a
 * local day starts within it.
 */
export function markedSpans(marks: readonly Mark[], grain: 'interval' | 'day', buckets: Buckets): Span[] {
  const spans = new Map<string, Span>();
  for (const { bucket, id } of marks) {
    const quarter = Math.floor(bucket / INTERVAL_MS) * INTERVAL_MS;
    const [from, until] = grain === 'day' ? [bucket, bucket + 1] : [quarter, quarter + INTERVAL_MS];
    for (let start = buckets.startOf(grain, from); start < until; start = buckets.endOf(grain, start))
      spans.set(`${start} ${id}`, { id, start, end: buckets.endOf(grain, start) });
  }
  return [...spans.values()];
}
