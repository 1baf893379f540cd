import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClock } from './clock.ts';

const TRUE_TIME = Date.parse('2026-11-23T10:42:00.250Z');

beforeEach(() => void vi.useFakeTimers({ now: TRUE_TIME }));
afterEach(() => void vi.useRealTimers());

test.each([-5 * 3_600_000, 0, 30 * 3_600_000])(
  '[L6] a viewer whose clock is wrong by %i ms shows server time',
  (error) => {
    const clock = createClock(() => Date.now() + error);
    clock.heard(new Date(TRUE_TIME).toISOString());
    expect(clock.now()).toBe(TRUE_TIME);
    vi.advanceTimersByTime(90_000);
    expect(clock.now()).toBe(TRUE_TIME + 90_000);
  },
);

test('[L6] a message that was long on the way does not set the clock back', () => {
  const clock = createClock();
  clock.heard(new Date(Date.now() - 5).toISOString());
  clock.heard(new Date(Date.now() - 4_000).toISOString());
  expect(clock.now()).toBe(TRUE_TIME - 5);
});

test('everybody ticks in the same instant, once a second at its start, and nothing runs for nobody', () => {
  const clock = createClock();
  const seen: number[] = [];
  const stops = [
    clock.subscribe(() => seen.push(clock.second())),
    clock.subscribe(() => seen.push(clock.second())),
  ];
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(2_000);
  const second = Math.floor(TRUE_TIME / 1_000) * 1_000;
  expect(seen).toEqual([second + 1_000, second + 1_000, second + 2_000, second + 2_000]);
  for (const stop of stops) stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('an instant that cannot be read is not believed', () => {
  const clock = createClock();
  clock.heard('soon');
  expect(clock.now()).toBe(TRUE_TIME);
});
