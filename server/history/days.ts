import type { LiveSettings } from '../../shared/contract/settings.ts';
import { type LocalDay, localDayOf } from '../log/localDay.ts';

/** A tenant's local days [T1], each worked out once: the calendar is slow and the same few days are asked for. */
export interface Days {
  /** The day that an instant (epoch ms) lies in. */
  of(instant: number): LocalDay;
  next(day: LocalDay): LocalDay;
  previous(day: LocalDay): LocalDay;
}

/** Days remembered; whoever reads years goes through them in order. */
const KNOWN_LIMIT = 16;

export function createDays({ timeZone, dayStartMinutes }: LiveSettings): Days {
  const known: LocalDay[] = [];
  const of = (instant: number): LocalDay => {
    for (const day of known) if (instant >= day.start && instant < day.end) return day;
    const day = localDayOf(instant, timeZone, dayStartMinutes);
    known.unshift(day);
    if (known.length > KNOWN_LIMIT) known.pop();
    return day;
  };
  return { of, next: (day) => of(day.end), previous: (day) => of(day.start - 1) };
}
