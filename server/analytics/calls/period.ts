import { DateTime } from 'luxon';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { AppError } from '../../http/errors.ts';

/** A stretch of time in epoch ms, the end not included; null: not bounded. */
export interface Period {
  from: number | null;
  to: number | null;
  timeZone: string;
}

interface PeriodQuery {
  from?: number | undefined;
  to?: number | undefined;
  startDate?: string | undefined;
  endDate?: string | undefined;
  timeZone?: string | undefined;
}

/** The stretch that parameters name; AppError `bad_request` names what contradicts. */
export function periodOf(
  query: PeriodQuery,
  settings: Pick<LiveSettings, 'timeZone' | 'dayStartMinutes'>,
): Period {
  const { startDate, endDate } = query;
  const timeZone = query.timeZone ?? settings.timeZone;
  if (query.from !== undefined && startDate !== undefined)
    throw refusal('startDate', 'must not be given beside from');
  if (query.to !== undefined && endDate !== undefined)
    throw refusal('endDate', 'must not be given beside to');
  const start = (date: string, days: number) => dayStart(date, days, timeZone, settings.dayStartMinutes);
  const from = query.from ?? (startDate === undefined ? null : start(startDate, 0));
  const to = query.to ?? (endDate === undefined ? null : start(endDate, 1));
  if (from !== null && to !== null && to <= from) {
    if (endDate !== undefined) throw refusal('endDate', 'must not be before the start');
    throw refusal('to', 'must be after the start');
  }
  return { from, to, timeZone };
}

/** When the local day of a date, or the one `days` later, begins [T1]. */
export function dayStart(date: string, days: number, zone: string, dayStartMinutes: number): number {
  const hour = Math.floor(dayStartMinutes / 60);
  const minute = dayStartMinutes % 60;
  return DateTime.fromISO(date, { zone }).plus({ days }).set({ hour, minute }).toMillis();
}

export function refusal(path: string, message: string): AppError {
  return new AppError('bad_request', { issues: [{ path, message }] });
}
