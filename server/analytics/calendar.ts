import { DateTime, IANAZone } from 'luxon';
import type { TimeGroup } from '../../shared/contract/analyticsQuery.ts';
import { dayStartOn } from '../log/localDay.ts';

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

export const INTERVAL_MS = 900_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export function dayRange(startDate: string, endDate: string, calendar: Calendar): DayRange {
  const after = plusDays(endDate, 1);
  return { startDate, endDate, from: startOf(startDate, calendar), to: startOf(after, calendar) };
}

/** When a local day begins. */
export function startOf(date: string, { timeZone, dayStartMinutes }: Omit<Calendar, 'weekStart'>): number {
  const shown = Date.parse(date) + dayStartMinutes * MINUTE_MS;
  const offset = steadyOffset(shown, timeZone);
  if (offset !== null) return shown - offset;
  return dayStartOn(DateTime.fromISO(date, { zone: timeZone }), dayStartMinutes).toMillis();
}

/** The local day that contains an instant. */
export function dateAt(instant: number, calendar: Calendar): string {
  const offset = steadyOffset(instant, calendar.timeZone);
  if (offset !== null) return utcDate(instant + offset - calendar.dayStartMinutes * MINUTE_MS);
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
      const offsetAt = offsetsOf(calendar);
      return stepsOf(range, (start) => start + HOUR_MS - mod(start + offsetAt(start), HOUR_MS));
    }
    case 'day':
      return datesOf(range, calendar, (date) => [date, plusDays(date, 1)]);
    case 'week':
      return datesOf(range, calendar, (date) => {
        const since = mod(new Date(date).getUTCDay() - calendar.weekStart, 7);
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
  { startDate, endDate, from, to }: DayRange,
  calendar: Calendar,
  whole: (date: string) => [first: string, next: string],
): Bucket[] {
  const after = plusDays(endDate, 1);
  const startFrom = createDayStarts(startDate, from, calendar);
  const buckets: Bucket[] = [];
  for (let [date, start] = [startDate, from]; date <= endDate; ) {
    const [first, next] = whole(date);
    const isCut = next > after;
    const end = isCut ? to : startFrom(next);
    buckets.push({ start, end, isClipped: isCut || first < date });
    [date, start] = [next, end];
  }
  return buckets;
}

/**
 * When days begin, asked for in their order from one whose start is known: where the clock has not changed meanwhile, and
 * shows the right time, it is a matter of counting, which is what makes years of days cheap.
 */
function createDayStarts(startDate: string, start: number, calendar: Calendar): (date: string) => number {
  const offsetAt = offsetsOf(calendar);
  let known = { date: startDate, start, offset: offsetAt(start) };
  return (date) => {
    const counted = known.start + daysBetween(known.date, date) * DAY_MS;
    const offset = offsetAt(counted);
    const isRight = mod(counted + offset, DAY_MS) === calendar.dayStartMinutes * MINUTE_MS;
    const found = offset === known.offset && isRight ? counted : startOf(date, calendar);
    known = { date, start: found, offset: found === counted ? offset : offsetAt(found) };
    return found;
  };
}

/** Days whose offset is remembered, of a zone; and zones. Beyond, it begins anew. */
const DAYS_LIMIT = 20_000;
const ZONES_LIMIT = 40;
const known = new Map<string, { zone: IANAZone; days: Map<number, number | null> }>();

function knownOf(timeZone: string) {
  const found = known.get(timeZone);
  if (found !== undefined) return found;
  if (known.size > ZONES_LIMIT) known.clear();
  const made = { zone: IANAZone.create(timeZone), days: new Map<number, number | null>() };
  known.set(timeZone, made);
  return made;
}

/** How far a clock is ahead of UTC at an instant, in ms. */
export function offsetsOf({ timeZone }: Calendar): (instant: number) => number {
  const { zone } = knownOf(timeZone);
  return (instant) => offsetOfDay(Math.floor(instant / DAY_MS), timeZone) ?? zone.offset(instant) * MINUTE_MS;
}

/**
 * The one offset a clock has throughout a day of UTC, counted from 1970; null where it is moved that day. Looking it up takes
 * microseconds, and a trend of years asks for thousands, the same ones each time: it is remembered. No clock was ever moved and
 * moved back within a day, so one that begins and ends by the same offset has no other.
 */
function offsetOfDay(day: number, timeZone: string): number | null {
  const { zone, days } = knownOf(timeZone);
  const found = days.get(day);
  if (found !== undefined) return found;
  if (days.size > DAYS_LIMIT) days.clear();
  const first = zone.offset(day * DAY_MS);
  const offset = first === zone.offset((day + 1) * DAY_MS) ? first * MINUTE_MS : null;
  days.set(day, offset);
  return offset;
}

/** The same of the day around an instant and the two beside it, between which every clock is; null where it is moved in one of them. */
function steadyOffset(instant: number, timeZone: string): number | null {
  const day = Math.floor(instant / DAY_MS);
  const offset = offsetOfDay(day, timeZone);
  const isSteady = offsetOfDay(day - 1, timeZone) === offset && offsetOfDay(day + 1, timeZone) === offset;
  return isSteady ? offset : null;
}

export function plusDays(date: string, days: number): string {
  return utcDate(Date.parse(date) + days * DAY_MS);
}

/** Clamped to the length of the month. */
export function plusMonths(date: string, months: number): string {
  return isoDate(DateTime.fromISO(date, { zone: 'utc' }).plus({ months }));
}

/** The first day of a date's month, and of the one after it. */
export function monthOf(date: string): string {
  return `${date.slice(0, 8)}01`;
}

export function nextMonth(date: string): string {
  // No month is longer than 31 days.
  return monthOf(plusDays(monthOf(date), 31));
}

export function daysBetween(startDate: string, endDate: string): number {
  return (Date.parse(endDate) - Date.parse(startDate)) / DAY_MS;
}

function utcDate(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

function isoDate(at: DateTime): string {
  const date = at.toISODate();
  if (date === null) throw new RangeError(`calendar: ${at.invalidExplanation ?? 'no such day'}`);
  return date;
}

export function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
