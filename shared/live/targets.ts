import type { Targets } from '../contract/metrics.ts';
import type { LiveSettings } from '../contract/settings.ts';

/** The targets that hold for a queue; for a total those of the tenant. On target is never critical, whatever was set. */
export function targetsOf(settings: LiveSettings, queueId?: string): Targets {
  const own = queueId === undefined ? undefined : settings.queues.get(queueId)?.targets;
  const targets = { ...settings.targets, ...own };
  return {
    ...targets,
    serviceLevelCritical: Math.min(targets.serviceLevelCritical, targets.serviceLevel),
    abandonmentCritical: Math.max(targets.abandonmentCritical, targets.abandonmentRate),
  };
}
