import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { at, follow, setUp } from './testing/serverEnd.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the connection', () => {
  test('[S14] it authenticates before it subscribes, and presents a fresher token', async () => {
    const parts = setUp();
    await follow(parts);
    expect(parts.line().sent.map(({ type }) => type)).toEqual(['authenticate', 'subscribe']);
    parts.connection.present('fresher');
    expect(parts.line().sent.at(-1)).toEqual({ type: 'authenticate', token: 'fresher' });
  });

  test('[L9] a first connection is loading, and unreachable since its beginning once it takes too long', async () => {
    const parts = setUp();
    const unreachableSince = () => parts.connection.reach().unreachableSince;
    for (const begun of [Date.now(), Date.now() + 60_000]) {
      vi.setSystemTime(begun);
      parts.connection.start();
      expect(unreachableSince()).toBeNull();
      await vi.advanceTimersByTimeAsync(4_900);
      expect(unreachableSince()).toBeNull();
      await vi.advanceTimersByTimeAsync(200);
      expect(unreachableSince()).toBe(begun);
      // Another call centre is another first connection.
      parts.connection.stop();
    }
    await follow(parts);
    await vi.advanceTimersByTimeAsync(5_100);
    expect(unreachableSince()).toBeNull();
  });

  test('[L9] a first connection that fails is unreachable at once', async () => {
    const parts = setUp();
    parts.connection.start();
    await vi.advanceTimersByTimeAsync(0);
    parts.line().events.onGone();
    expect(parts.connection.reach().unreachableSince).not.toBeNull();
  });

  test('[L9] a first connection that is given no token is unreachable at once', async () => {
    const parts = setUp(async () => {
      throw new Error('away');
    });
    parts.connection.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(parts.connection.reach().unreachableSince).toBe(Date.now());
  });

  test('[L9] what another call centre was catching up with, and its database, are not this one’s', async () => {
    const parts = setUp();
    await follow(parts);
    const status = {
      type: 'status',
      database: 'down',
      databaseSince: at,
      build: 'one',
      serverTime: at,
    } as const;
    parts.tell({ ...status, caughtUp: false });
    expect(parts.connection.reach()).toMatchObject({ database: 'down', databaseSince: Date.parse(at) });
    parts.connection.stop();
    parts.connection.start();
    expect(parts.connection.reach()).toEqual({
      unreachableSince: null,
      database: 'up',
      databaseSince: null,
      catchingUpSince: null,
    });
  });

  test('[L9] the server is unreachable from a loss until the next snapshot', async () => {
    const parts = setUp();
    await follow(parts);
    expect(parts.connection.reach().unreachableSince).toBeNull();
    parts.line().events.onGone();
    expect(parts.connection.reach().unreachableSince).not.toBeNull();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(parts.lines).toHaveLength(2);
    parts.line().events.onOpen();
    expect(parts.connection.reach().unreachableSince).not.toBeNull();
    parts.snapshot(0, { 'agent:1': 2 }, 'b');
    expect(parts.connection.reach().unreachableSince).toBeNull();
    expect(parts.store.get('agent:1')).toBe(2);
  });

  test('[L7] however many patches are missed, one snapshot is asked for', async () => {
    const parts = setUp();
    await follow(parts);
    for (const offset of [5, 6, 7]) parts.patch(offset, {});
    await vi.advanceTimersByTimeAsync(1_000);
    for (const offset of [8, 9]) parts.patch(offset, {});
    await vi.advanceTimersByTimeAsync(1_000);
    expect(parts.asked()).toBe(2);
    parts.snapshot(9, { 'agent:1': 9 });
    parts.patch(10, { 'agent:1': 10 });
    expect(parts.store.get('agent:1')).toBe(10);
    expect(parts.asked()).toBe(2);
  });

  test('it comes back for ever, at most every ten seconds or so', async () => {
    const parts = setUp();
    parts.connection.start();
    await vi.advanceTimersByTimeAsync(0);
    for (let times = 1; times < 50; times++) {
      expect(parts.lines).toHaveLength(times);
      parts.line().events.onGone();
      await vi.advanceTimersByTimeAsync(10_000);
    }
  });

  test('[S33] it comes back no sooner than the server said', async () => {
    const parts = setUp();
    await follow(parts);
    parts.tell({ type: 'bye', code: 4000, reason: 'restart', retryAfterMs: 5_000 });
    parts.line().events.onGone();
    parts.connection.hurry();
    await vi.advanceTimersByTimeAsync(4_900);
    expect(parts.lines).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(parts.lines).toHaveLength(2);
  });

  test('refused for good, it asks for another token and tries again all the same', async () => {
    const token = vi.fn(async () => 'token');
    const parts = setUp(token);
    await follow(parts);
    parts.tell({ type: 'bye', code: 4100, reason: 'unauthenticated', retryAfterMs: null });
    parts.line().events.onGone();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(token.mock.calls).toEqual([[false], [true]]);
    expect(parts.lines).toHaveLength(2);
    // Refused again, it is in no hurry.
    parts.line().events.onOpen();
    parts.tell({ type: 'bye', code: 4100, reason: 'unauthenticated', retryAfterMs: null });
    parts.line().events.onGone();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(parts.lines).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(parts.lines).toHaveLength(3);
  });

  test('without a token it waits and asks again', async () => {
    let isAway = true;
    const parts = setUp(async () => {
      if (isAway) throw new Error('away');
      return 'token';
    });
    parts.connection.start();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(parts.lines).toHaveLength(0);
    isAway = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(parts.lines).toHaveLength(1);
  });

  test('[L9] a wire that says nothing is asked, then given up; one that answers is kept', async () => {
    const parts = setUp();
    await follow(parts);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(parts.line().sent.at(-1)).toEqual({ type: 'ping' });
    parts.tell({ type: 'pong', serverTime: at });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(parts.lines).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(parts.lines.length).toBeGreaterThan(1);
    expect(parts.lines[0]?.isClosed).toBe(true);
    expect(parts.connection.reach().unreachableSince).not.toBeNull();
  });

  test('what an earlier wire still says is not heard', async () => {
    const parts = setUp();
    await follow(parts);
    const first = parts.line();
    first.events.onGone();
    await vi.advanceTimersByTimeAsync(10_000);
    parts.line().events.onOpen();
    parts.snapshot(4, { 'agent:1': 4 }, 'b');
    first.events.onMessage({
      type: 'patch',
      epoch: 'b',
      offset: 5,
      seq: 0,
      serverTime: at,
      set: { 'agent:1': 0 },
      removed: [],
    });
    first.events.onGone();
    expect(parts.store.get('agent:1')).toBe(4);
    expect(parts.connection.reach().unreachableSince).toBeNull();
  });

  test('a server of another version is not believed', async () => {
    const parts = setUp();
    await follow(parts);
    parts.snapshot(9, { 'agent:1': 'other' }, 'a', 2);
    expect(parts.onOutdated).toHaveBeenCalledOnce();
    expect(parts.store.get('agent:1')).toBe(1);
  });

  test('a server that serves another page than before is told of, each time it changes', async () => {
    const parts = setUp();
    await follow(parts);
    const status = { type: 'status', database: 'up', databaseSince: null, caughtUp: true } as const;
    const serving = (build: string) => parts.tell({ ...status, serverTime: new Date().toISOString(), build });
    serving('one');
    serving('one');
    expect(parts.onOutdated).not.toHaveBeenCalled();
    serving('two');
    serving('two');
    expect(parts.onOutdated).toHaveBeenCalledOnce();
  });

  test('[S13] it says when rights have changed, and goes on with what it is sent', async () => {
    const parts = setUp();
    await follow(parts);
    parts.tell({ type: 'access_changed' });
    expect(parts.onAccessChanged).toHaveBeenCalledOnce();
    // Nobody asked for it: it is another stream, which begins anew.
    parts.snapshot(7, { 'agent:2': 2 });
    parts.patch(8, { 'agent:3': 3 });
    expect(parts.store.get('agent:1')).toBeUndefined();
    expect([parts.store.get('agent:2'), parts.store.get('agent:3')]).toEqual([2, 3]);
    expect(parts.asked()).toBe(1);
  });

  test('stopped, it keeps no timer and opens nothing', async () => {
    const parts = setUp();
    await follow(parts);
    parts.line().events.onGone();
    parts.connection.stop();
    expect(vi.getTimerCount()).toBe(0);
    parts.connection.hurry();
    expect(parts.lines).toHaveLength(1);
  });
});

test('[L7] through any run of losses and reconnects the store ends at the server’s values', async () => {
  const step = fc.constantFrom('change', 'change', 'change', 'lose', 'cut', 'restart', 'pass');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const parts = setUp();
      let [value, offset, epoch, answered] = [0, 0, 0, 0];
      const values = () => ({ 'agent:1': value });
      /** What the server does by itself: opens lines, answers what was asked. */
      const serve = async (): Promise<void> => {
        await vi.advanceTimersByTimeAsync(500);
        if (parts.lines.length === 0 || parts.line().isClosed) return;
        if (parts.line().sent.length === 0) {
          answered = 0;
          parts.line().events.onOpen();
        }
        if (parts.asked() > answered) parts.snapshot(offset, values(), String(epoch));
        answered = parts.asked();
      };
      parts.connection.start();
      await serve();
      for (const each of steps) {
        if (each === 'pass') await serve();
        if (each === 'cut') parts.line().events.onGone();
        if (each === 'restart') {
          epoch++;
          offset = 0;
        }
        if (each !== 'change' && each !== 'lose') continue;
        value++;
        offset++;
        if (each === 'change' && answered > 0) parts.patch(offset, values(), String(epoch));
      }
      for (let times = 0; times < 60; times++) await serve();
      offset++;
      value++;
      parts.patch(offset, values(), String(epoch));
      for (let times = 0; times < 10; times++) await serve();
      expect(parts.store.get('agent:1')).toBe(value);
      expect(parts.connection.reach().unreachableSince).toBeNull();
      parts.connection.stop();
    }),
    { numRuns: 100 },
  );
});
