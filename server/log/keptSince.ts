import { DateTime } from 'luxon';
import { dayStartOn } from './localDay.ts';

/**
 * What is kept for `months`: since the beginning (epoch ms) of the local month that lies so many before `now`, so that a
 * month is there whole or not at all. By UTC where the installation decides, by the tenant's day where a tenant does [T1].
 */
export function keptSince(now: number, months: number, timeZone = 'UTC', dayStartMinutes = 0): number {
  const then = DateTime.fromMillis(now, { zone: timeZone }).minus({ months });
  const startOf = (month: DateTime): DateTime => dayStartOn(month.startOf('month'), dayStartMinutes);
  const start = startOf(then);
  // Before the day begins on the first of a month it is still the last day of the one before.
  return (start <= then ? start : startOf(then.minus({ months: 1 }))).toMillis();
}
