import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { thresholdsOf } from '../../../shared/live/counts.ts';

/** A value that most queues share, and those of the queues that have another. */
export interface ByQueue<T> {
  fallback: T;
  groups: { queues: readonly string[]; value: T }[];
}

/** Under which thresholds visits are judged, and when. Durations in ms, `now` in epoch ms. */
export interface VisitRules {
  now: number;
  thresholdMs: ByQueue<number>;
  shortAbandonMs: ByQueue<number>;
  maxWaitMs: ByQueue<number>;
  /** Within how many days, of 24 hours each, somebody calls again [H4] [V12]. */
  firstContactDays: number;
}

/** Those in force, or those a question names instead (seconds). */
export function visitRules(
  settings: LiveSettings,
  now: number,
  query: { threshold?: number | undefined; shortAbandon?: number | undefined } = {},
): VisitRules {
  const { threshold, shortAbandon } = query;
  const of = (queueId: string) =>
    thresholdsOf(settings, queueId, {
      window: 'today',
      ...(threshold !== undefined && { threshold }),
      ...(shortAbandon !== undefined && { shortAbandon }),
    });
  const byQueue = (ownValue: (queueId: string) => number, fallback: number): ByQueue<number> => {
    const others = new Map<number, string[]>();
    for (const queueId of settings.queues.keys()) {
      const value = ownValue(queueId);
      if (value === fallback) continue;
      const queues = others.get(value);
      if (queues) queues.push(queueId);
      else others.set(value, [queueId]);
    }
    return { fallback, groups: [...others].map(([value, queues]) => ({ queues, value })) };
  };
  return {
    now,
    thresholdMs: byQueue(
      (id) => of(id).thresholdSeconds * 1_000,
      (threshold ?? settings.thresholdSeconds) * 1_000,
    ),
    shortAbandonMs: byQueue(
      (id) => of(id).shortAbandonSeconds * 1_000,
      (shortAbandon ?? settings.shortAbandonSeconds) * 1_000,
    ),
    maxWaitMs: byQueue((id) => of(id).maxWaitMs, settings.maxWaitSeconds * 1_000),
    firstContactDays: settings.firstContactDays,
  };
}

export function valueFor<T>({ fallback, groups }: ByQueue<T>, queueId: string): T {
  return groups.find(({ queues }) => queues.includes(queueId))?.value ?? fallback;
}
