import type { TimeGroup } from '../../shared/contract/analyticsQuery.ts';
import { type DeskCalendar, dateAt, monthEnd, monthStart } from './days.ts';
import { type Days, kindOf } from './presets.ts';
import type { View } from './view.ts';

/** From a step of a range into it, and out again. Pure. */

/** Where pressing a step leads: into its days, or to the calls of an interval or hour (instants in ISO 8601). */
export type Drill = { days: Days } | { from: string; to: string };

export function drillOf(
  { start, end }: { start: string; end: string },
  step: TimeGroup,
  calendar: DeskCalendar,
): Drill {
  if (step === 'interval' || step === 'hour') return { from: start, to: end };
  const startDate = dateAt(Date.parse(start), calendar);
  const endDate = dateAt(Date.parse(end) - 1, calendar);
  return { days: { startDate, endDate } };
}

/** The view of some days: what was chosen stays chosen, but for how their steps are told. */
export function into(view: View, days: Days): View {
  return { ...view, range: days, step: null, tab: 'steps', sort: null, explain: null, cell: null };
}

/** The ranges around one, widest first: its year, its month. The days of two months are in neither. */
export function around(days: Days, weekStart: number): Days[] {
  const kind = kindOf(days, weekStart);
  const { startDate, endDate } = days;
  if (kind === 'year' || startDate.slice(0, 4) !== endDate.slice(0, 4)) return [];
  const year = startDate.slice(0, 4);
  const whole = { startDate: `${year}-01-01`, endDate: `${year}-12-31` };
  if (kind === 'month' || startDate.slice(0, 7) !== endDate.slice(0, 7)) return [whole];
  return [whole, { startDate: monthStart(startDate), endDate: monthEnd(startDate) }];
}

/** The days from one step to another, however they were picked. */
export function between(
  a: { start: string; end: string },
  b: { start: string; end: string },
  calendar: DeskCalendar,
): Days {
  const starts = Math.min(Date.parse(a.start), Date.parse(b.start));
  const ends = Math.max(Date.parse(a.end), Date.parse(b.end));
  const startDate = dateAt(starts, calendar);
  const endDate = dateAt(ends - 1, calendar);
  return { startDate, endDate };
}
