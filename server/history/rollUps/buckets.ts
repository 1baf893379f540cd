import { DateTime } from 'luxon';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { dayStartOn, type LocalDay, localDayOf } from '../../log/localDay.ts';

/**
 * Where an instant counts: its quarter of an hour, hour, local day and local month [T1]. A bucket's key is its first
 * instant, in epoch ms, and buckets of one grain never overlap: each lies within one of the next. An hour is one of the
 * wall clock under one offset from UTC, so that the hour a DST change repeats is two of them; where a tenant's day
 * starts within an hour or a quarter, that is cut in two.
 */
export interface Buckets {
  startOf(grain: Grain, at: number): number;
  /** The first instant after the bucket that starts at `start`. */
  endOf(grain: Grain, start: number): number;
}

export type Grain = 'interval' | 'hour' | 'day' | 'month';

export const INTERVAL_MS = 900_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Two years; beyond, the cache begins anew. */
const DAYS_KEPT = 800;

interface Day extends LocalDay {
  month: LocalDay;
  /** By quarter of an hour since that in which the day starts: the hour it belongs to. */
  hours: LocalDay[];
}

/** Throws, when asked, where the zone is none. Remembers the days it was asked for: an instant of a known day costs two look-ups. */
export function createBuckets({
  timeZone,
  dayStartMinutes,
}: Pick<LiveSettings, 'timeZone' | 'dayStartMinutes'>): Buckets {
  /** By UTC day: the local days that share time with it. */
  let known = new Map<number, Day[]>();
  const dayOf = (at: number): Day => {
    const near = known.get(Math.floor(at / DAY_MS));
    const found = near?.find(({ start, end }) => start <= at && at < end);
    if (found !== undefined) return found;
    if (known.size > DAYS_KEPT) known = new Map();
    const day = describe(at, timeZone, dayStartMinutes);
    for (let utc = Math.floor(day.start / DAY_MS); utc * DAY_MS < day.end; utc++)
      known.set(utc, [...(known.get(utc) ?? []), day]);
    return day;
  };
  const bucketOf = (grain: Grain, at: number): LocalDay => {
    const day = dayOf(at);
    switch (grain) {
      case 'interval': {
        const quarter = quarterOf(at);
        const start = Math.max(quarter * INTERVAL_MS, day.start);
        return { start, end: Math.min((quarter + 1) * INTERVAL_MS, day.end) };
      }
      case 'hour':
        return day.hours[quarterOf(at) - quarterOf(day.start)] ?? day;
      case 'day':
        return day;
      case 'month':
        return day.month;
    }
  };
  return {
    startOf: (grain, at) => bucketOf(grain, at).start,
    endOf: (grain, start) => bucketOf(grain, start).end,
  };
}

const quarterOf = (at: number) => Math.floor(at / INTERVAL_MS);

function describe(at: number, timeZone: string, dayStartMinutes: number): Day {
  const { start, end } = localDayOf(at, timeZone, dayStartMinutes);
  if (!(start <= at && at < end)) throw new Error(`no local day of ${at} in ${timeZone}`);
  const local = (instant: number) => DateTime.fromMillis(instant, { zone: timeZone });
  const first = local(start).startOf('month');
  const startOn = (day: DateTime) => dayStartOn(day, dayStartMinutes).toMillis();
  const month = { start: startOn(first), end: startOn(first.plus({ months: 1 })) };
  return { start, end, month, hours: hoursOf(start, end, (instant) => local(instant).offset) };
}

function hoursOf(start: number, end: number, offsetAt: (instant: number) => number): LocalDay[] {
  const hours: LocalDay[] = [];
  let current: LocalDay | null = null;
  let currentKey = '';
  for (let quarter = quarterOf(start); quarter * INTERVAL_MS < end; quarter++) {
    const at = Math.max(quarter * INTERVAL_MS, start);
    const offset = offsetAt(at);
    const key = `${offset} ${Math.floor((at + offset * MINUTE_MS) / HOUR_MS)}`;
    if (current === null || key !== currentKey) {
      if (current !== null) current.end = at;
      current = { start: at, end };
      currentKey = key;
    }
    hours.push(current);
  }
  return hours;
}
