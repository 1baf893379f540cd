import { expect, test } from 'vitest';
import { queue } from '../gallery/figures.ts';
import { isAsleep, worstFirst } from './worstFirst.ts';

const closed = { opening: { isOpen: false, changesAt: null } };
const open = { opening: { isOpen: true, changesAt: null } };

test('[T8] a closed queue sleeps, whatever its day was like, unless somebody waits in it', () => {
  expect(isAsleep(queue('a', { ...closed, offered: 90, agentsSignedIn: 3 }))).toBe(true);
  expect(isAsleep(queue('a', { ...closed, waiting: 1, offered: 90 }))).toBe(false);
  expect(isAsleep(queue('a', { ...open, offered: 90 }))).toBe(false);
  expect(isAsleep(queue('a', { ...open }))).toBe(true);
});

test('where help is needed comes first, what sleeps last', () => {
  const queues = [
    queue('closed', { ...closed, offered: 9, serviceLevel: 0.1 }),
    queue('fine', { offered: 9, serviceLevel: 0.9 }),
    queue('poor', { offered: 9, serviceLevel: 0.5 }),
    queue('waiting', { offered: 9, waiting: 1, longestWaitSince: '2026-11-23T10:00:00Z', serviceLevel: 1 }),
    queue('late', {
      offered: 9,
      waiting: 2,
      waitingOverThreshold: 1,
      longestWaitSince: '2026-11-23T10:01:00Z',
    }),
  ];
  expect(worstFirst(queues).map(({ name }) => name)).toEqual(['late', 'waiting', 'poor', 'fine', 'closed']);
});
