import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { LiveValues, Patch, Snapshot } from '../../shared/contract/protocol.ts';
import { createStore } from './store.ts';

const snapshot = (offset: number, values: LiveValues, epoch = 'a'): Snapshot => ({
  type: 'snapshot',
  version: 1,
  epoch,
  offset,
  seq: 0,
  serverTime: '2026-11-23T10:00:00.000Z',
  values,
});
const patch = (offset: number, set: LiveValues, removed: string[] = [], epoch = 'a'): Patch => ({
  type: 'patch',
  epoch,
  offset,
  seq: 0,
  serverTime: '2026-11-23T10:00:00.000Z',
  set,
  removed,
});

describe('the store', () => {
  test('[L7] a patch replaces whole values and removes keys', () => {
    const store = createStore();
    store.apply(snapshot(3, { 'agent:1': { n: 1 }, 'agent:2': { n: 2 } }));
    expect(store.apply(patch(4, { 'agent:1': { m: 5 } }, ['agent:2']))).toBe('applied');
    expect(store.get('agent:1')).toEqual({ m: 5 });
    expect(store.list('agent')).toEqual([{ m: 5 }]);
  });

  test('[L7] a missed patch is a gap, and nothing changes until the snapshot', () => {
    const store = createStore();
    store.apply(snapshot(3, { 'agent:1': 1 }));
    expect(store.apply(patch(5, { 'agent:1': 2 }))).toBe('gap');
    expect(store.apply(patch(4, { 'agent:1': 3 }))).toBe('gap');
    expect(store.get('agent:1')).toBe(1);
    store.apply(snapshot(5, { 'agent:1': 2 }));
    expect(store.apply(patch(6, { 'agent:1': 4 }))).toBe('applied');
    expect(store.get('agent:1')).toBe(4);
  });

  test('[L7] another epoch is a gap even where its offset would fit', () => {
    const store = createStore();
    store.apply(snapshot(3, { 'agent:1': 1 }));
    expect(store.apply(patch(4, { 'agent:1': 2 }, [], 'b'))).toBe('gap');
  });

  test('[L7] a repeated patch changes nothing', () => {
    const store = createStore();
    store.apply(snapshot(3, { 'agent:1': 1 }));
    store.apply(patch(4, { 'agent:1': 2 }));
    expect(store.apply(patch(4, { 'agent:1': 9 }))).toBe('repeated');
    expect(store.get('agent:1')).toBe(2);
  });

  test('only who reads a key or its group hears of it, and equal values after a gap are no news', () => {
    const store = createStore();
    store.apply(snapshot(0, { 'queue:today:a:b': { n: 1 }, 'queue:last30:a:b': { n: 1 }, 'agent:x': 1 }));
    const heard = { key: vi.fn(), group: vi.fn(), other: vi.fn() };
    store.subscribe('queue:today:a:b', heard.key);
    store.subscribeGroup('queue:today', heard.group);
    store.subscribeGroup('queue:last30', heard.other);
    const list = store.list('queue:last30');
    store.apply(patch(1, { 'queue:today:a:b': { n: 2 } }));
    store.apply(
      snapshot(9, { 'queue:today:a:b': { n: 2 }, 'queue:last30:a:b': { n: 1 }, 'agent:x': 1 }, 'b'),
    );
    expect(heard.key).toHaveBeenCalledTimes(1);
    expect(heard.group).toHaveBeenCalledTimes(1);
    expect(heard.other).not.toHaveBeenCalled();
    expect(store.list('queue:last30')).toBe(list);
  });

  test('who stops listening is not called, and everything is forgotten on clear', () => {
    const store = createStore();
    const heard = vi.fn();
    const stop = store.subscribe('agent:1', heard);
    store.apply(snapshot(0, { 'agent:1': 1 }));
    stop();
    store.clear();
    expect(heard).toHaveBeenCalledTimes(1);
    expect(store.get('agent:1')).toBeUndefined();
    expect(store.position()).toBeNull();
  });
});

/** What happens on the way to a screen, one step after the other. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('set' as const), key: fc.nat(5), value: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), key: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drop' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);

test('[L7] whatever is dropped, repeated or restarted, following the snapshots asked for ends at the server’s values', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const store = createStore();
      const server = new Map<string, unknown>();
      let [epoch, offset, drops] = [0, 0, 0];
      let last: Patch | null = null;
      const whole = (): Snapshot => snapshot(offset, Object.fromEntries(server), String(epoch));
      const deliver = (message: Patch): void => {
        if (drops > 0) drops--;
        else if (store.apply(message) === 'gap') store.apply(whole());
      };
      store.apply(whole());
      for (const each of steps) {
        if (each.do === 'drop') drops++;
        else if (each.do === 'repeat') {
          if (last) deliver(last);
        } else if (each.do === 'restart') {
          epoch++;
          offset = 0;
        } else {
          const key = `agent:${each.key}`;
          if (each.do === 'set') server.set(key, each.value);
          else server.delete(key);
          last = patch(
            ++offset,
            each.do === 'set' ? { [key]: each.value } : {},
            each.do === 'set' ? [] : [key],
            String(epoch),
          );
          deliver(last);
        }
      }
      // The next message that does arrive settles everything that was missed.
      drops = 0;
      deliver(patch(++offset, {}, [], String(epoch)));
      const keys = Array.from({ length: 6 }, (_, at) => `agent:${at}`);
      expect(keys.map((key) => store.get(key))).toEqual(keys.map((key) => server.get(key)));
      expect(new Set(store.list('agent'))).toEqual(new Set(server.values()));
    }),
    { numRuns: 500 },
  );
});
