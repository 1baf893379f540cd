import { expect, it } from 'vitest';
import type { LogEvent } from '../contract/events.ts';
import { DEFAULT_SETTINGS } from '../contract/settings.ts';
import { measureQueue, measureTotal } from './measure.ts';
import { createState, type LiveState } from './state.ts';
import { foldAll, story, tell } from './testing.ts';
import { measureTrend, offeredByMinute, STEP_MS } from './trend.ts';

const MINUTE_MS = 60_000;
const DAY = Date.UTC(2026, 10, 23);
const NOW = DAY + 12 * 60 * MINUTE_MS + 3 * MINUTE_MS + 20_000; // 12:03:20

function stateOf(events: readonly LogEvent[]): LiveState {
  const state = createState({ dayStart: DAY, settings: DEFAULT_SETTINGS });
  foldAll(state, events);
  return state;
}

const busy = story({ seed: 3, calls: 1_200, agents: 20, queues: 4, start: NOW - 2 * 60 * MINUTE_MS });
const until = (now: number) => busy.filter((event) => event.occurredAt <= now);
const sum = (counts: readonly (number | null)[]) => counts.reduce<number>((a, b) => a + (b ?? 0), 0);

it('[T7] the trend is the hour in twelve steps on the clock, the last one up to now', () => {
  const trend = measureTrend(stateOf(until(NOW)), NOW, null);
  expect(trend.since).toBe('2026-11-23T11:05:00.000Z');
  expect(trend.stepMs).toBe(STEP_MS);
  expect([trend.offered.length, trend.answered.length, trend.abandoned.length]).toEqual([12, 12, 12]);
  expect(trend.lastWeek).toBeNull();
});

it('[R1] its sums are those of the windows that cover the same time', () => {
  const half = DAY + 12 * 60 * MINUTE_MS - 1; // The end of a step: its last six are the last half hour.
  const state = stateOf(until(half));
  const trend = measureTrend(state, half, null);
  const last30 = measureTotal(state, DEFAULT_SETTINGS, half, { window: 'last30' });
  expect(last30.offered).toBeGreaterThan(20);
  expect(sum(trend.offered.slice(-6))).toBe(last30.offered);
  expect(sum(trend.answered.slice(-6))).toBe(last30.answered);
  expect(sum(trend.abandoned.slice(-6))).toBe(last30.abandoned);
});

it('[L15] a visit that a late event takes out leaves the trend too', () => {
  const state = stateOf(tell(NOW, [[-60, 'call.queued', { callId: 'c', queue: 'q', origin: 'inbound' }]]));
  expect(sum(measureTrend(state, NOW, null).offered)).toBe(1);
  for (const { visit } of state.queues.get('q')?.recent ?? []) visit.gone = true;
  expect(sum(measureTrend(state, NOW, null).offered)).toBe(0);
});

it('last week stands beside it minute by minute, and by now up to the same time of day', () => {
  const offered = Array.from({ length: 1_440 }, () => 2);
  const trend = measureTrend(stateOf([]), NOW, { dayStart: DAY, offered, byQueue: new Map() });
  expect(trend.lastWeek?.offered).toEqual(Array.from({ length: 12 }, () => 10));
  // 723 whole minutes, and a third of the one under way.
  expect(trend.lastWeek?.offeredByNow).toBe(1_447);
});

it('what the log does not know of last week is a gap, never a zero', () => {
  const half: (number | null)[] = Array.from({ length: 1_440 }, () => 1);
  half.fill(null, 0, 11 * 60 + 12);
  const trend = measureTrend(stateOf([]), NOW, { dayStart: DAY, offered: half, byQueue: new Map() });
  expect(trend.lastWeek).toEqual({
    offered: [null, null, ...Array.from({ length: 10 }, () => 5)],
    offeredByNow: null,
  });
  // The hour before the day began is another day's.
  const early = measureTrend(stateOf([]), DAY + 7 * MINUTE_MS, {
    dayStart: DAY,
    offered: half.fill(1),
    byQueue: new Map(),
  });
  expect(early.lastWeek?.offered).toEqual([...Array.from({ length: 10 }, () => null), 5, 5]);
  expect(early.lastWeek?.offeredByNow).toBe(7);
});

it('[R1] a day minute by minute is what it offered', () => {
  const state = stateOf(busy);
  const starts = Array.from({ length: 1_440 }, (_, minute) => DAY + minute * MINUTE_MS);
  const total = measureTotal(state, DEFAULT_SETTINGS, NOW + 24 * 60 * MINUTE_MS, { window: 'today' });
  const byQueue = offeredByMinute(state, starts);
  expect(sum([...byQueue.values()].flatMap((counts) => [...counts]))).toBe(total.offered);
  for (const [id, counts] of byQueue) {
    const query = { window: 'today' } as const;
    expect(sum([...counts])).toBe(measureQueue(state, DEFAULT_SETTINGS, NOW, id, query).offered);
  }
});

it('[L8] the trend of some queues is theirs alone, and stands beside their own past', () => {
  const state = stateOf(until(NOW));
  const minutes = (count: number) => new Uint32Array(1_440).fill(count);
  const lastWeek = {
    dayStart: DAY,
    offered: Array.from({ length: 1_440 }, (_, minute) => (minute < 60 ? null : 6)),
    byQueue: new Map([
      ['q0', minutes(1)],
      ['q1', minutes(2)],
      ['q2', minutes(3)],
    ]),
  };
  const of = (...ids: string[]) => measureTrend(state, NOW, lastWeek, new Set(ids));
  const whole = measureTrend(state, NOW, lastWeek);
  const parts = ['q0', 'q1', 'q2', 'q3'].map((id) => of(id));
  for (const counts of ['offered', 'answered', 'abandoned'] as const) {
    expect(whole[counts].some((count) => count > 0)).toBe(true);
    expect(whole[counts]).toEqual(
      whole[counts].map((_, step) => sum(parts.map((part) => part[counts][step] ?? 0))),
    );
  }
  expect(of('q0', 'q1').lastWeek?.offered).toEqual(Array.from({ length: 12 }, () => 15));
  expect(of('q3').lastWeek?.offered).toEqual(Array.from({ length: 12 }, () => 0));
  // What the log does not know of all it does not know of some.
  expect(of('q0').lastWeek?.offeredByNow).toBeNull();
  expect(of().lastWeek?.offered).toEqual(Array.from({ length: 12 }, () => 0));
});
