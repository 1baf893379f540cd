import type { PerformanceMetrics } from '../../../shared/contract/analytics.ts';

/** What one way of counting says of a day, metric by metric. Counts and sums in ms; means and ratios null where there is nothing to divide by [T4]. */
export type Figures = { readonly [metric: string]: number | null | undefined };

/** All that one way of counting says of a day; what it does not cover is undefined. */
export interface Sheet {
  total: Figures;
  /** As settings put queues together [T9]. */
  sectors: Map<string, Figures>;
  queues: Map<string, Figures>;
  /** By identity. */
  agents: Map<string, Figures>;
  /** What it says of a sector, of a queue and of an agent that it never heard of. */
  blank: { sector: Figures; queue: Figures; agent: Figures };
}

/** The ways: see docs/reconciliation.md. */
export const COLUMNS = ['live', 'history', 'facts', 'recount'] as const;
export type Column = (typeof COLUMNS)[number];

/** The metrics of visits and of time, without what is no number. */
export function figuresOf({ lowSample: _, ...metrics }: PerformanceMetrics): Figures {
  // Whether callers called again is no matter of one day [H4].
  const { firstContactResolution, firstContactResolved, firstContactCalls, firstContactDays, ...ofDay } =
    metrics;
  return ofDay;
}
