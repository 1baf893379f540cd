import type { PatternRow } from '../../shared/contract/analytics.ts';
import { kindOfMetric } from './measures.ts';
import type { ChartMetric } from './view.ts';

/** A week of figures as a table of weekdays and times. Pure. */

const DAY_MINUTES = 1_440;

/** Counts as of one such day, on average; anything else as it is. */
export function figureOf(row: PatternRow, metric: ChartMetric): number | null {
  const value = row[metric];
  if (value === null) return null;
  if (kindOfMetric(metric) !== 'count') return value;
  return row.days > 0 ? value / row.days : null;
}

/** How far a figure is from its target, from 0 (there) to 1 (as far as the target is large, or farther). */
export function distanceOf(value: number | null, target: number | null): number {
  if (value === null || target === null) return 0;
  if (target === 0) return value === 0 ? 0 : 1;
  return Math.min(1, Math.abs(value - target) / target);
}

/** The times of day from the first to the last in which there was anything, in the order of a day that starts then. */
export function columnsOf(
  rows: readonly Pick<PatternRow, 'startMinutes' | 'received' | 'signedInMs'>[],
  stepMinutes: number,
  dayStartMinutes: number,
): number[] {
  const since = (minutes: number): number => (minutes - dayStartMinutes + DAY_MINUTES) % DAY_MINUTES;
  const busy = rows.filter(({ received, signedInMs }) => received + signedInMs > 0);
  if (busy.length === 0) return [];
  const places = busy.map(({ startMinutes }) => since(startMinutes));
  const [first, last] = [Math.min(...places), Math.max(...places)];
  const times: number[] = [];
  for (let at = first; at <= last; at += stepMinutes) times.push((at + dayStartMinutes) % DAY_MINUTES);
  return times;
}

/** `08:30` of 510 minutes after midnight. */
export function timeOf(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
