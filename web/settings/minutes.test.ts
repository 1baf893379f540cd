import { expect, test } from 'vitest';
import { fromMinutes, toMinutes } from './minutes.ts';

test('minutes after midnight and the time a clock shows are the same thing', () => {
  expect([0, 90, 390, 1_439].map(fromMinutes)).toEqual(['00:00', '01:30', '06:30', '23:59']);
  for (let minutes = 0; minutes < 1_440; minutes++) expect(toMinutes(fromMinutes(minutes))).toBe(minutes);
});

test('what is no time is no number of minutes', () => {
  expect(['', '12', 'noon'].map(toMinutes)).toEqual([NaN, NaN, NaN]);
});
