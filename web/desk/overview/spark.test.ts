import { expect, test } from 'vitest';
import { barsPath, byDay, linePath } from './spark.ts';

const day = (date: string, offered: number) => ({
  date,
  offered,
  answered: offered,
  abandoned: 0,
  serviceLevel: 0.5,
  ahtMs: null,
});

test('days without a row are gaps, and rows of other days are in none', () => {
  const rows = [day('2026-11-02', 7), day('2026-11-04', 9), day('2026-10-31', 1), day('2026-11-05', 1)];
  const days = { startDate: '2026-11-01', endDate: '2026-11-04' };
  expect(byDay(rows, days, ({ offered }) => offered)).toEqual([null, 7, null, 9]);
});

test('a line starts anew after a gap; what stands alone is a dot', () => {
  expect(linePath([0, 1, null, 0.5], 0, 1)).toBe('M0.5 1L0.5 1L1.5 0M3.5 0.5L3.5 0.5');
  expect(linePath([], 0, 1)).toBe('');
});

test('values that are all the same have a line too', () => {
  expect(linePath([0.8, 0.8], 0.8, 0.8)).toBe('M0.5 1L0.5 1L1.5 1');
});

test('bars start at zero, and nothing has none', () => {
  expect(barsPath([2, 0, null, 4])).toBe('M0.15 1V0.5H0.85V1ZM3.15 1V0H3.85V1Z');
});
