import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { createBuckets, type Grain, INTERVAL_MS } from './buckets.ts';

const GRAINS: Grain[] = ['interval', 'hour', 'day', 'month'];
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
];
const HOUR_MS = 3_600_000;

const instant = fc.integer({ min: Date.UTC(2017, 0, 1), max: Date.UTC(2027, 0, 1) });
const zone = fc.constantFrom(...ZONES);
/** There midnight comes twice in autumn. */
const zoneOrTwice = fc.constantFrom(...ZONES, 'America/Havana', 'Atlantic/Azores');

/** Starts of all buckets of a grain from `from` until `until`. */
function startsOf(
  buckets: ReturnType<typeof createBuckets>,
  grain: Grain,
  from: number,
  until: number,
): number[] {
  const starts: number[] = [];
  for (let at = buckets.startOf(grain, from); at < until; at = buckets.endOf(grain, at)) starts.push(at);
  return starts;
}

describe('buckets', () => {
  it('[T1] of a grain follow each other without gap or overlap, each within one of the next grain', () => {
    fc.assert(
      fc.property(
        zoneOrTwice,
        fc.integer({ min: 0, max: 1_439 }),
        instant,
        (timeZone, dayStartMinutes, at) => {
          const buckets = createBuckets({ timeZone, dayStartMinutes });
          for (const [i, grain] of GRAINS.entries()) {
            const start = buckets.startOf(grain, at);
            const end = buckets.endOf(grain, start);
            expect(start).toBeLessThanOrEqual(at);
            expect(end).toBeGreaterThan(at);
            expect(buckets.startOf(grain, start)).toBe(start);
            expect(buckets.startOf(grain, end - 1)).toBe(start);
            expect(buckets.startOf(grain, end)).toBe(end);
            const wider = GRAINS[i + 1];
            if (wider === undefined) continue;
            expect(buckets.startOf(wider, start)).toBe(buckets.startOf(wider, end - 1));
          }
        },
      ),
    );
  });

  it('[T1] day, month and hour begin when the local clock says so', () => {
    fc.assert(
      fc.property(zone, fc.constantFrom(0, 240, 450), instant, (timeZone, dayStartMinutes, at) => {
        const buckets = createBuckets({ timeZone, dayStartMinutes });
        const local = (ms: number) => DateTime.fromMillis(ms, { zone: timeZone });
        const clock = (day: DateTime) =>
          day.startOf('day').set({ hour: Math.floor(dayStartMinutes / 60), minute: dayStartMinutes % 60 });
        const day = buckets.startOf('day', at);
        expect(day).toBe(clock(local(day)).toMillis());
        const month = local(buckets.startOf('month', at));
        expect(month.toMillis()).toBe(clock(month).toMillis());
        expect(month.day).toBe(1);
        expect(month.month).toBe(local(day).month);
        const hour = local(buckets.startOf('hour', at));
        const isWhole = hour.minute === 0 || hour.toMillis() === day || hour.offset !== hour.minus(1).offset;
        expect(isWhole).toBe(true);
      }),
    );
  });

  it('[T1] the days of a DST change have 23 and 25 hours, and the repeated hour is two buckets', () => {
    const buckets = createBuckets({ timeZone: 'Europe/Berlin', dayStartMinutes: 0 });
    const day = (iso: string) => DateTime.fromISO(iso, { zone: 'Europe/Berlin' }).toMillis();
    const hours = (iso: string) => {
      const start = day(iso);
      return startsOf(buckets, 'hour', start, buckets.endOf('day', start));
    };
    expect(hours('2026-03-29')).toHaveLength(23);
    expect(hours('2026-10-25')).toHaveLength(25);
    expect(hours('2026-10-26')).toHaveLength(24);
    // 02:00 to 03:00 of summer time, and again of winter time.
    const [first, second] = [Date.UTC(2026, 9, 25, 0), Date.UTC(2026, 9, 25, 1)];
    expect(buckets.startOf('hour', first + 1_000)).toBe(first);
    expect(buckets.startOf('hour', second + 1_000)).toBe(second);
  });

  it('[T1] a change by half an hour cuts the hour it happens in', () => {
    const buckets = createBuckets({ timeZone: 'Australia/Lord_Howe', dayStartMinutes: 0 });
    // At 02:00 the clock goes back to 01:30: 01:00 to 02:00, 01:30 to 02:00 once more, 02:00.
    const change = Date.UTC(2026, 3, 4, 15);
    const starts = startsOf(buckets, 'hour', change - HOUR_MS, change + HOUR_MS);
    expect(starts).toEqual([change - HOUR_MS, change, change + HOUR_MS / 2]);
  });

  it('[T1] a day that starts within a quarter of an hour cuts it', () => {
    const buckets = createBuckets({ timeZone: 'UTC', dayStartMinutes: 7 });
    const midnight = Date.UTC(2026, 4, 1);
    const dayStart = midnight + 7 * 60_000;
    expect(buckets.startOf('interval', dayStart - 1)).toBe(midnight);
    expect(buckets.startOf('interval', dayStart + 1)).toBe(dayStart);
    expect(buckets.endOf('interval', dayStart)).toBe(midnight + INTERVAL_MS);
    expect(buckets.startOf('month', dayStart - 1)).toBe(Date.UTC(2026, 3, 1, 0, 7));
    expect(buckets.startOf('month', dayStart)).toBe(dayStart);
  });

  it('a year of minutes is placed within three seconds', () => {
    const buckets = createBuckets({ timeZone: 'Europe/Berlin', dayStartMinutes: 240 });
    const began = performance.now();
    const start = Date.UTC(2026, 0, 1);
    for (let at = start; at < start + 365 * 24 * HOUR_MS; at += 60_000) buckets.startOf('hour', at);
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});
