import type { Comparison, TimeGroup } from '../../shared/contract/analyticsQuery.ts';
import {
  type Bucket,
  type Calendar,
  type DayRange,
  dayRange,
  daysBetween,
  monthOf,
  nextMonth,
  offsetsOf,
  plusDays,
  plusMonths,
} from './calendar.ts';

/** What a range is compared to, and which bucket of it stands for which. Pure. */

const YEAR_DAYS = 52 * 7;
const DAY_MS = 86_400_000;

/**
 * The period before, or the same one a year before. Months are compared to months; anything else to as many days, for weeks,
 * a year before and the same weekday moved by whole weeks, so that every day meets its own weekday.
 */
export function comparedRange(
  { startDate, endDate }: Pick<DayRange, 'startDate' | 'endDate'>,
  compare: Comparison,
  groupBy: TimeGroup | null,
  calendar: Calendar,
): DayRange {
  const endsMonth = monthOf(plusDays(endDate, 1)) === plusDays(endDate, 1);
  const isMonths = monthOf(startDate) === startDate && endsMonth;
  const isByWeekday = compare === 'sameWeekday';
  if (groupBy === 'month' || (groupBy === null && isMonths && !isByWeekday)) {
    const months = compare === 'lastYear' ? 12 : monthsOf(startDate, endDate);
    const end = plusMonths(endDate, -months);
    return dayRange(plusMonths(startDate, -months), endsMonth ? plusDays(nextMonth(end), -1) : end, calendar);
  }
  const length = daysBetween(startDate, endDate) + 1;
  const before = groupBy === 'week' || isByWeekday ? Math.ceil(length / 7) * 7 : length;
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

/** Each bucket by how far the wall clock has gone since the first midnight, and how often it has shown that. */
function namesOf(buckets: readonly Bucket[], calendar: Calendar): string[] {
  const offsetAt = offsetsOf(calendar);
  const shown = buckets.map(({ start }) => start + offsetAt(start));
  const midnight = Math.floor((shown[0] ?? 0) / DAY_MS) * DAY_MS;
  const seen = new Map<number, number>();
  return shown.map((at) => {
    const nth = (seen.get(at) ?? 0) + 1;
    seen.set(at, nth);
    return `${at - midnight} ${nth}`;
  });
}
