import type { LiveSettings, QueueSettings } from '../contract/settings.ts';

/** Thresholds a queue is measured under: its own, unless the question names others. */
export interface Thresholds {
  thresholdSeconds: number;
  shortAbandonSeconds: number;
  maxWaitMs: number;
}

type Decided = Pick<LiveSettings, 'thresholdSeconds' | 'shortAbandonSeconds' | 'maxWaitSeconds' | 'queues'>;

/** The thresholds in force for a queue: its own, else the tenant's. */
export function thresholdsInForce(settings: Decided, queueId: string): Thresholds {
  return ofQueue(settings, settings.queues.get(queueId));
}

function ofQueue(settings: Decided, queue: QueueSettings | undefined): Thresholds {
  return {
    thresholdSeconds: queue?.thresholdSeconds ?? settings.thresholdSeconds,
    shortAbandonSeconds: queue?.shortAbandonSeconds ?? settings.shortAbandonSeconds,
    maxWaitMs: (queue?.maxWaitSeconds ?? settings.maxWaitSeconds) * 1_000,
  };
}

/**
 * Equal for settings under which every queue, seen or not, has the same thresholds: the tenant's, and those of the queues
 * that differ from them. A queue that is first seen changes nothing, nor does one given what it had already.
 */
export function thresholdsFingerprint(settings: Decided): string {
  const text = (t: Thresholds) => `${t.thresholdSeconds}/${t.shortAbandonSeconds}/${t.maxWaitMs}`;
  const common = text(ofQueue(settings, undefined));
  const own = [...settings.queues]
    .map(([id, queue]): [string, string] => [id, text(ofQueue(settings, queue))])
    .filter(([, thresholds]) => thresholds !== common)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([common, ...own]);
}
