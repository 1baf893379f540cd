import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comparisonOf,
  DEFAULT_VIEW,
  daysIn,
  explaining,
  queryOf,
  stepsFor,
  TABS,
  viewOf,
  withKnown,
} from './view.ts';

describe('an address', () => {
  const id = fc.string({ minLength: 1, maxLength: 20 });
  const view = fc.record({
    range: fc.constantFrom('today', 'last30', { startDate: '2026-02-01', endDate: '2026-03-15' } as const),
    compare: fc.constantFrom(null, 'none', 'previous', 'lastYear', 'sameWeekday'),
    queues: fc.uniqueArray(id, { maxLength: 3 }),
    sectors: fc.uniqueArray(id, { maxLength: 3 }),
    agent: fc.option(id),
    definition: fc.constantFrom(null, 'strict', 'cisco_ignored'),
    threshold: fc.option(fc.integer({ min: 0, max: 600 })),
    shortAbandon: fc.option(fc.integer({ min: 0, max: 600 })),
    timeZone: fc.constantFrom(null, 'Asia/Tokyo'),
    step: fc.constantFrom(null, 'hour', 'week'),
    metric: fc.constantFrom('serviceLevel', 'asaMs'),
    tab: fc.constantFrom(...TABS),
    within: fc.constantFrom(null, 0, 45),
    by: fc.constantFrom('queue', 'agent', 'route', 'day', 'hour'),
    cell: fc.constantFrom(null, { weekday: 7, startMinutes: 0 }, { weekday: 2, startMinutes: 615 }),
    explain: fc.constantFrom(null, { metric: 'offered', row: null }, { metric: 'waitP90Ms', row: 'a b&c' }),
    sort: fc.option(fc.record({ column: fc.constantFrom('name', 'asaMs'), isDescending: fc.boolean() })),
  });

  it('holds every choice: what is read back is what was chosen', () => {
    fc.assert(
      fc.property(view, (chosen) => {
        expect(viewOf(queryOf(chosen as never))).toEqual({ view: chosen, problems: [] });
      }),
    );
  });

  it('of a figure opens how that one came about, of the one that is open closes it, and keeps the rest', () => {
    const row = fc.option(id);
    fc.assert(
      fc.property(view, fc.constantFrom('offered', 'waitP90Ms'), row, (chosen, metric, of) => {
        const { href, isOpen } = explaining(chosen as never)(metric, of);
        const isThis = chosen.explain?.metric === metric && chosen.explain.row === of;
        expect(isOpen).toBe(isThis);
        const [, query = ''] = href.split('?');
        expect(viewOf(query).view).toEqual({ ...chosen, explain: isThis ? null : { metric, row: of } });
      }),
    );
  });

  it('is empty for what is usual, and any text is a view', () => {
    expect(queryOf(DEFAULT_VIEW)).toBe('');
    fc.assert(fc.property(fc.string(), (text) => void expect(TABS).toContain(viewOf(text).view.tab)));
  });

  it.each([
    ['start=2026-03-02&end=2026-03-01', 'reversed', { startDate: '2026-03-01', endDate: '2026-03-02' }],
    ['start=2026-02-30&end=2026-03-01', 'date', 'last30'],
    ['start=yesterday', 'date', 'last30'],
    ['start=2001-01-01&end=2026-01-01', 'tooLong', 'last30'],
    ['range=lastMonth&tab=nonsense', 'tab', 'lastMonth'],
    ['timeZone=Mars/Phobos', 'zone', 'last30'],
    ['timeZone=%2B02:00', 'zone', 'last30'],
    ['threshold=601', 'choice', 'last30'],
    ['threshold=-1', 'choice', 'last30'],
    ['definition=mine', 'choice', 'last30'],
    ['range=always', 'choice', 'last30'],
    ['by=sector', 'choice', 'last30'],
    ['cell=8-600', 'choice', 'last30'],
    ['cell=1-1440', 'choice', 'last30'],
    ['cell=1-7', 'choice', 'last30'],
    ['cell=monday', 'choice', 'last30'],
  ])('%s is told as %s, and a page all the same', (query, kind, range) => {
    const { view, problems } = viewOf(query);
    expect(problems.map((problem) => problem.kind)).toEqual([kind]);
    expect(view.range).toEqual(range);
  });

  it('a day alone stands for itself', () => {
    expect(viewOf('start=2026-03-01').view.range).toEqual({ startDate: '2026-03-01', endDate: '2026-03-01' });
  });

  it('queues and sectors there are none of are left out, and named', () => {
    const asked = viewOf('queue=a&queue=b&sector=c').view;
    const { view, problems } = withKnown(asked, { queues: new Set(['b']), sectors: new Set() });
    expect([view.queues, view.sectors]).toEqual([['b'], []]);
    expect(problems).toEqual([
      { kind: 'queue', value: 'a' },
      { kind: 'sector', value: 'c' },
    ]);
    const all = withKnown(asked, { queues: new Set(asked.queues), sectors: new Set(asked.sectors) });
    expect(all.view).toBe(asked);
  });
});

describe('what suits a range', () => {
  const days = (startDate: string, endDate: string) => ({ startDate, endDate });

  it.each([
    [days('2026-11-30', '2026-11-30'), 'interval', 'sameWeekday'],
    [days('2026-11-01', '2026-11-30'), 'day', 'previous'],
    [days('2026-07-01', '2026-11-30'), 'week', 'previous'],
    [days('2026-01-01', '2026-12-31'), 'month', 'previous'],
  ])('%j is told by %s and compared to %s', (range, step, comparison) => {
    expect(stepsFor({ step: null }, range).step).toBe(step);
    expect(comparisonOf({ compare: null }, range)).toBe(comparison);
    expect(comparisonOf({ compare: 'none' }, range)).toBeNull();
  });

  it('a step too short for the range is not offered, nor taken from a link', () => {
    const { step, possible } = stepsFor({ step: 'interval' }, days('2026-01-01', '2026-12-31'));
    expect(possible).toEqual(['hour', 'day', 'week', 'month']);
    expect(step).toBe('month');
  });

  it('days by name move with today', () => {
    expect(daysIn({ ...DEFAULT_VIEW, range: 'yesterday' }, '2026-03-01', 1)).toEqual(
      days('2026-02-28', '2026-02-28'),
    );
  });
});
