import type { TransactionSql } from 'postgres';
import { type Calendar, offsetsOf } from '../calendar.ts';

/** A week of local days in steps: Monday's first is cell 0. A day of the week begins where a day of the calendar does [T1]. */
export interface WeekGrid {
  calendar: Calendar;
  /** A whole number of them makes a day. */
  stepMinutes: number;
}

const DAY_MINUTES = 1_440;
const MINUTE_MS = 60_000;

export function cellsOfDay({ stepMinutes }: WeekGrid): number {
  return DAY_MINUTES / stepMinutes;
}

/** The cell of a bucket, by SQL: minutes since a Monday, which the third day before the epoch was. One look at the clock a row. */
export function cellIn(tx: TransactionSql, grid: WeekGrid) {
  const { timeZone, dayStartMinutes } = grid.calendar;
  const sinceMonday = 3 * DAY_MINUTES - dayStartMinutes;
  return tx`((extract(epoch from bucket at time zone ${timeZone}::text) / 60)::int + ${sinceMonday}::int) % ${7 * DAY_MINUTES}::int
    / ${grid.stepMinutes}::int`;
}

/** The cell of an instant, in epoch ms. */
export function cellAt(instant: number, grid: WeekGrid): number {
  const { calendar, stepMinutes } = grid;
  const shown = new Date(instant + offsetsOf(calendar)(instant) - calendar.dayStartMinutes * MINUTE_MS);
  const weekday = (shown.getUTCDay() + 6) % 7;
  const minutes = shown.getUTCHours() * 60 + shown.getUTCMinutes();
  return weekday * cellsOfDay(grid) + Math.floor(minutes / stepMinutes);
}

/** What a clock shows where a cell begins, in minutes after midnight, and on which ISO weekday its day began. */
export function cellName(cell: number, grid: WeekGrid): { weekday: number; startMinutes: number } {
  const count = cellsOfDay(grid);
  const since = (cell % count) * grid.stepMinutes + grid.calendar.dayStartMinutes;
  return { weekday: Math.floor(cell / count) + 1, startMinutes: since % DAY_MINUTES };
}
