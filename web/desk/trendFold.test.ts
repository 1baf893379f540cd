import { expect, test } from 'vitest';
import { drillOf } from './drill.ts';
import { foldOf, spreadsOf } from './trendFold.ts';
import { namedPoints } from './trendLayout.ts';

const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const calendar = { timeZone: 'Europe/Madrid', weekStart: 1, dayStartMinutes: 0 };

/** A quarter of an hour with so many calls. */
function quarter(start: number, received: number, serviceLevel: number | null, lowSample: string[] = []) {
  return {
    start: new Date(start).toISOString(),
    end: new Date(start + QUARTER_MS).toISOString(),
    partial: false,
    lowSample,
    signedInMs: 0,
    received,
    serviceLevel,
    offered: received,
    answered: received,
    abandoned: 0,
    asaMs: null,
    ahtMs: null,
    occupancy: null,
    previous: null,
  };
}

test('steps are told together once there is no room for each, by the shortest that has room', () => {
  // In rem: a panel of a 1920 px wide page, and of a phone.
  const [page, phone] = [95, 21];
  expect(foldOf('interval', 96, page)).toBeNull();
  expect(foldOf('interval', 96, phone)).toBeNull();
  expect(foldOf('interval', 31 * 96, page)).toBe('day');
  expect(foldOf('interval', 31 * 96, phone)).toBe('day');
  expect(foldOf('day', 365, page)).toBeNull();
  expect(foldOf('day', 365, phone)).toBe('month');
  expect(foldOf('month', 12, phone)).toBeNull();
});

test('[T1] a day of them is of the local day, from its first call to its last, without what is still to come', () => {
  // 23:00 UTC is midnight in Madrid.
  const midnight = Date.parse('2026-11-23T23:00:00Z');
  const rows = [
    quarter(midnight - QUARTER_MS, 9, 0.9),
    quarter(midnight, 0, null),
    quarter(midnight + 10 * QUARTER_MS, 4, 0.5),
    quarter(midnight + 11 * QUARTER_MS, 0, null),
    quarter(midnight + 12 * QUARTER_MS, 8, 0.8),
    quarter(midnight + 13 * QUARTER_MS, 7, 0.7),
    quarter(midnight + 14 * QUARTER_MS, 0, null),
    quarter(midnight + 20 * QUARTER_MS, 99, 0.1),
  ];
  const of = { step: 'interval', fold: 'day', calendar, now: midnight + 19 * QUARTER_MS } as const;
  const offered = spreadsOf(rows, 'offered', of);
  expect(offered.map(({ start, least, greatest }) => [start, least, greatest])).toEqual([
    [rows[0]?.start, 9, 9],
    [rows[1]?.start, 0, 8],
  ]);
  expect(offered[1]?.end).toBe(rows.at(-1)?.end);
  const [, level] = spreadsOf(rows, 'serviceLevel', of);
  expect([level?.least, level?.middle?.serviceLevel, level?.greatest]).toEqual([0.5, 0.7, 0.8]);
});

test('[T4] steps with too few calls to tell are passed over, unless a day has no others', () => {
  const day = Date.parse('2026-11-24T10:00:00Z');
  const few = ['serviceLevel'];
  const of = { step: 'interval', fold: 'day', calendar, now: Number.POSITIVE_INFINITY } as const;
  const mixed = [
    quarter(day, 1, 0, few),
    quarter(day + QUARTER_MS, 30, 0.8),
    quarter(day + 2 * QUARTER_MS, 1, 1, few),
  ];
  expect(spreadsOf(mixed, 'serviceLevel', of)[0]).toMatchObject({ least: 0.8, greatest: 0.8 });
  const thin = [quarter(day, 1, 0, few), quarter(day + QUARTER_MS, 1, 1, few)];
  expect(spreadsOf(thin, 'serviceLevel', of)[0]).toMatchObject({ least: 0, greatest: 1 });
  expect(spreadsOf([quarter(day, 0, null)], 'serviceLevel', of)[0]).toMatchObject({
    least: null,
    middle: null,
  });
});

/** As the server cuts a range by hours: each by the clock, where the range begins or ends within one a part of it. */
function hours(from: number, to: number, receivedAt: (start: number) => number) {
  const rows = [];
  for (let start = from, end = 0; start < to; start = end) {
    end = Math.min(start - (start % HOUR_MS) + HOUR_MS, to);
    rows.push({ ...quarter(start, receivedAt(start), null), end: new Date(end).toISOString() });
  }
  return rows;
}

test('nights and closed days are passed over in weeks and months as they are in days', () => {
  // A Monday in Madrid; open from 9 to 19 on five days.
  const monday = Date.parse('2026-11-01T23:00:00Z');
  const rows = hours(monday, monday + 21 * DAY_MS, (start) => {
    const hour = ((start - monday) % DAY_MS) / HOUR_MS;
    const isOpen = hour >= 9 && hour < 19 && Math.floor((start - monday) / DAY_MS) % 7 < 5;
    return isOpen ? hour : 0;
  });
  const of = { step: 'hour', calendar, now: Number.POSITIVE_INFINITY } as const;
  const told = (fold: 'week' | 'month') =>
    spreadsOf(rows, 'offered', { ...of, fold }).map(({ least, middle, greatest }) => [
      least,
      middle?.offered,
      greatest,
    ]);
  expect(told('week')).toEqual([
    [9, 13, 18],
    [9, 13, 18],
    [9, 13, 18],
  ]);
  expect(told('month')).toEqual([[9, 13, 18]]);
  const closed = hours(monday, monday + 7 * DAY_MS, () => 0);
  expect(spreadsOf(closed, 'offered', { ...of, fold: 'week' })[0]).toMatchObject({ least: 0, greatest: 0 });
});

test('[T4] what is compared with is counted by the same steps: those that have begun, if any, with enough calls to tell', () => {
  const day = Date.parse('2026-11-24T10:00:00Z');
  const few = ['serviceLevel'];
  const against = (place: number, level: number, before: number, lowSample: string[] = []) => ({
    ...quarter(day + place * QUARTER_MS, 30, level),
    previous: quarter(day + place * QUARTER_MS - 7 * DAY_MS, 30, before, lowSample),
  });
  const of = { step: 'interval', fold: 'day', calendar, now: day + 4 * QUARTER_MS - 1 } as const;
  const rows = [
    against(0, 0.7, 0, few),
    against(1, 0.7, 0, few),
    against(2, 0.7, 0.8),
    against(3, 0.7, 0.9),
    against(4, 0, 0.1),
    against(5, 0, 0.2),
  ];
  expect(spreadsOf(rows, 'serviceLevel', of)[0]).toMatchObject({ least: 0.7, greatest: 0.7, before: 0.8 });
  expect(spreadsOf(rows.slice(0, 2), 'serviceLevel', of)[0]?.before).toBe(0);
  expect(spreadsOf(rows.slice(4), 'serviceLevel', of)[0]).toMatchObject({ middle: null, before: 0.1 });
});

test('the calls so far of a step that is still running are not the fewest of its day, unless there is no other', () => {
  const day = Date.parse('2026-11-24T10:00:00Z');
  const rows = [30, 28, 2, 0].map((received, place) => ({
    ...quarter(day + place * QUARTER_MS, received, received === 0 ? null : 0.5 + place / 10),
    partial: place > 1,
    previous: quarter(day + place * QUARTER_MS - 7 * DAY_MS, 10 + place, 0.5),
  }));
  const of = { step: 'interval', fold: 'day', calendar, now: day + 2.5 * QUARTER_MS } as const;
  expect(spreadsOf(rows, 'offered', of)[0]).toMatchObject({ least: 28, greatest: 30, before: 10 });
  expect(spreadsOf(rows.slice(2), 'offered', of)[0]).toMatchObject({ least: 2, greatest: 2, before: 12 });
  // A share of the calls so far is one.
  expect(spreadsOf(rows, 'serviceLevel', of)[0]).toMatchObject({ least: 0.5, greatest: 0.7 });
});

test('[T1] a day that starts within an hour ends there, and leads to itself alone', () => {
  const early = { ...calendar, dayStartMinutes: 390 };
  // 06:30 in Madrid.
  const start = Date.parse('2026-11-02T05:30:00Z');
  const rows = hours(start, start + 7 * DAY_MS, () => 1);
  const of = { step: 'hour', calendar: early, now: Number.POSITIVE_INFINITY } as const;
  const days = spreadsOf(rows, 'offered', { ...of, fold: 'day' });
  expect(days.map((day) => drillOf(day, 'day', early))).toEqual(
    Array.from({ length: 7 }, (_, place) => {
      const date = `2026-11-0${2 + place}`;
      return { days: { startDate: date, endDate: date } };
    }),
  );
  expect(days[0]?.end).toBe('2026-11-03T05:30:00.000Z');
  const weeks = spreadsOf(
    hours(start, start + 8 * DAY_MS, () => 1),
    'offered',
    { ...of, fold: 'week' },
  );
  expect(weeks.map((week) => drillOf(week, 'week', early))).toEqual([
    { days: { startDate: '2026-11-02', endDate: '2026-11-08' } },
    { days: { startDate: '2026-11-09', endDate: '2026-11-09' } },
  ]);
});

test('times over several days are named by their days first, and by parts of them where there is room', () => {
  const hours = (days: number) =>
    Array.from({ length: days * 24 }, (_, hour) => ({
      key: `${hour}`,
      name: '',
      value: 1,
      before: null,
      isPartial: false,
      level: 'calm',
      beginsDay: hour % 24 === 0,
    }));
  expect(namedPoints(hours(2), 12)).toEqual([0, 6, 12, 18, 24, 30, 36, 42]);
  expect(namedPoints(hours(6), 12)).toEqual(Array.from({ length: 12 }, (_, half) => half * 12));
  expect(namedPoints(hours(20), 12)).toEqual(Array.from({ length: 10 }, (_, place) => place * 48));
});
