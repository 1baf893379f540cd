import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { demoDayAt } from '../../ingest/simulator/clock.ts';
import { tellDay } from '../../ingest/simulator/day.ts';
import { gapsOf, missedShare, type Silence, slotsOf, weeksBefore } from './gaps.ts';

/** A newcomer's first page is the demo's: it plays around the clock, at night a few calls an hour. */

const MINUTE = 60_000;
const LIMIT_MS = 15 * MINUTE;
const zone = 'Europe/Berlin';
const NOON = Date.UTC(2026, 10, 27, 12);
const days = Array.from({ length: 15 }, (_, place) => {
  const events = tellDay(demoDayAt('callboard', zone, NOON, place - 14));
  return events.map(({ occurredAt }) => occurredAt);
});
const told = days.flat().sort((a, b) => a - b);
const spokenMinutes = new Set(told.map((at) => Math.floor(at / MINUTE)));
const spoken = (from: number, to: number) => {
  let count = 0;
  for (let minute = Math.floor(from / MINUTE); minute * MINUTE < to; minute++)
    if (spokenMinutes.has(minute)) count++;
  return count;
};

/** The gaps of one of the last days, `daysAgo`, where what came from `from` until `to` was never heard. */
function gapsOn(daysAgo: number, [from, to]: readonly [number, number] = [0, 0]): Silence[] {
  const start = DateTime.fromMillis(NOON, { zone }).startOf('day').minus({ days: daysAgo });
  const day = { start: start.toMillis(), end: start.plus({ days: 1 }).toMillis() };
  const heard = told.filter((at) => at >= day.start && at < day.end && !(at >= from && at < to));
  const edges = [day.start, ...heard, day.end];
  const silences = edges.flatMap((at, place): Silence[] => {
    const before = edges[place - 1];
    return before !== undefined && at - before > LIMIT_MS ? [{ source: 'demo', from: before, to: at }] : [];
  });
  const weighed = slotsOf(silences).map((slot) => {
    const weeks = weeksBefore(slot, day, zone).map((week) => ({
      minutes: spoken(...week.quarter),
      spokeThatDay: spoken(...week.day) > 0,
    }));
    return { ...slot, share: missedShare(weeks) };
  });
  return gapsOf(silences, weighed, LIMIT_MS);
}

describe('[L9] of the demo', () => {
  it.each([1, 2, 3, 4, 5, 6, 7])('no silence is missed, not at night either, %i days ago', (daysAgo) => {
    expect(gapsOn(daysAgo)).toEqual([]);
  });

  it('half an hour of office time is', () => {
    const hole = [NOON - 86_400_000, NOON - 86_400_000 + 30 * MINUTE] as const;
    const [gap, ...more] = gapsOn(1, hole);
    expect(more).toEqual([]);
    expect(gap?.from).toBeLessThanOrEqual(hole[0]);
    expect(gap?.to).toBeGreaterThanOrEqual(hole[1]);
  });
});
