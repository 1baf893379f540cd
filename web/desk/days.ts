/** Local days as `YYYY-MM-DD`, and when they are where a call centre is [T1]. Pure. */

/** By which clock days are told apart: the tenant's. */
export interface DeskCalendar {
  timeZone: string;
  /** ISO weekday: 1 is Monday. */
  weekStart: number;
  /** After midnight. */
  dayStartMinutes: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The same day of another month, or its last where that is shorter. */
export function plusMonths(date: string, months: number): string {
  const at = new Date(date);
  const first = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(at.getUTCDate(), last));
  return first.toISOString().slice(0, 10);
}

/** How many days a range has, both ends included. */
export function lengthOf(startDate: string, endDate: string): number {
  return Math.round((Date.parse(endDate) - Date.parse(startDate)) / DAY_MS) + 1;
}

export function monthStart(date: string): string {
  return `${date.slice(0, 8)}01`;
}

export function monthEnd(date: string): string {
  return plusDays(plusMonths(monthStart(date), 1), -1);
}

/** ISO weekday of a date, 1 is Monday. */
export function weekdayOf(date: string): number {
  return new Date(date).getUTCDay() || 7;
}

export function weekStartOf(date: string, weekStart: number): string {
  return plusDays(date, -((weekdayOf(date) - weekStart + 7) % 7));
}

/** A date that exists: `2026-02-30` does not. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) && text >= '1970-01-01';
}

/** The local day an instant belongs to. */
export function dateAt(epochMs: number, { timeZone, dayStartMinutes }: DeskCalendar): string {
  // The wall clock moved back by the start of the day: what is before it belongs to yesterday.
  const shown = wallClock(epochMs, timeZone) - dayStartMinutes * MINUTE_MS;
  return new Date(shown).toISOString().slice(0, 10);
}

/** When the local day of an instant ends, unless the clock is moved before. */
export function dayEndOf(epochMs: number, { timeZone, dayStartMinutes }: DeskCalendar): number {
  const since = wallClock(epochMs, timeZone) - dayStartMinutes * MINUTE_MS;
  return epochMs + DAY_MS - (((since % DAY_MS) + DAY_MS) % DAY_MS);
}

/** Whether a local day begins at an instant. */
export function isDayStart(epochMs: number, calendar: DeskCalendar): boolean {
  return dateAt(epochMs, calendar) !== dateAt(epochMs - 1, calendar);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What a clock in a zone shows, as if it were UTC, in epoch ms to the minute. */
export function wallClock(epochMs: number, timeZone: string): number {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  clocks.set(timeZone, clock);
  const of: Record<string, number> = {};
  for (const { type, value } of clock.formatToParts(epochMs)) of[type] = Number(value);
  return Date.UTC(of.year ?? 0, (of.month ?? 1) - 1, of.day ?? 1, of.hour ?? 0, of.minute ?? 0);
}

/** Where others are looked up for every call, as the API has it (shared/contract/analyticsQuery.ts). */
export const LOOK_UP_DAYS = 92;
