/**
 * The server's time on this screen [L6]: every message says when it was sent, so the difference to our clock is at
 * most that; the largest of the last few is the nearest to the truth, the others were longer on the way.
 */
export interface ServerClock {
  /** Epoch milliseconds as the server counts them. */
  now(): number;
  /** A message sent at `serverTime` has just arrived. */
  heard(serverTime: string): void;
  /** `now()` as of the last whole second; the same number until the next tick, so that screens can compare. */
  second(): number;
  /** Calls `onTick` once a second, everybody in the same instant. */
  subscribe(onTick: () => void): () => void;
}

/** Enough to outlast a slow minute, few enough to follow a clock that was set. */
const SAMPLES = 32;
const SECOND_MS = 1_000;

export function createClock(localNow: () => number = Date.now): ServerClock {
  const offsets: number[] = [];
  const listeners = new Set<() => void>();
  let offset = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const now = (): number => localNow() + offset;
  const wholeSecond = (): number => Math.floor(now() / SECOND_MS) * SECOND_MS;
  let second = wholeSecond();

  /** Set anew each time for the next full second: an interval would drift through it. */
  const schedule = (): void => {
    timer = setTimeout(tick, SECOND_MS - (now() % SECOND_MS) + 5);
  };
  const tick = (): void => {
    second = wholeSecond();
    schedule();
    for (const listener of listeners) listener();
  };

  return {
    now,
    heard(serverTime) {
      const sentAt = Date.parse(serverTime);
      if (!Number.isFinite(sentAt)) return;
      offsets.push(sentAt - localNow());
      if (offsets.length > SAMPLES) offsets.shift();
      offset = Math.max(...offsets);
      if (timer === null) second = wholeSecond();
    },
    second: () => second,
    subscribe(onTick) {
      listeners.add(onTick);
      if (timer === null) {
        second = wholeSecond();
        schedule();
      }
      return () => {
        listeners.delete(onTick);
        if (listeners.size > 0 || timer === null) return;
        clearTimeout(timer);
        timer = null;
      };
    },
  };
}
