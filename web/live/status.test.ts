import { expect, test } from 'vitest';
import { type Reach, troubleOf } from './status.ts';

const fine: Reach = { unreachableSince: null, database: 'up', databaseSince: null, catchingUpSince: null };
const source = (sourceId: string, silentSince: string | null) => ({
  sourceId,
  lastEventAt: '2026-11-23T10:00:00.000Z',
  lastReceivedAt: '2026-11-23T10:00:00.000Z',
  silentSince,
});

test('[L9] nothing is wrong while the server, its database and every source speak', () => {
  expect(troubleOf(fine, [source('pbx', null)])).toBeNull();
});

test('[L9] one silent source is named with the time it went quiet, the longest quiet first', () => {
  const sources = [
    source('a', null),
    source('b', '2026-11-23T10:05:00.000Z'),
    source('c', '2026-11-23T10:01:00.000Z'),
  ];
  expect(troubleOf(fine, sources)).toEqual({
    kind: 'sourceSilent',
    since: Date.parse('2026-11-23T10:01:00.000Z'),
    source: 'c',
  });
});

test('[L9] the nearest break hides those behind it: server, database, catching up, source', () => {
  const all: Reach = { unreachableSince: 1, database: 'down', databaseSince: 2, catchingUpSince: 3 };
  const sources = [source('pbx', '2026-11-23T10:05:00.000Z')];
  expect(troubleOf(all, sources)).toEqual({ kind: 'serverUnreachable', since: 1 });
  expect(troubleOf({ ...all, unreachableSince: null }, sources)).toEqual({ kind: 'databaseDown', since: 2 });
  const up: Reach = { ...fine, catchingUpSince: 3 };
  expect(troubleOf(up, sources)).toEqual({ kind: 'catchingUp', since: 3 });
});
