import type { ReconciliationRow } from '../../../shared/contract/reconciliation.ts';
import { formatCount, NONE } from '../../ui/format.ts';
import { kindOfMetric, written } from '../measures.ts';

/** How a figure that was counted several ways is written. Pure. */

export const WAYS = ['live', 'history', 'facts', 'recount'] as const;
export type Way = (typeof WAYS)[number];

/** As history reads it: of the total, the sectors, the queues, the agents; what differs before what does not. */
export function sorted(rows: readonly ReconciliationRow[]): ReconciliationRow[] {
  const order = { total: 0, sector: 1, queue: 2, agent: 3 };
  return [...rows].sort(
    (a, b) =>
      Number(isDifferent(b)) - Number(isDifferent(a)) ||
      order[a.of] - order[b.of] ||
      (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

export function isDifferent({ difference }: ReconciliationRow): boolean {
  return difference !== 0;
}

/** Empty where the way does not cover it; `–` where there was nothing to divide by. */
export function writtenBy(row: ReconciliationRow, way: Way): string {
  const value = row[way];
  return value === undefined ? '' : written(value, kindOfMetric(row.metric));
}

/** To the last digit that says something: what is shown of a figure may be the same in all of them. */
export function differenceOf(row: ReconciliationRow): string {
  if (!isDifferent(row)) return '0';
  const { difference, metric } = row;
  if (difference === null) return NONE;
  if (metric.endsWith('Ms')) return `${formatCount(Math.ceil(difference))} ms`;
  return Number.isInteger(difference) ? formatCount(difference) : difference.toPrecision(2);
}
