import type { BucketRow } from '../../shared/contract/analytics.ts';
import type { TimeGroup } from '../../shared/contract/analyticsQuery.ts';
import { formatLocalDate, formatLocalDates, formatTime } from '../ui/format.ts';
import { type DeskCalendar, dateAt } from './days.ts';
import { drillOf, into } from './drill.ts';
import type { Days } from './presets.ts';
import { addressOf, type View } from './view.ts';

/** What a step is called: in full where it stands alone, in short below an axis. */
export function nameOfStep(
  { start, end }: { start: string; end: string },
  step: TimeGroup,
  calendar: DeskCalendar,
  place: 'text' | 'axis' | 'axisOfYears' = 'text',
): string {
  const from = Date.parse(start);
  const date = dateAt(from, calendar);
  const isShort = place !== 'text';
  switch (step) {
    case 'interval':
    case 'hour':
      return formatTime(from, calendar.timeZone);
    case 'day':
      return formatLocalDate(date, isShort ? 'short' : 'day');
    case 'week':
      return isShort
        ? formatLocalDate(date, 'short')
        : formatLocalDates(date, dateAt(Date.parse(end) - 1, calendar), 'short');
    case 'month':
      return formatLocalDate(
        date,
        place === 'text' ? 'month' : place === 'axis' ? 'monthOnly' : 'monthShort',
      );
  }
}

/** In full, and of which day where steps of several days are shown. */
export function titleOfStep(
  bucket: { start: string; end: string },
  step: TimeGroup,
  calendar: DeskCalendar,
  isOneDay: boolean,
): string {
  const name = nameOfStep(bucket, step, calendar);
  if (isOneDay || (step !== 'interval' && step !== 'hour')) return name;
  return `${formatLocalDate(dateAt(Date.parse(bucket.start), calendar), 'day')} ${name}`;
}

/** Where pressing a step leads: into its days, or to its calls. */
export function hrefOfStep(
  view: View,
  bucket: { start: string; end: string },
  step: TimeGroup,
  calendar: DeskCalendar,
): string {
  const drill = drillOf(bucket, step, calendar);
  return 'days' in drill ? addressOf(into(view, drill.days)) : callsAddress(view, drill);
}

/** The calls that entered from one instant to another, of the same queues and by the same rules. */
export function callsAddress(view: View, { from, to }: { from: string; to: string }): string {
  return `#/calls?${callsParameters(view, { from, to })}`;
}

/** The calls of some days that a figure counted; `agent`: those he answered. */
export function callsOfDays(
  view: View,
  { startDate, endDate }: Days,
  counted: string,
  agent?: string,
): string {
  const of = { start: startDate, end: endDate, counted, ...(agent !== undefined && { agent }) };
  return `#/calls?${callsParameters(view, of)}`;
}

/** The calls of some days that were transferred into a queue. */
export function callsTransferred(view: View, { startDate, endDate }: Days, transferredTo: string): string {
  return `#/calls?${callsParameters(view, { start: startDate, end: endDate, transferredTo })}`;
}

/** The calls of some days whose wait lies in a bar. */
export function callsOfWaits(
  view: View,
  { startDate, endDate }: Days,
  { fromSeconds, toSeconds }: { fromSeconds: number; toSeconds: number | null },
): string {
  const waits: Record<string, string> = {
    minWaitMs: String(fromSeconds === 0 ? 0 : fromSeconds * 1_000 + 1),
  };
  if (toSeconds !== null) waits.maxWaitMs = String(toSeconds * 1_000);
  return `#/calls?${callsParameters(view, { start: startDate, end: endDate, ...waits })}`;
}

function callsParameters(view: View, of: Record<string, string>): URLSearchParams {
  const parameters = new URLSearchParams(of);
  for (const id of view.queues) parameters.append('queue', id);
  for (const id of view.sectors) parameters.append('sector', id);
  for (const name of ['timeZone', 'definition', 'threshold', 'shortAbandon'] as const) {
    const value = view[name];
    if (value !== null) parameters.set(name, String(value));
  }
  return parameters;
}

/**
 * Steps of one day without those before its first and after its last call or sign-in: nights are no news. Of more days, or
 * of one in which nothing happened, all.
 */
export function busyPart<R extends Busy>(
  rows: readonly R[],
  step: TimeGroup,
  isOneDay: boolean,
): readonly R[] {
  if (!isOneDay || (step !== 'interval' && step !== 'hour')) return rows;
  const first = rows.findIndex(isBusy);
  return first < 0 ? rows : rows.slice(first, rows.findLastIndex(isBusy) + 1);
}

interface Busy extends Pick<BucketRow, 'received' | 'signedInMs'> {
  previous?: Pick<BucketRow, 'received'> | null | undefined;
}

export function isBusy({ received, signedInMs, previous }: Busy): boolean {
  return received > 0 || signedInMs > 0 || (previous?.received ?? 0) > 0;
}

/** Which of so many steps are named below an axis, at most `most` of them and evenly. */
export function namedSteps(count: number, most: number, even: readonly number[]): number[] {
  const every = even.find((one) => count / one <= most) ?? Math.ceil(count / Math.max(1, most));
  return Array.from({ length: Math.ceil(count / every) }, (_, place) => place * every);
}
