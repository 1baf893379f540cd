import { expect, test } from 'vitest';
import type { SourceView } from '../../shared/contract/metrics.ts';
import { type Reach, type Trouble, troubleOf } from './status.ts';

const well: Reach = { unreachableSince: null, database: 'up', databaseSince: null, catchingUpSince: null };
const at = Date.parse('2026-11-23T10:42:00.000Z');

function source(sourceId: string, silentSince: string | null): SourceView {
  const heard = '2026-11-23T10:00:00.000Z';
  return { sourceId, lastEventAt: heard, lastReceivedAt: heard, silentSince };
}

const spoken = source('asterisk', null);
const silent = source('branch', '2026-11-23T10:42:00.000Z');

test.each<[string, Reach, SourceView[], Trouble | null]>([
  ['nothing is wrong', well, [spoken], null],
  ['there is no source yet', well, [], null],
  [
    'one of two sources is silent',
    well,
    [spoken, silent],
    { kind: 'sourceSilent', since: at, source: 'branch' },
  ],
  [
    'the source silent for longest is named',
    well,
    [silent, source('older', '2026-11-23T10:41:00.000Z')],
    { kind: 'sourceSilent', since: at - 60_000, source: 'older' },
  ],
  ['the server folds its log', { ...well, catchingUpSince: at }, [silent], { kind: 'catchingUp', since: at }],
  [
    'the database is down, which explains the rest',
    { ...well, database: 'down', databaseSince: at, catchingUpSince: at },
    [silent],
    { kind: 'databaseDown', since: at },
  ],
  [
    'the server is unreachable: what it last said of its database is old',
    { ...well, unreachableSince: at, database: 'down', databaseSince: at - 1 },
    [silent],
    { kind: 'serverUnreachable', since: at },
  ],
])('[L9] %s', (_claim, reach, sources, trouble) => {
  expect(troubleOf(reach, sources)).toEqual(trouble);
});
