import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { refusal } from '../asked.ts';
import { plusDays, startOf } from '../calendar.ts';

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
  const { dayStartMinutes } = settings;
  const start = (date: string) => startOf(date, { timeZone, dayStartMinutes });
  const from = query.from ?? (startDate === undefined ? null : start(startDate));
  const to = query.to ?? (endDate === undefined ? null : start(plusDays(endDate, 1)));
  if (from !== null && to !== null && to <= from) {
    if (endDate !== undefined) throw refusal('endDate', 'must not be before the start');
    throw refusal('to', 'must be after the start');
  }
  return { from, to, timeZone };
}
