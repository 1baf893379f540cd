import { describe, expect, it } from 'vitest';
import { ingestEvent } from '../../../shared/contract/events.ts';
import type { TotalMetrics } from '../../../shared/contract/metrics.ts';
import { DEFAULT_SETTINGS } from '../../../shared/contract/settings.ts';
import { evolve } from '../../../shared/live/evolve.ts';
import { measureTotal } from '../../../shared/live/measure.ts';
import { createState } from '../../../shared/live/state.ts';
import { disturbancesOf, restartOf } from './calendar.ts';
import { QUEUES, SECTORS } from './centre.ts';
import { demoDayAt, hasten } from './clock.ts';
import { tellDay } from './day.ts';

/** A Monday; from here on fourteen days are judged as whoever runs a call centre would judge them. */
const MONDAY = Date.UTC(2026, 10, 9);
const HOUR_MS = 3_600_000;
const SEEDS = ['callboard', 'a', 'b'];

interface Told {
  weekday: number;
  isPlain: boolean;
  today: TotalMetrics;
  morning: TotalMetrics;
  night: TotalMetrics;
  intervals: number[];
}

function dayOf(seed: string, offset: number): Told {
  const day = demoDayAt(seed, 'UTC', MONDAY, offset);
  const events = tellDay(day);
  const state = createState({ dayStart: day.start, settings: DEFAULT_SETTINGS });
  let next = 0;
  const at = (hour: number, window: 'last15' | 'last60' | 'today'): TotalMetrics => {
    const now = day.start + hour * HOUR_MS;
    for (let event = events[next]; event && event.occurredAt <= now; event = events[next]) {
      evolve(state, { ...event, seq: ++next, recordedAt: event.occurredAt });
    }
    return measureTotal(state, DEFAULT_SETTINGS, now, { window });
  };
  const night = at(3, 'last60');
  const intervals: number[] = [];
  let morning = night;
  for (let hour = 8.25; hour <= 20; hour += 0.25) {
    const level = at(hour, 'last15').serviceLevel;
    if (level !== null) intervals.push(level);
    if (hour === 11) morning = at(11, 'last60');
  }
  at(25, 'today');
  return {
    weekday: day.weekday,
    isPlain: disturbancesOf(day).length === 0 && restartOf(day) === null,
    today: measureTotal(state, DEFAULT_SETTINGS, day.start + 24 * HOUR_MS - 1, { window: 'today' }),
    morning,
    night,
    intervals,
  };
}

const told = SEEDS.flatMap((seed) => Array.from({ length: 14 }, (_, offset) => dayOf(seed, offset)));
const plain = told.filter(({ weekday, isPlain }) => weekday <= 5 && isPlain);

function mean(days: Told[], value: (day: Told) => number | null): number {
  return days.reduce((sum, day) => sum + (value(day) ?? 0), 0) / days.length;
}

/** The value below which a share of them lies. */
function quantile(values: number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}

describe('the demo centre is one that somebody who runs such a centre believes', () => {
  it.each<[string, (day: Told) => number | null, number, number]>([
    ['calls offered', ({ today }) => today.offered, 2_150, 2_550],
    ['service level in 20 s', ({ today }) => today.serviceLevel, 0.78, 0.87],
    ['abandonment', ({ today }) => today.abandonmentRate, 0.025, 0.05],
    ['short abandons', ({ today }) => today.shortAbandoned / today.offered, 0.008, 0.015],
    ['average speed of answer, s', ({ today }) => (today.asaMs ?? 0) / 1_000, 12, 18],
    ['90th percentile of waits, s', ({ today }) => (today.waitP90Ms ?? 0) / 1_000, 25, 55],
    ['average wait before abandoning, s', ({ today }) => (today.averageAbandonMs ?? 0) / 1_000, 30, 75],
    ['average handle time, s', ({ today }) => (today.ahtMs ?? 0) / 1_000, 320, 390],
    ['transfers', ({ today }) => today.transferRate, 0.06, 0.09],
    ['missed rings', ({ today }) => today.missedRings / today.answered, 0.02, 0.04],
    ['key exits', ({ today }) => today.keyExits / today.offered, 0.003, 0.012],
    ['timeouts', ({ today }) => today.timedOut / today.offered, 0, 0.003],
    ['calls in the hour before 11:00', ({ morning }) => morning.offered, 215, 275],
    ['occupancy before 11:00', ({ morning }) => morning.occupancy, 0.62, 0.77],
    ['signed in at 11:00', ({ morning }) => morning.agentsSignedIn, 36, 43],
    ['paused at 11:00', ({ morning }) => morning.agentsPaused, 3, 9],
    ['calls in the hour before 03:00', ({ night }) => night.offered, 3, 6.5],
    ['signed in at 03:00', ({ night }) => night.agentsSignedIn, 2, 2],
    ['occupancy before 03:00', ({ night }) => night.occupancy, 0.08, 0.2],
  ])('on a plain weekday: %s', (_, value, low, high) => {
    expect(mean(plain, value)).toBeGreaterThanOrEqual(low);
    expect(mean(plain, value)).toBeLessThanOrEqual(high);
  });

  it('on a plain weekday: service level by the quarter of an hour', () => {
    const levels = plain.flatMap(({ intervals }) => intervals);
    expect(quantile(levels, 0.5)).toBeGreaterThan(0.8);
    expect(quantile(levels, 0.05)).toBeGreaterThan(0.4);
    expect(quantile(levels, 0.95)).toBe(1);
  });

  it('is quieter at weekends', () => {
    const weekdays = mean(plain, ({ today }) => today.offered);
    const of = (weekday: number) =>
      mean(
        told.filter((day) => day.weekday === weekday),
        ({ today }) => today.offered,
      );
    expect(of(6) / weekdays).toBeGreaterThan(0.2);
    expect(of(6) / weekdays).toBeLessThan(0.32);
    expect(of(7) / weekdays).toBeGreaterThan(0.05);
    expect(of(7) / weekdays).toBeLessThan(0.09);
  });

  it('has a storm every few days, in which the service level falls', () => {
    const days = Array.from({ length: 56 }, (_, offset) => demoDayAt('callboard', 'UTC', MONDAY, offset));
    const storms = days.filter((day) => disturbancesOf(day).some(({ calls }) => calls('General') > 1));
    expect(storms.length).toBeGreaterThanOrEqual(7);
    expect(storms.length).toBeLessThanOrEqual(16);
    const rough = told.filter(({ weekday, isPlain }) => weekday <= 5 && !isPlain);
    expect(mean(rough, ({ today }) => today.serviceLevel)).toBeLessThan(
      mean(plain, ({ today }) => today.serviceLevel),
    );
  });

  it('restarts its telephone system once a fortnight, and no call is left open by it', () => {
    const restarts = Array.from({ length: 56 }, (_, offset) =>
      restartOf(demoDayAt('callboard', 'UTC', MONDAY, offset)),
    );
    expect(restarts.filter((minute) => minute !== null).length).toBeGreaterThanOrEqual(3);
    expect(told.every(({ today }) => today.open === 0)).toBe(true);
  });

  it('tells instants and lengths in whole milliseconds, the only ones the log takes', () => {
    const days = Array.from({ length: 14 }, (_, offset) => demoDayAt('callboard', 'UTC', MONDAY, offset));
    expect(days.some((day) => restartOf(day) !== null)).toBe(true);
    const broken = days
      .flatMap(tellDay)
      .filter((event) =>
        Object.values(event).some((value) => typeof value === 'number' && !Number.isInteger(value)),
      );
    expect(broken).toEqual([]);
  });

  it('has sixty people, each of one sector', () => {
    const people = SECTORS.flatMap(({ agents }) => agents);
    expect(new Set(people).size).toBe(60);
    expect(new Set(QUEUES.map(({ sector }) => sector))).toEqual(new Set(SECTORS.map(({ id }) => id)));
  });
});

describe('tellDay', () => {
  const day = demoDayAt('callboard', 'Europe/Berlin', MONDAY, 3);

  it('tells a day the same way every time, in order, every event valid', () => {
    const events = tellDay(day);
    expect(tellDay(demoDayAt('callboard', 'Europe/Berlin', MONDAY, 3))).toEqual(events);
    expect(tellDay(demoDayAt('other', 'Europe/Berlin', MONDAY, 3))).not.toEqual(events);
    expect(new Set(events.map(({ sourceKey }) => sourceKey)).size).toBe(events.length);
    expect(events.every((event, at) => (events[at - 1]?.occurredAt ?? 0) <= event.occurredAt)).toBe(true);
    for (const event of events) expect(ingestEvent.safeParse(event).error).toBeUndefined();
  });

  it('keeps office hours on the days on which clocks change', () => {
    for (const date of [Date.UTC(2026, 2, 29, 12), Date.UTC(2026, 9, 25, 12)]) {
      const changing = demoDayAt('callboard', 'Europe/Berlin', date);
      const noon = new Date(changing.instant(12 * 60)).toLocaleTimeString('en-GB', {
        timeZone: 'Europe/Berlin',
      });
      expect(noon).toBe('12:00:00');
    }
  });

  it('told faster, takes its share of the time from the anchor on, under keys of its own', () => {
    const events = tellDay(day);
    const answered = events.find(
      (event) => event.kind === 'call.answered' && event.occurredAt > day.instant(720),
    );
    if (answered?.kind !== 'call.answered') throw new Error('nobody was answered');
    const anchor = answered.occurredAt - 60_000;
    const faster = hasten(answered, anchor, 10);
    expect(faster.occurredAt).toBe(anchor + 6_000);
    expect(faster).toMatchObject({ waitMs: Math.round((answered.waitMs ?? 0) / 10) });
    expect(faster.sourceKey).not.toBe(answered.sourceKey);
    expect(hasten(answered, answered.occurredAt, 10)).toEqual(answered);
  });
});
