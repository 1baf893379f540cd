import { beforeAll, expect, test, vi } from 'vitest';
import type { BucketRow } from '../../shared/contract/analytics.ts';
import { isCompared, pointsOf } from './trendPoints.ts';

const HOUR_MS = 3_600_000;

beforeAll(() => {
  vi.stubGlobal('navigator', { languages: ['en-GB'] });
  return () => vi.unstubAllGlobals();
});

test('[T1] the first step of each day is named by it, also where days start within an hour', () => {
  // Three days from 06:30 in Madrid, by the clock's hours: the second and third begin with the one from 07:00.
  const from = Date.parse('2026-11-02T05:30:00Z');
  const rows: BucketRow[] = [];
  for (let start = from, end = 0; start < from + 72 * HOUR_MS; start = end) {
    end = Math.min(start - (start % HOUR_MS) + HOUR_MS, from + 72 * HOUR_MS);
    const bounds = { start: new Date(start).toISOString(), end: new Date(end).toISOString() };
    rows.push({ ...bounds, partial: false, offered: 1 } as BucketRow); // A count without a target needs no more.
  }
  const drawn = pointsOf(rows, {
    days: { startDate: '2026-11-02', endDate: '2026-11-04' },
    step: 'hour',
    metric: 'offered',
    calendar: { timeZone: 'Europe/Madrid', weekStart: 1, dayStartMinutes: 390 },
    targets: null,
    now: Number.POSITIVE_INFINITY,
  });
  const begun = drawn.filter(({ point }) => point.beginsDay);
  expect(begun.map(({ bucket }) => bucket.start)).toEqual([
    '2026-11-02T05:30:00.000Z',
    '2026-11-03T06:00:00.000Z',
    '2026-11-04T06:00:00.000Z',
  ]);
  expect(begun.map(({ point }) => point.name)).toEqual(['2 Nov', '3 Nov', '4 Nov']);
});

test('days in which nobody called and nobody was there are nothing to compare with, though their counts are 0', () => {
  const row = (previous: { received: number; signedInMs: number } | null) =>
    ({ previous }) as Pick<BucketRow, 'previous'>; // Nothing else of them is read.
  const nothing = { received: 0, signedInMs: 0 };
  expect(isCompared([row(nothing), row(nothing), row(null), {}])).toBe(false);
  expect(isCompared([row(nothing), row({ ...nothing, received: 1 })])).toBe(true);
  expect(isCompared([row(nothing), row({ ...nothing, signedInMs: 900_000 })])).toBe(true);
});
