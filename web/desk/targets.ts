import type { Targets } from '../../shared/contract/metrics.ts';
import type { LiveMetrics } from '../../shared/contract/rest.ts';
import type { View } from './view.ts';

/** What is wanted of the figures of a view: of one queue its own, of any more the centre's. */
export function targetsOf({ queues }: Pick<View, 'queues'>, known: LiveMetrics): Targets {
  const [only] = queues.length === 1 ? queues : [];
  return known.queues.find(({ queueId }) => queueId === only)?.targets ?? known.totals.targets;
}
