import type { TimeGroup } from '../../shared/contract/analyticsQuery.ts';
import {
  type Bucket,
  type Calendar,
  type DayRange,
  dateAt,
  dayRange,
  daysBetween,
  monthOf,
  nextMonth,
  plusDays,
  plusMonths,
} from './calendar.ts';

/** What a range is compared to, and which bucket of it stands for which. Pure. */

const YEAR_DAYS = 52 * 7;

/**
 * The period before, or the same one a year before. Months are compared to months; anything else to as many days, for weeks
 * and a year before moved by whole weeks, so that every day meets its own weekday.
 */
export function comparedRange(
  { startDate, endDate }: Pick<DayRange, 'startDate' | 'endDate'>,
  compare: 'previous' | 'lastYear',
  groupBy: TimeGroup | null,
  calendar: Calendar,
): DayRange {
  const endsMonth = monthOf(plusDays(endDate, 1)) === plusDays(endDate, 1);
  const isMonths = monthOf(startDate) === startDate && endsMonth;
  if (groupBy === 'month' || (groupBy === null && isMonths)) {
    const months = compare === 'lastYear' ? 12 : monthsOf(startDate, endDate);
    const end = plusMonths(endDate, -months);
    return dayRange(plusMonths(startDate, -months), endsMonth ? plusDays(nextMonth(end), -1) : end, calendar);
  }
  const length = daysBetween(startDate, endDate) + 1;
  const before = groupBy === 'week' ? Math.ceil(length / 7) * 7 : length;
  const days = compare === 'lastYear' ? YEAR_DAYS : before;
  return dayRange(plusDays(startDate, -days), plusDays(endDate, -days), calendar);
}

function monthsOf(startDate: string, endDate: string): number {
  const [startYear, startMonth] = startDate.split('-').map(Number);
  const [endYear, endMonth] = endDate.split('-').map(Number);
  return ((endYear ?? 0) - (startYear ?? 0)) * 12 + (endMonth ?? 0) - (startMonth ?? 0) + 1;
}

/**
 * For each bucket the place of its like in the range compared to, null where that has none. Steps within a day meet by the
 * wall clock: where one of the two days has 23 or 25 hours, the hour that is missing or repeated has no like.
 */
export function likesOf(
  buckets: readonly Bucket[],
  compared: readonly Bucket[],
  groupBy: TimeGroup,
  calendar: Calendar,
): (number | null)[] {
  if (groupBy !== 'hour' && groupBy !== 'interval')
    return buckets.map((_, place) => (place < compared.length ? place : null));
  const places = new Map(namesOf(compared, calendar).map((name, place) => [name, place]));
  return namesOf(buckets, calendar).map((name) => places.get(name) ?? null);
}

/** Each bucket by the place of its day in the range, its time of day and how often that has come. */
function namesOf(buckets: readonly Bucket[], calendar: Calendar): string[] {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: calendar.timeZone,
    hour: '2-digit',
    minute: '2-digit',
  });
  const [first] = buckets;
  const firstDate = first === undefined ? '' : dateAt(first.start, calendar);
  const seen = new Map<string, number>();
  return buckets.map(({ start }) => {
    const day = daysBetween(firstDate, dateAt(start, calendar));
    const name = `${day} ${clock.format(start)}`;
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return `${name} ${nth}`;
  });
}
