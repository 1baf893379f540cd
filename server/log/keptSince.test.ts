import { expect, it } from 'vitest';
import { keptSince } from './keptSince.ts';

it.each([
  ['in the middle of a month', '2026-11-25T12:00:00Z', 3, 'UTC', 0, '2026-08-01T00:00:00Z'],
  ['of a shorter month', '2026-03-31T12:00:00Z', 1, 'UTC', 0, '2026-02-01T00:00:00Z'],
  ['by the local month', '2026-11-01T02:00:00Z', 1, 'America/New_York', 0, '2026-09-01T04:00:00Z'],
  ['across a change of clocks', '2026-11-25T12:00:00Z', 2, 'Europe/Berlin', 0, '2026-08-31T22:00:00Z'],
  ['by the day’s start', '2026-11-01T05:00:00Z', 1, 'UTC', 360, '2026-09-01T06:00:00Z'],
  ['where midnight comes twice', '2026-12-15T12:00:00Z', 1, 'America/Havana', 0, '2026-11-01T04:00:00Z'],
  ['of years', '2026-11-25T12:00:00Z', 24, 'UTC', 0, '2024-11-01T00:00:00Z'],
])('[T1] %s', (_what, now, months, zone, dayStart, since) => {
  expect(keptSince(Date.parse(now), months, zone, dayStart)).toBe(Date.parse(since));
});
