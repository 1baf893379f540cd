import { DateTime } from 'luxon';

/** When a tenant's local day containing `now` began and when it ends, in epoch ms [T1]; with DST 23 or 25 hours apart. */
export interface LocalDay {
  start: number;
  end: number;
}

export function localDayOf(now: number, timeZone: string, dayStartMinutes: number): LocalDay {
  const local = DateTime.fromMillis(now, { zone: timeZone });
  const today = dayStartOn(local, dayStartMinutes);
  const start = today.toMillis() <= now ? today : dayStartOn(local.minus({ days: 1 }), dayStartMinutes);
  return { start: start.toMillis(), end: dayStartOn(start.plus({ days: 1 }), dayStartMinutes).toMillis() };
}

/**
 * When the local day of a date begins: the first time where the clock shows that twice, as it does at midnight in Havana and on
 * the Azores in autumn. The wall clock decides, not minutes since midnight: on the day of a DST change the two differ.
 */
export function dayStartOn(date: DateTime, dayStartMinutes: number): DateTime {
  const hour = Math.floor(dayStartMinutes / 60);
  const start = date.startOf('day').set({ hour, minute: dayStartMinutes % 60 });
  return start.getPossibleOffsets()[0] ?? start;
}
