import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { LiveValues, Patch, Snapshot } from '../../shared/contract/protocol.ts';
import { createStore } from './store.ts';

const serverTime = '2026-11-23T10:42:00.000Z';

function snapshot(offset: number, values: LiveValues, epoch = 'e1'): Snapshot {
  return { type: 'snapshot', version: 1, epoch, offset, seq: offset, serverTime, values };
}

function patch(offset: number, set: LiveValues, removed: string[] = [], epoch = 'e1'): Patch {
  return { type: 'patch', epoch, offset, seq: offset, serverTime, set, removed };
}

test('[L7] a patch before any snapshot is a gap and changes nothing', () => {
  const store = createStore((work) => work());
  expect(store.apply(patch(1, { 'agent:ann': 1 }))).toBe('gap');
  expect(store.get('agent:ann')).toBeUndefined();
  expect(store.position()).toBeNull();
});

test('[L7] consecutive patches are applied, repeated ones ignored', () => {
  const store = createStore((work) => work());
  store.apply(snapshot(3, { 'agent:ann': 1, 'call:7': 1 }));
  expect(store.apply(patch(4, { 'agent:ann': 2 }, ['call:7']))).toBe('applied');
  expect(store.apply(patch(4, { 'agent:ann': 9 }))).toBe('repeated');
  expect(store.get('agent:ann')).toBe(2);
  expect(store.get('call:7')).toBeUndefined();
  expect(store.position()).toEqual({ epoch: 'e1', offset: 4 });
});

test.each([
  ['an offset beyond the next', patch(6, { 'agent:ann': 9 })],
  ['another epoch', patch(5, { 'agent:ann': 9 }, [], 'e2')],
])('[L7] %s is a gap: values stay, patches are ignored until a snapshot comes', (_name, strange) => {
  const store = createStore((work) => work());
  store.apply(snapshot(4, { 'agent:ann': 1 }));
  expect(store.apply(strange)).toBe('gap');
  expect(store.apply(patch(5, { 'agent:ann': 8 }))).toBe('gap');
  expect(store.get('agent:ann')).toBe(1);
  store.apply(snapshot(2, { 'agent:ann': 7 }, 'e2'));
  expect(store.get('agent:ann')).toBe(7);
  expect(store.apply(patch(3, { 'agent:ann': 6 }, [], 'e2'))).toBe('applied');
});

test('ids keep their colons and slashes, and a group holds its keys alone', () => {
  const store = createStore((work) => work());
  store.apply(
    snapshot(0, { 'queue:today:a:b/c': 'day', 'queue:last30:a:b/c': 'half hour', 'agent:SIP/1:2': 'a' }),
  );
  expect(store.list('queue:today')).toEqual(['day']);
  expect(store.list('queue:last30')).toEqual(['half hour']);
  expect(store.list('agent')).toEqual(['a']);
});

test('figures are told at once, lists each in a turn of its own', () => {
  const turns: (() => void)[] = [];
  const store = createStore((work) => turns.push(work));
  const heard: string[] = [];
  store.subscribe('tenant:today', () => heard.push('figure'));
  store.subscribeGroup('agent', () => heard.push('agents'));
  store.subscribeGroup('queue:today', () => heard.push('queues'));
  const place = { epoch: 'a', offset: 0, seq: 0, serverTime: '' };
  const values = { 'queue:today:q': 1, 'agent:ann': 2, 'tenant:today': 3 };
  store.apply({ type: 'snapshot', version: 1, ...place, values });
  expect(heard).toEqual(['figure']);
  for (const turn of turns) turn();
  expect(heard).toEqual(['figure', 'queues', 'agents']);
});

test('a listener hears of its own key and group only, and sees the whole patch', () => {
  const store = createStore((work) => work());
  store.apply(snapshot(0, { 'agent:ann': 1, 'agent:bob': 1 }));
  const ann = vi.fn(() => expect(store.get('agent:bob')).toBe(2));
  const cid = vi.fn();
  const calls = vi.fn();
  store.subscribe('agent:ann', ann);
  store.subscribe('agent:cid', cid);
  store.subscribeGroup('call', calls);
  const before = store.list('agent');
  store.apply(patch(1, { 'agent:ann': 2, 'agent:bob': 2 }));
  expect(ann).toHaveBeenCalledTimes(1);
  expect(cid).not.toHaveBeenCalled();
  expect(calls).not.toHaveBeenCalled();
  expect(store.list('agent')).not.toBe(before);
  expect(store.list('agent')).toBe(store.list('agent'));
});

test('a snapshot after a gap tells nobody of what has not changed, and keeps the objects', () => {
  const store = createStore((work) => work());
  store.apply(snapshot(0, { 'agent:ann': { state: 'available' }, 'agent:bob': { state: 'paused' } }));
  const value = store.get('agent:ann');
  const ann = vi.fn();
  const bob = vi.fn();
  store.subscribe('agent:ann', ann);
  store.subscribe('agent:bob', bob);
  store.apply(snapshot(9, { 'agent:ann': { state: 'available' } }, 'e2'));
  expect(ann).not.toHaveBeenCalled();
  expect(bob).toHaveBeenCalledTimes(1);
  expect(store.get('agent:ann')).toBe(value);
  expect(store.get('agent:bob')).toBeUndefined();
});

test('a key that has a name of Object.prototype is a key like any other [S63]', () => {
  const store = createStore((work) => work());
  store.apply(snapshot(0, { 'agent:__proto__': 1 }));
  store.apply(patch(1, { 'agent:constructor': 2 }));
  expect(store.list('agent')).toEqual([1, 2]);
  store.apply(snapshot(0, {}));
  expect(store.list('agent')).toEqual([]);
});

test('[L7] whatever is lost or repeated of a stream, the store equals the server once a snapshot was asked for at each gap', () => {
  const key = fc.constantFrom('agent:ann', 'call:1', 'call:2', 'queue:today:a', 'tenant:today');
  const change = fc.record({ key, value: fc.option(fc.integer(), { nil: null }), restarts: fc.boolean() });
  const fate = fc.constantFrom('arrives', 'arrives', 'is lost', 'comes twice');
  fc.assert(
    fc.property(fc.array(fc.tuple(change, fate), { maxLength: 60 }), (steps) => {
      const store = createStore((work) => work());
      const truth = new Map<string, unknown>();
      let epoch = 0;
      let offset = 0;
      const send = (): void => void store.apply(snapshot(offset, Object.fromEntries(truth), `e${epoch}`));
      send();
      for (const [{ key, value, restarts }, fate] of steps) {
        if (restarts && fate === 'is lost') {
          epoch++;
          offset = 0;
        }
        offset++;
        if (value === null) truth.delete(key);
        else truth.set(key, value);
        const message = patch(
          offset,
          value === null ? {} : { [key]: value },
          value === null ? [key] : [],
          `e${epoch}`,
        );
        const times = fate === 'is lost' ? 0 : fate === 'comes twice' ? 2 : 1;
        for (let time = 0; time < times; time++) if (store.apply(message) === 'gap') send();
      }
      // The next patch shows what was lost at the end.
      offset++;
      if (store.apply(patch(offset, {}, [], `e${epoch}`)) === 'gap') send();
      for (const name of ['agent:ann', 'call:1', 'call:2', 'queue:today:a', 'tenant:today']) {
        expect(store.get(name)).toBe(truth.get(name));
      }
    }),
  );
});

test('somebody else begins with nothing: cleared, the store has no values and no position', () => {
  const store = createStore((work) => work());
  store.apply(snapshot(0, { 'agent:1': 1 }));
  store.clear();
  expect(store.get('agent:1')).toBeUndefined();
  expect(store.list('agent')).toEqual([]);
  expect(store.position()).toBeNull();
});
