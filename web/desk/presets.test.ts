import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateAt, lengthOf, plusMonths, weekdayOf } from './days.ts';
import { around, between, drillOf } from './drill.ts';
import { daysOf, kindOf, stepped } from './presets.ts';

const monday = { weekStart: 1 };
const berlin = { timeZone: 'Europe/Berlin', weekStart: 1, dayStartMinutes: 0 };

describe('days by name', () => {
  // A Monday, the last day of a month.
  it.each([
    ['today', '2026-11-30', '2026-11-30'],
    ['yesterday', '2026-11-29', '2026-11-29'],
    ['thisWeek', '2026-11-30', '2026-11-30'],
    ['lastWeek', '2026-11-23', '2026-11-29'],
    ['thisMonth', '2026-11-01', '2026-11-30'],
    ['lastMonth', '2026-10-01', '2026-10-31'],
    ['last30', '2026-11-01', '2026-11-30'],
    ['last90', '2026-09-02', '2026-11-30'],
    ['yearToDate', '2026-01-01', '2026-11-30'],
    ['lastYear', '2025-01-01', '2025-12-31'],
  ] as const)('%s on 30 November is %s to %s', (preset, startDate, endDate) => {
    expect(daysOf(preset, '2026-11-30', monday)).toEqual({ startDate, endDate });
  });

  it('[T1] a week starts on the day the centre says', () => {
    expect(daysOf('lastWeek', '2026-11-30', { weekStart: 7 })).toEqual({
      startDate: '2026-11-22',
      endDate: '2026-11-28',
    });
  });
});

describe('the range after and before', () => {
  it.each([
    ['2026-10-01', '2026-10-31', -1, '2026-09-01', '2026-09-30'],
    ['2026-01-01', '2026-01-31', 1, '2026-02-01', '2026-02-28'],
    ['2026-01-01', '2026-12-31', -1, '2025-01-01', '2025-12-31'],
    ['2026-03-01', '2026-03-01', -1, '2026-02-28', '2026-02-28'],
    ['2026-11-04', '2026-11-06', 1, '2026-11-07', '2026-11-09'],
  ] as const)('%s to %s, %i: %s to %s', (startDate, endDate, by, nextStart, nextEnd) => {
    expect(stepped({ startDate, endDate }, by, 1)).toEqual({ startDate: nextStart, endDate: nextEnd });
  });

  it('leads back', () => {
    const date = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(date, fc.nat(400), (at, length) => {
        const startDate = at.toISOString().slice(0, 10);
        const endDate = new Date(at.getTime() + length * 86_400_000).toISOString().slice(0, 10);
        const days = { startDate, endDate };
        const there = stepped(days, 1, 1);
        // February and a month are not as long as each other, nor is a range that happens to be one.
        fc.pre(kindOf(days, 1) === kindOf(there, 1));
        expect(stepped(there, -1, 1)).toEqual(days);
      }),
    );
  });
});

describe('drilling', () => {
  it('a month leads to its days, a day to itself, an interval to its calls; also over the end of summer time', () => {
    expect(
      drillOf({ start: '2026-09-30T22:00:00.000Z', end: '2026-10-31T23:00:00.000Z' }, 'month', berlin),
    ).toEqual({ days: { startDate: '2026-10-01', endDate: '2026-10-31' } });
    expect(
      drillOf({ start: '2026-10-24T22:00:00.000Z', end: '2026-10-25T23:00:00.000Z' }, 'day', berlin),
    ).toEqual({ days: { startDate: '2026-10-25', endDate: '2026-10-25' } });
    const quarter = { start: '2026-10-25T00:45:00.000Z', end: '2026-10-25T01:00:00.000Z' };
    expect(drillOf(quarter, 'interval', berlin)).toEqual({ from: quarter.start, to: quarter.end });
  });

  it('days that were dragged over are a range, whichever way', () => {
    const day = (date: number) => ({
      start: new Date(Date.UTC(2026, 10, date - 1, 23)).toISOString(),
      end: new Date(Date.UTC(2026, 10, date, 23)).toISOString(),
    });
    expect(between(day(9), day(4), berlin)).toEqual({ startDate: '2026-11-04', endDate: '2026-11-09' });
  });

  it('a day is in its month and year, days of two years in neither', () => {
    expect(around({ startDate: '2026-02-03', endDate: '2026-02-03' }, 1)).toEqual([
      { startDate: '2026-01-01', endDate: '2026-12-31' },
      { startDate: '2026-02-01', endDate: '2026-02-28' },
    ]);
    expect(around({ startDate: '2025-12-31', endDate: '2026-01-01' }, 1)).toEqual([]);
  });
});

describe('local days', () => {
  it('[T1] before a day starts it is still yesterday', () => {
    const nightShift = { ...berlin, dayStartMinutes: 6 * 60 };
    expect(dateAt(Date.parse('2026-11-30T04:59:00Z'), nightShift)).toBe('2026-11-29');
    expect(dateAt(Date.parse('2026-11-30T05:00:00Z'), nightShift)).toBe('2026-11-30');
    expect(dateAt(Date.parse('2026-11-29T23:30:00Z'), berlin)).toBe('2026-11-30');
  });

  it('months end where they do', () => {
    expect(plusMonths('2024-01-31', 1)).toBe('2024-02-29');
    expect(lengthOf('2026-03-28', '2026-03-30')).toBe(3);
    expect(weekdayOf('2026-11-29')).toBe(7);
  });
});
