import type { PerformanceMetrics } from '../../../shared/contract/analytics.ts';
import type { TargetVerdict } from '../../../shared/contract/dashboard.ts';
import type { Targets } from '../../../shared/contract/metrics.ts';

/** How figures stand to what is wanted of them, of those of which anything is. Pure. */
export function targetVerdicts(metrics: PerformanceMetrics, targets: Targets): TargetVerdict[] {
  const verdicts: TargetVerdict[] = [];
  const judge = (
    metric: TargetVerdict['metric'],
    better: 'high' | 'low',
    target: number | null,
    critical: number | null = null,
  ) => {
    if (target === null) return;
    const value = metrics[metric];
    const isWorse = (than: number) => value !== null && (better === 'high' ? value < than : value > than);
    const isCritical = critical !== null && isWorse(critical);
    const judged = isCritical ? 'critical' : isWorse(target) ? 'missed' : 'good';
    verdicts.push({ metric, value, target, verdict: value === null ? null : judged });
  };
  judge('serviceLevel', 'high', targets.serviceLevel, targets.serviceLevelCritical);
  judge('abandonmentRate', 'low', targets.abandonmentRate, targets.abandonmentCritical);
  judge('completionRate', 'high', targets.completionRate);
  judge('occupancy', 'low', targets.occupancy);
  judge('asaMs', 'low', targets.asaMs);
  judge('ahtMs', 'low', targets.ahtMs);
  return verdicts;
}
