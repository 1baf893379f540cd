import { expect, test } from 'vitest';
import type { HealthKind } from '../../../shared/contract/importerHealth.ts';
import { addressOfSources, bySource, daysTold, sourcesViewOf, strengthOf } from './sourcesView.ts';

const row = (source: string, day: string, kind: HealthKind, count: number) => ({
  source,
  day,
  kind,
  count,
  firstAt: `${day}T09:00:00.000Z`,
  lastAt: `${day}T10:00:00.000Z`,
  example: null,
});

test('an address is read as it was written; without one it is the last thirty days', () => {
  const days = { startDate: '2026-11-01', endDate: '2026-11-20' };
  const opened = { source: 'pbx 1', kind: 'ghost', day: '2026-11-02' };
  const query = addressOfSources(days, opened).split('?')[1] ?? '';
  expect(sourcesViewOf(query, '2026-11-30')).toEqual({ view: { days, ...opened }, problems: [] });
  expect(sourcesViewOf('', '2026-11-30').view.days).toEqual({
    startDate: '2026-11-01',
    endDate: '2026-11-30',
  });
});

test.each([
  ['start=2026-11-20&end=2026-11-01', 'reversed', { startDate: '2026-11-01', endDate: '2026-11-20' }],
  ['start=2026-02-30&end=2026-11-30', 'date', { startDate: '2026-11-01', endDate: '2026-11-30' }],
  ['start=2025-01-01&end=2026-11-30', 'tooManyDays', { startDate: '2026-08-31', endDate: '2026-11-30' }],
  ['kind=nonsense', 'choice', { startDate: '2026-11-01', endDate: '2026-11-30' }],
])('what cannot be is left out and told: %s', (query, kind, days) => {
  const { view, problems } = sourcesViewOf(query, '2026-11-30');
  expect(problems.map((problem) => problem.kind)).toEqual([kind]);
  expect(view.days).toEqual(days);
});

test('a source has the kinds that were counted, what was told always; others are none of its', () => {
  const told = bySource([
    row('b', '2026-11-01', 'events', 100),
    row('a', '2026-11-01', 'ghost', 2),
    row('a', '2026-11-02', 'ghost', 3),
  ]);
  expect(told.map(({ source, kinds }) => [source, kinds])).toEqual([
    ['a', ['events', 'visits', 'ghost']],
    ['b', ['events', 'visits']],
  ]);
  expect(told[0]?.total('ghost')).toBe(5);
  expect(daysTold(told)).toEqual({ odd: 2, all: 2 });
  expect(daysTold(told.slice(1))).toEqual({ odd: 0, all: 1 });
});

test('colour is by the share of the day, never none of what is odd, and none of what costs nothing', () => {
  const [told] = bySource([
    row('a', '2026-11-01', 'visits', 10_000),
    row('a', '2026-11-01', 'ghost', 1),
    row('a', '2026-11-01', 'lost', 50),
    row('a', '2026-11-01', 'gap', 1),
    row('a', '2026-11-01', 'duplicate', 9_000),
  ]);
  if (!told) throw new Error('No source.');
  const of = (kind: HealthKind) => strengthOf(told, kind, '2026-11-01', 20_000);
  expect([of('visits'), of('ghost'), of('lost'), of('gap'), of('duplicate'), of('note')]).toEqual([
    0.5, 0.25, 0.5, 1, 0, 0,
  ]);
});
