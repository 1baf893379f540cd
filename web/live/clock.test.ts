import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClock } from './clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-23T10:00:00.250Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

test('[L6] the screen keeps server time, however wrong its own clock and however late a message', () => {
  const clock = createClock();
  clock.heard('2026-11-23T11:30:00.000Z');
  clock.heard('2026-11-23T11:29:58.000Z'); // Two seconds on the way.
  expect(new Date(clock.now()).toISOString()).toBe('2026-11-23T11:30:00.000Z');
});

test('everybody ticks in the same instant, once a second of the server', async () => {
  const clock = createClock();
  const seen: string[] = [];
  const stops = ['a', 'b'].map((name) =>
    clock.subscribe(() => seen.push(`${name}${clock.second() % 60_000}`)),
  );
  await vi.advanceTimersByTimeAsync(2_000);
  expect(seen).toEqual(['a1000', 'b1000', 'a2000', 'b2000']);
  for (const stop of stops) stop();
  expect(vi.getTimerCount()).toBe(0);
});
