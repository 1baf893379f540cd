import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Comparison, GROUP_BY, type TimeGroup } from '../../shared/contract/analyticsQuery.ts';
import { localDayOf } from '../log/localDay.ts';
import { bucketsOf, type Calendar, dateAt, dayRange, plusDays } from './calendar.ts';
import { comparedRange, likesOf } from './compare.ts';
import { piecesOf } from './pieces.ts';

const HOUR = 3_600_000;
const berlin: Calendar = { timeZone: 'Europe/Berlin', dayStartMinutes: 0, weekStart: 1 };
const steps = (startDate: string, endDate: string, groupBy: TimeGroup, calendar = berlin) =>
  bucketsOf(dayRange(startDate, endDate, calendar), groupBy, calendar);
const iso = (ms: number) => new Date(ms).toISOString();

// Beirut, Havana and the Azores change their clocks at midnight.
const zones = [
  'Europe/Berlin',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Asia/Beirut',
  'America/Havana',
  'Atlantic/Azores',
  'UTC',
];
const calendars = fc.record({
  timeZone: fc.constantFrom(...zones),
  dayStartMinutes: fc.constantFrom(0, 0, 150, 390, 1_439),
  weekStart: fc.integer({ min: 1, max: 7 }),
});
const ranges = fc
  .tuple(fc.integer({ min: 0, max: 800 }), fc.integer({ min: 0, max: 120 }))
  .map(([first, length]): [string, string] => {
    const startDate = plusDays('2025-01-01', first);
    return [startDate, plusDays(startDate, length)];
  });

describe('the steps of a range', () => {
  it('[T1] a day has 23 or 25 hours where the clock changes, and quarters accordingly', () => {
    expect(steps('2026-03-29', '2026-03-29', 'hour')).toHaveLength(23);
    expect(steps('2026-10-25', '2026-10-25', 'hour')).toHaveLength(25);
    expect(steps('2026-10-25', '2026-10-25', 'interval')).toHaveLength(100);
    expect(steps('2026-10-25', '2026-10-25', 'day').map(({ start, end }) => (end - start) / HOUR)).toEqual([
      25,
    ]);
  });

  it('[T1] weeks begin on the tenant’s day and tell which of them the range cuts', () => {
    const weeks = steps('2026-11-04', '2026-11-17', 'week', { ...berlin, weekStart: 7 });
    expect(weeks.map(({ start, isClipped }) => [iso(start), isClipped])).toEqual([
      ['2026-11-03T23:00:00.000Z', true],
      ['2026-11-07T23:00:00.000Z', false],
      ['2026-11-14T23:00:00.000Z', true],
    ]);
  });

  it('months, whole and cut', () => {
    const months = steps('2026-01-31', '2026-03-31', 'month');
    expect(months.map(({ start, isClipped }) => [dateAt(start, berlin), isClipped])).toEqual([
      ['2026-01-31', true],
      ['2026-02-01', false],
      ['2026-03-01', false],
    ]);
  });

  it('follow each other without a gap from the first instant to the last, in any zone', () => {
    fc.assert(
      fc.property(
        ranges,
        calendars,
        fc.constantFrom(...GROUP_BY),
        ([startDate, endDate], calendar, group) => {
          if (group === 'queue') return;
          const range = dayRange(startDate, endDate, calendar);
          const buckets = bucketsOf(range, group, calendar);
          expect(buckets[0]?.start).toBe(range.from);
          expect(buckets.at(-1)?.end).toBe(range.to);
          const isGap = (place: number) => place > 0 && buckets[place]?.start !== buckets[place - 1]?.end;
          expect(buckets.filter(({ start, end }, place) => end <= start || isGap(place))).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('days begin and end when live says so', () => {
    fc.assert(
      fc.property(ranges, calendars, ([startDate, endDate], calendar) => {
        const { timeZone, dayStartMinutes } = calendar;
        const days = bucketsOf(dayRange(startDate, endDate, calendar), 'day', calendar);
        expect(days.map(({ start, end }) => ({ start, end }))).toEqual(
          days.map(({ start }) => localDayOf(start, timeZone, dayStartMinutes)),
        );
        const dates = days.map((_, place) => plusDays(startDate, place));
        expect(days.map(({ start }) => dateAt(start, calendar))).toEqual(dates);
        expect(days.map(({ end }) => dateAt(end - 1, calendar))).toEqual(dates);
      }),
    );
  });
});

describe('the pieces of a range', () => {
  it('are whole months and the days at their edges', () => {
    const pieces = piecesOf(dayRange('2026-01-30', '2026-04-02', berlin), berlin, 'month');
    expect(pieces.map(({ grain, from, to }) => [grain, dateAt(from, berlin), dateAt(to, berlin)])).toEqual([
      ['day', '2026-01-30', '2026-02-01'],
      ['month', '2026-02-01', '2026-04-01'],
      ['day', '2026-04-01', '2026-04-03'],
    ]);
  });

  it('of another zone begin and end with intervals', () => {
    const range = dayRange('2026-02-01', '2026-02-28', { ...berlin, timeZone: 'America/St_Johns' });
    expect(piecesOf(range, berlin, 'month').map(({ grain }) => grain)).toEqual([
      'interval',
      'day',
      'interval',
    ]);
  });

  it('cover every instant once, whatever the zones and the grain', () => {
    const grains = fc.constantFrom('interval' as const, 'hour' as const, 'day' as const, 'month' as const);
    fc.assert(
      fc.property(ranges, calendars, calendars, grains, ([startDate, endDate], asked, own, grain) => {
        const range = dayRange(startDate, endDate, asked);
        const pieces = piecesOf(range, own, grain);
        expect(pieces[0]?.from).toBe(range.from);
        expect(pieces.at(-1)?.to).toBe(range.to);
        for (const [place, { from, to }] of pieces.entries()) {
          expect(to).toBeGreaterThan(from);
          if (place > 0) expect(from).toBe(pieces[place - 1]?.to);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('what a range is compared to', () => {
  const compared = (
    startDate: string,
    endDate: string,
    compare: Comparison,
    groupBy: TimeGroup | null = null,
  ) => {
    const range = comparedRange({ startDate, endDate }, compare, groupBy, berlin);
    return [range.startDate, range.endDate];
  };

  it.each([
    ['2026-11-20', '2026-11-22', 'previous', null, ['2026-11-17', '2026-11-19']],
    ['2026-11-01', '2026-11-30', 'previous', null, ['2026-10-01', '2026-10-31']],
    ['2026-03-01', '2026-03-31', 'previous', null, ['2026-02-01', '2026-02-28']],
    ['2026-01-01', '2026-06-30', 'previous', 'month', ['2025-07-01', '2025-12-31']],
    ['2026-11-01', '2026-11-25', 'previous', 'month', ['2026-10-01', '2026-10-25']],
    ['2026-11-04', '2026-11-13', 'previous', 'week', ['2026-10-21', '2026-10-30']],
    ['2026-02-01', '2026-02-28', 'lastYear', null, ['2025-02-01', '2025-02-28']],
    ['2024-02-29', '2024-02-29', 'lastYear', 'day', ['2023-03-02', '2023-03-02']],
    ['2026-11-24', '2026-11-24', 'sameWeekday', 'interval', ['2026-11-17', '2026-11-17']],
    ['2026-10-01', '2026-10-31', 'sameWeekday', null, ['2026-08-27', '2026-09-26']],
  ] as const)('%s to %s, %s by %s: %j', (startDate, endDate, compare, groupBy, expected) => {
    expect(compared(startDate, endDate, compare, groupBy)).toEqual(expected);
  });

  it('a year before is the same day of the week', () => {
    fc.assert(
      fc.property(ranges, ([startDate, endDate]) => {
        const [before = ''] = compared(startDate, endDate, 'lastYear', 'day');
        expect(new Date(before).getUTCDay()).toBe(new Date(startDate).getUTCDay());
      }),
    );
  });

  it('hours meet by the wall clock: the one repeated at the end of summer time has no like', () => {
    const longDay = steps('2026-10-25', '2026-10-25', 'hour');
    const dayBefore = steps('2026-10-24', '2026-10-24', 'hour');
    const likes = likesOf(longDay, dayBefore, 'hour', berlin);
    expect(likes.slice(0, 6)).toEqual([0, 1, 2, null, 3, 4]);
    expect(likesOf(dayBefore, longDay, 'hour', berlin).slice(0, 5)).toEqual([0, 1, 2, 4, 5]);
  });
});
