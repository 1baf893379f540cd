import { beforeAll, describe, expect, it, vi } from 'vitest';
import { behindAddress, callAddress } from './behind.ts';
import { callsQueryOf, callsViewOf, hasDays, periodName } from './callsView.ts';
import { legsChoiceOf, legsQueryOf } from './legsView.ts';

beforeAll(() => {
  vi.stubGlobal('navigator', { languages: ['en-GB'] });
  return () => vi.unstubAllGlobals();
});

const berlin = { timeZone: 'Europe/Berlin', weekStart: 1, dayStartMinutes: 0 };
const nightShift = { ...berlin, dayStartMinutes: 6 * 60 };

/** Commas, and spaces around a dash, are by which ICU it is. */
const named = (...of: Parameters<typeof periodName>): string =>
  periodName(...of)
    .replace(/,?\s+/g, ' ')
    .replace(/ ?– ?/, '–');

describe('the period of a list', () => {
  it.each([
    ['whole days', 'from=2026-10-13T22:00:00Z&to=2026-10-15T22:00:00Z', '14–15 Oct 2026', true],
    ['a day', 'from=2026-10-13T22:00:00Z&to=2026-10-14T22:00:00Z', 'Wednesday 14 October 2026', false],
    ['a day of 25 hours', 'from=2026-10-24T22:00Z&to=2026-10-25T23:00Z', 'Sunday 25 October 2026', false],
    ['a month', 'from=2026-09-30T22:00:00Z&to=2026-10-31T23:00:00Z', 'October 2026', true],
    ['days by date', 'start=2026-10-14&end=2026-10-15', '14–15 Oct 2026', true],
    ['a quarter', 'from=2026-10-14T08:00:00Z&to=2026-10-14T08:15:00Z', '14 Oct 2026 10:00–10:15', false],
    [
      'days of another zone',
      'from=2026-10-14T00:00:00Z&to=2026-10-15T00:00:00Z',
      '14 Oct 2026 02:00–15 Oct 2026 02:00',
      true,
    ],
  ])('%s is told by its days, and its rows where they are several', (_what, query, name, days) => {
    const { asked, problems } = callsViewOf(query, '2026-11-30', berlin);
    expect(problems).toEqual([]);
    expect(named(asked, berlin)).toBe(name);
    expect(hasDays(asked.view)).toBe(days);
  });

  it('[T1] is whole days by when they begin there', () => {
    const { asked } = callsViewOf('from=2026-10-14T04:00Z&to=2026-10-15T04:00Z', '2026-11-30', nightShift);
    expect(named(asked, nightShift)).toBe('Wednesday 14 October 2026');
    expect(hasDays(asked.view)).toBe(false);
    expect(named(asked, berlin)).toBe('14 Oct 2026 06:00–15 Oct 2026 06:00');
  });
});

describe('the address of a list', () => {
  it('asks for missed rings where it says nothing, and tells what it cannot ask for', () => {
    expect(legsChoiceOf('')).toEqual({ kind: 'missed', isOfQueues: false, problems: [] });
    expect(legsChoiceOf('kind=outbound&ofQueues=true')).toEqual({
      kind: 'outbound',
      isOfQueues: true,
      problems: [],
    });
    expect(legsChoiceOf('kind=outbuond').problems).toEqual([{ kind: 'choice', value: 'outbuond' }]);
    const { asked, problems } = callsViewOf('outcome=gone', '2026-11-30', berlin);
    expect(asked.outcome).toBeNull();
    expect(problems).toEqual([{ kind: 'choice', value: 'gone' }]);
  });

  it('asks of legs what calls and legs share, and nothing of calls alone', () => {
    const query =
      'kind=outbound&ofQueues=true&from=2026-10-14T08:00:00Z&to=2026-10-15T08:00:00Z&queue=a&queue=b&agent=Ann' +
      '&counted=met&threshold=30&outcome=answered&minWaitMs=5&callId=c';
    const { asked } = callsViewOf(query, '2026-11-30', berlin);
    expect([...legsQueryOf(asked, legsChoiceOf(query))]).toEqual([
      ['from', '2026-10-14T08:00:00.000Z'],
      ['to', '2026-10-15T08:00:00.000Z'],
      ['queue', 'a'],
      ['queue', 'b'],
      ['agent', 'Ann'],
      ['kind', 'outbound'],
      ['ofQueues', 'true'],
    ]);
  });
});

describe('what is behind a figure', () => {
  const tokyo = { ...berlin, timeZone: 'Asia/Tokyo' };
  const stretch = 'from=2026-10-13T15%3A00%3A00.000Z&to=2026-10-14T15%3A00%3A00.000Z';

  it('[T1] is told by the clock of the zone whose days the figure is of, and asked for by instants alone', () => {
    const href = `/api/v1/calls?${stretch}&counted=abandoned`;
    const [page, query = ''] = behindAddress({ href }, 'Asia/Tokyo').split('?');
    expect(page).toBe('#/calls');
    const { asked } = callsViewOf(query, '2026-11-30', tokyo);
    expect(asked.view).toMatchObject({
      timeZone: 'Asia/Tokyo',
      range: { startDate: '2026-10-14', endDate: '2026-10-14' },
    });
    expect(callsQueryOf(asked).has('timeZone')).toBe(false);
    expect(behindAddress({ href }, null)).toBe(`#/calls?${stretch}&counted=abandoned`);
  });

  it('is rings or outbound calls on the page of those, reviews on the one of quality', () => {
    expect(behindAddress({ href: `/api/v1/legs?kind=missed&${stretch}` }, 'Asia/Tokyo')).toBe(
      `#/legs?kind=missed&${stretch}&timeZone=Asia%2FTokyo`,
    );
    const reviews = '/api/v1/analytics/quality/scores?startDate=2026-10-01&endDate=2026-10-31&passed=true';
    expect(behindAddress({ href: reviews }, null)).toBe(
      '#/quality?passed=true&start=2026-10-01&end=2026-10-31&tab=scores',
    );
  });

  it('goes on to one call by the same clock', () => {
    expect(callAddress('a b', null)).toBe('#/calls/a%20b');
    expect(callAddress('a b', 'Asia/Tokyo')).toBe('#/calls/a%20b?timeZone=Asia%2FTokyo');
  });
});
