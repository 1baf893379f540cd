import { DateTime } from 'luxon';

/** When a tenant's local day containing `now` began and when it ends, in epoch ms [T1]; with DST 23 or 25 hours apart. */
export interface LocalDay {
  start: number;
  end: number;
}

export function localDayOf(now: number, timeZone: string, dayStartMinutes: number): LocalDay {
  const hour = Math.floor(dayStartMinutes / 60);
  const minute = dayStartMinutes % 60;
  // The wall clock decides, not minutes since midnight: on the day of a DST change the two differ by an hour.
  const startOn = (day: DateTime): DateTime => day.startOf('day').set({ hour, minute });
  const local = DateTime.fromMillis(now, { zone: timeZone });
  const today = startOn(local);
  const start = today.toMillis() <= now ? today : startOn(local.minus({ days: 1 }));
  return { start: start.toMillis(), end: startOn(start.plus({ days: 1 })).toMillis() };
}
