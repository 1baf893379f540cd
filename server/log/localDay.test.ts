import { expect, it } from 'vitest';
import { localDayOf } from './localDay.ts';

const hours = (day: { start: number; end: number }) => (day.end - day.start) / 3_600_000;
const at = (text: string) => Date.parse(text);

it.each([
  ['an ordinary day', '2026-11-23T12:00:00Z', 'Europe/Berlin', 0, '2026-11-22T23:00:00Z', 24],
  ['the day clocks go forward', '2026-03-29T12:00:00Z', 'Europe/Berlin', 0, '2026-03-28T23:00:00Z', 23],
  ['the day clocks go back', '2026-10-25T12:00:00Z', 'Europe/Berlin', 0, '2026-10-24T22:00:00Z', 25],
  ['the instant of midnight', '2026-11-22T23:00:00Z', 'Europe/Berlin', 0, '2026-11-22T23:00:00Z', 24],
  ['the ms before midnight', '2026-11-22T22:59:59.999Z', 'Europe/Berlin', 0, '2026-11-21T23:00:00Z', 24],
  ['before a late start of day', '2026-11-23T02:59:00Z', 'UTC', 180, '2026-11-22T03:00:00Z', 24],
  ['after a late start of day', '2026-11-23T03:00:00Z', 'UTC', 180, '2026-11-23T03:00:00Z', 24],
  // 03:00 wall clock, not 180 minutes after midnight, when an hour of the night is missing.
  ['a late start on a DST day', '2026-03-29T12:00:00Z', 'Europe/Berlin', 180, '2026-03-29T01:00:00Z', 24],
  ['the night before it', '2026-03-28T12:00:00Z', 'Europe/Berlin', 180, '2026-03-28T02:00:00Z', 23],
  [
    'a zone without a whole-hour offset',
    '2026-11-23T12:00:00Z',
    'Asia/Kathmandu',
    0,
    '2026-11-22T18:15:00Z',
    24,
  ],
])('[T1] %s begins and ends by the wall clock', (_, now, zone, minutes, start, length) => {
  const day = localDayOf(at(now), zone, minutes);
  expect(new Date(day.start).toISOString()).toBe(new Date(at(start)).toISOString());
  expect(hours(day)).toBe(length);
});

it.each([
  ['America/Havana', '2026-11-01T04:00:00Z'],
  ['Atlantic/Azores', '2026-10-25T00:00:00Z'],
])('[T1] in %s midnight comes twice in autumn, and the day begins with the first', (zone, first) => {
  const start = at(first);
  const end = start + 25 * 3_600_000;
  for (const now of [start, start + 1_800_000, start + 3_600_000, start + 5_400_000, end - 1])
    expect(localDayOf(now, zone, 0)).toEqual({ start, end });
  expect(localDayOf(start - 1, zone, 0)).toEqual({ start: start - 24 * 3_600_000, end: start });
  expect(localDayOf(end, zone, 0).start).toBe(end);
});
