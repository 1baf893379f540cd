import { describe, expect, it } from 'vitest';
import { gapsOf, missedShare, slotsOf, weeksBefore } from './gaps.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const at = (iso: string) => Date.parse(iso);

describe('[L9] a silence', () => {
  it('is cut at quarters of an hour, with nothing lost or told twice', () => {
    const silence = { source: 's', from: at('2026-03-02T09:50:00Z'), to: at('2026-03-02T10:20:00Z') };
    const slots = slotsOf([silence]);
    expect(slots.map(({ from, to }) => (to - from) / MINUTE)).toEqual([10, 15, 5]);
    expect(slots[0]?.from).toBe(silence.from);
    expect(slots.at(-1)?.to).toBe(silence.to);
  });

  it('[T1] is compared with the same times of the wall clock, whatever the clocks did since', () => {
    // Berlin went to summer time on 29 March.
    const from = at('2026-04-06T08:30:00Z'); // 10:30 there
    const day = { start: at('2026-04-05T22:00:00Z'), end: at('2026-04-06T22:00:00Z') };
    const weeks = weeksBefore({ source: 's', from, to: from + MINUTE, index: 0 }, day, 'Europe/Berlin');
    expect(weeks.map(({ quarter }) => new Date(quarter[0]).toISOString())).toEqual([
      '2026-03-30T08:30:00.000Z',
      '2026-03-23T09:30:00.000Z',
      '2026-03-16T09:30:00.000Z',
      '2026-03-09T09:30:00.000Z',
    ]);
    expect(new Date(weeks[1]?.day[0] ?? 0).toISOString()).toBe('2026-03-22T23:00:00.000Z');
  });

  const week = (minutes: number, spokeThatDay = true) => ({ minutes, spokeThatDay });
  it.each([
    ['always', [week(15), week(15), week(15), week(15)], 1],
    ['every other week', [week(15), week(0), week(15), week(0)], 1],
    ['once in four weeks', [week(15), week(0), week(0), week(0)], 0],
    ['whenever it spoke on that day at all', [week(15), week(0, false), week(0, false)], 1],
    ['never before', [week(0, false), week(0, false)], 0],
    ['nobody knows', [], 0],
    ['for two minutes of three', [week(10), week(10), week(10)], 4 / 9],
    ['now and then', [week(3), week(2), week(3)], 1 / 20],
  ])('falls into a time at which the source speaks %s: %j → %s', (_when, weeks, share) => {
    expect(missedShare(weeks)).toBeCloseTo(share, 9);
  });

  it('is a gap when it is too long without the times that are silent anyway', () => {
    const night = { source: 's', from: 0, to: 9 * HOUR };
    const lunch = { source: 's', from: 12 * HOUR, to: 12 * HOUR + 20 * MINUTE };
    const slots = slotsOf([night, lunch]);
    const weighed = (atNight: number) =>
      slots.map((slot) => ({ ...slot, share: slot.from >= 12 * HOUR ? 1 : atNight }));
    expect(gapsOf([night, lunch], weighed(0), 15 * MINUTE)).toEqual([lunch]);
    expect(gapsOf([night, lunch], weighed(0), 20 * MINUTE)).toEqual([]);
    expect(gapsOf([night, lunch], weighed(1), 15 * MINUTE)).toEqual([night, lunch]);
    // Nine hours of a few calls each are missed after all, half an hour of them is not.
    const pause = { source: 's', from: 3 * HOUR, to: 3.5 * HOUR };
    const share = missedShare([week(3)]);
    const told = slotsOf([night, pause]).map((slot) => ({ ...slot, share }));
    expect(gapsOf([night, pause], told, 15 * MINUTE)).toEqual([night]);
  });
});
