import { DateTime, IANAZone } from 'luxon';
import type { TimeGroup } from '../../shared/contract/analyticsQuery.ts';

/** Days, weeks and months where a tenant is [T1], as instants in epoch ms. Pure. */

/** By which clock days are told apart. */
export interface Calendar {
  timeZone: string;
  /** Minutes after midnight at which a day starts. */
  dayStartMinutes: number;
  /** ISO weekday a week starts with: 1 is Monday. */
  weekStart: number;
}

/** Whole days, both included, and from when to when (`to` excluded) they last. */
export interface DayRange {
  startDate: string;
  endDate: string;
  from: number;
  to: number;
}

/** A step of a trend; `isClipped`: the range holds only a part of it. */
export interface Bucket {
  start: number;
  end: number;
  isClipped: boolean;
}

const INTERVAL_MS = 900_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export function dayRange(startDate: string, endDate: string, calendar: Calendar): DayRange {
  const after = plusDays(endDate, 1);
  return { startDate, endDate, from: startOf(startDate, calendar), to: startOf(after, calendar) };
}

/** When a local day begins. The wall clock decides, as in server/live/localDay.ts. */
export function startOf(date: string, { timeZone, dayStartMinutes }: Calendar): number {
  return DateTime.fromISO(date, { zone: timeZone })
    .startOf('day')
    .set({ hour: Math.floor(dayStartMinutes / 60), minute: dayStartMinutes % 60 })
    .toMillis();
}

/** The local day that contains an instant. */
export function dateAt(instant: number, calendar: Calendar): string {
  const date = isoDate(DateTime.fromMillis(instant, { zone: calendar.timeZone }));
  // A clock that jumps past the start of its day is why this asks, and does not subtract.
  return startOf(date, calendar) <= instant ? date : plusDays(date, -1);
}

/** The steps of a range in order, without gaps. */
export function bucketsOf(range: DayRange, groupBy: TimeGroup, calendar: Calendar): Bucket[] {
  switch (groupBy) {
    case 'interval':
      return stepsOf(range, (start) => start + INTERVAL_MS - mod(start, INTERVAL_MS));
    case 'hour': {
      const zone = IANAZone.create(calendar.timeZone);
      return stepsOf(
        range,
        (start) => start + HOUR_MS - mod(start + zone.offset(start) * MINUTE_MS, HOUR_MS),
      );
    }
    case 'day':
      return datesOf(range, calendar, (date) => [date, plusDays(date, 1)]);
    case 'week':
      return datesOf(range, calendar, (date) => {
        const since = mod(dateTime(date).weekday - calendar.weekStart, 7);
        return [plusDays(date, -since), plusDays(date, 7 - since)];
      });
    case 'month':
      return datesOf(range, calendar, (date) => [monthOf(date), nextMonth(date)]);
  }
}

function stepsOf({ from, to }: DayRange, next: (start: number) => number): Bucket[] {
  const buckets: Bucket[] = [];
  for (let start = from; start < to; ) {
    const end = Math.min(next(start), to);
    buckets.push({ start, end, isClipped: false });
    start = end;
  }
  return buckets;
}

/** `whole` tells the first day of a date's step and the first of the next. */
function datesOf(
  { startDate, endDate, to }: DayRange,
  calendar: Calendar,
  whole: (date: string) => [first: string, next: string],
): Bucket[] {
  const buckets: Bucket[] = [];
  for (let date = startDate; date <= endDate; ) {
    const [first, next] = whole(date);
    const isCut = next > plusDays(endDate, 1);
    const end = isCut ? to : startOf(next, calendar);
    buckets.push({ start: startOf(date, calendar), end, isClipped: isCut || first < date });
    date = next;
  }
  return buckets;
}

export function plusDays(date: string, days: number): string {
  return isoDate(dateTime(date).plus({ days }));
}

/** Clamped to the length of the month. */
export function plusMonths(date: string, months: number): string {
  return isoDate(dateTime(date).plus({ months }));
}

/** The first day of a date's month, and of the one after it. */
export function monthOf(date: string): string {
  return `${date.slice(0, 8)}01`;
}

export function nextMonth(date: string): string {
  return plusMonths(monthOf(date), 1);
}

export function daysBetween(startDate: string, endDate: string): number {
  return Math.round(dateTime(endDate).diff(dateTime(startDate), 'days').days);
}

function dateTime(date: string): DateTime {
  return DateTime.fromISO(date, { zone: 'utc' });
}

function isoDate(at: DateTime): string {
  const date = at.toISODate();
  if (date === null) throw new RangeError(`calendar: ${at.invalidExplanation ?? 'no such day'}`);
  return date;
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
