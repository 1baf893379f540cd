import type { LiveSettings } from '../../../shared/contract/settings.ts';
import type { Buckets, Grain } from './buckets.ts';
import type { Mark } from './dirty.ts';
import type { Span } from './facts.ts';

/** What recomputing goes by, in one transaction. */
export interface Round {
  tenantId: string;
  settings: LiveSettings;
  buckets: Buckets;
  /** Epoch ms. */
  now: number;
}

/** The buckets of `grain` that are marked, each once. */
export function markedSpans(marks: readonly Mark[], grain: Grain, buckets: Buckets): Span[] {
  const spans = new Map<string, Span>();
  for (const { bucket, id } of marks) {
    const start = buckets.startOf(grain, bucket);
    spans.set(`${start} ${id}`, { id, start, end: buckets.endOf(grain, start) });
  }
  return [...spans.values()];
}
