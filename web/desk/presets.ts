import {
  type DeskCalendar,
  lengthOf,
  monthEnd,
  monthStart,
  plusDays,
  plusMonths,
  weekStartOf,
} from './days.ts';

/** Whole days, both included. */
export interface Days {
  startDate: string;
  endDate: string;
}

export const PRESETS = [
  'today',
  'yesterday',
  'thisWeek',
  'lastWeek',
  'thisMonth',
  'lastMonth',
  'last30',
  'last90',
  'yearToDate',
  'lastYear',
] as const;
export type Preset = (typeof PRESETS)[number];

/** The days a preset means today; what has not come yet is left out. */
export function daysOf(preset: Preset, today: string, { weekStart }: Pick<DeskCalendar, 'weekStart'>): Days {
  const upToToday = (startDate: string): Days => ({ startDate, endDate: today });
  switch (preset) {
    case 'today':
      return upToToday(today);
    case 'yesterday':
      return { startDate: plusDays(today, -1), endDate: plusDays(today, -1) };
    case 'thisWeek':
      return upToToday(weekStartOf(today, weekStart));
    case 'lastWeek': {
      const monday = weekStartOf(today, weekStart);
      return { startDate: plusDays(monday, -7), endDate: plusDays(monday, -1) };
    }
    case 'thisMonth':
      return upToToday(monthStart(today));
    case 'lastMonth': {
      const startDate = plusMonths(monthStart(today), -1);
      return { startDate, endDate: monthEnd(startDate) };
    }
    case 'last30':
      return upToToday(plusDays(today, -29));
    case 'last90':
      return upToToday(plusDays(today, -89));
    case 'yearToDate':
      return upToToday(`${today.slice(0, 4)}-01-01`);
    case 'lastYear': {
      const year = Number(today.slice(0, 4)) - 1;
      return { startDate: `${year}-01-01`, endDate: `${year}-12-31` };
    }
  }
}

/** What a range is, so that it can be named, stepped and drilled: a whole year, month or week, one day, or just days. */
export function kindOf(
  { startDate, endDate }: Days,
  weekStart: number,
): 'year' | 'month' | 'week' | 'day' | 'days' {
  if (startDate === endDate) return 'day';
  if (startDate.endsWith('-01-01') && endDate === `${startDate.slice(0, 4)}-12-31`) return 'year';
  if (startDate === monthStart(startDate) && endDate === monthEnd(startDate)) return 'month';
  if (lengthOf(startDate, endDate) === 7 && weekStartOf(startDate, weekStart) === startDate) return 'week';
  return 'days';
}

/** The range before or after, as long as this one: a month is followed by a month. */
export function stepped(days: Days, by: 1 | -1, weekStart: number): Days {
  const { startDate, endDate } = days;
  const kind = kindOf(days, weekStart);
  if (kind === 'year' || kind === 'month') {
    const start = plusMonths(startDate, by * (kind === 'year' ? 12 : 1));
    return { startDate: start, endDate: kind === 'year' ? `${start.slice(0, 4)}-12-31` : monthEnd(start) };
  }
  const length = lengthOf(startDate, endDate) * by;
  return { startDate: plusDays(startDate, length), endDate: plusDays(endDate, length) };
}

/** By what a range is best told: a step of it can be pressed, and is the next range. */
export function stepFor({ startDate, endDate }: Days): 'interval' | 'day' | 'week' | 'month' {
  const length = lengthOf(startDate, endDate);
  if (length === 1) return 'interval';
  if (length <= 62) return 'day';
  return length <= 190 ? 'week' : 'month';
}

/** Of which days, in the name of a file. */
export function fileNameOf({ startDate, endDate }: Days): string {
  return startDate === endDate ? startDate : `${startDate}-${endDate}`;
}
