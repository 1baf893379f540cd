import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patternAnswer } from '../../../shared/contract/analytics.ts';
import { patternDaysAnswer } from '../../../shared/contract/patternDays.ts';
import { createHistory, dataOf, type History, RANGE } from '../testing.ts';
import { createExplaining } from './explaining.ts';

/** One cell of a week day by day, against SQL of its own over the facts and against the cell. */

let history: History;
beforeAll(async () => {
  history = await createHistory(500);
});
afterAll(() => history.close());

const days = (parameters: string) =>
  dataOf(history, `/pattern/days?${RANGE}&${parameters}`, patternDaysAnswer);

describe('the days behind a cell of the pattern', () => {
  it.each(['hour', 'interval'] as const)(
    '[T1] [T2] by %s are the visits that entered at that time of that weekday, each day apart',
    async (step) => {
      const { tenantId, ownerSql } = history.test;
      const minutes = step === 'hour' ? 60 : 15;
      const [busiest] = await ownerSql<{ weekday: number; startMinutes: number }[]>`
        select extract(isodow from local)::int as weekday,
          (extract(hour from local)::int * 60 + extract(minute from local)::int) / ${minutes}::int * ${minutes}::int as "startMinutes"
        from (select entered_at at time zone 'Europe/Berlin' as local from queue_visits
          where tenant_id = ${tenantId} and outcome <> 'refused') as visit
        group by 1, 2 order by count(*) desc, 1, 2 limit 1`;
      if (busiest === undefined) throw new Error('there are no visits');
      const { weekday, startMinutes } = busiest;
      const expected = await ownerSql`
        select day::date::text as date, count(v.call_id)::int as offered,
          count(v.call_id) filter (where v.outcome = 'answered')::int as answered
        from generate_series('2026-09-28'::timestamp, '2026-11-03', '1 day') as day
        left join queue_visits as v on v.tenant_id = ${tenantId} and v.outcome <> 'refused'
          and v.entered_at at time zone 'Europe/Berlin' >= day + ${startMinutes}::int * interval '1 minute'
          and v.entered_at at time zone 'Europe/Berlin' < day + ${startMinutes + minutes}::int * interval '1 minute'
        where extract(isodow from day) = ${weekday} group by 1 order by 1`;
      const { data, meta } = await days(`step=${step}&weekday=${weekday}&startMinutes=${startMinutes}`);
      const dateOf = (start: string) =>
        new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin' }).format(Date.parse(start));
      expect(
        data.map(({ start, offered, answered }) => ({ date: dateOf(start), offered, answered })),
      ).toEqual(expected.map((row) => ({ ...row })));

      const cells = await dataOf(history, `/pattern?${RANGE}&step=${step}`, patternAnswer);
      const cell = cells.data.find((row) => row.weekday === weekday && row.startMinutes === startMinutes);
      expect(data.length).toBe(cell?.days);
      expect(data.reduce((sum, { offered }) => sum + offered, 0)).toBe(cell?.offered);
      expect(data.reduce((sum, { signedInMs }) => sum + signedInMs, 0)).toBe(cell?.signedInMs);
      const row = data.find(({ offered }) => offered > 0);
      if (row === undefined) throw new Error('nothing in the busiest cell');
      await createExplaining(history).expectExplained(meta.explain, row, [
        'offered',
        'serviceLevel',
        'asaMs',
      ]);
    },
  );

  it('[T1] has the hour that a clock shows twice as two rows', async () => {
    const { data } = await days('weekday=7&startMinutes=120');
    expect(data.map(({ start }) => start)).toEqual([
      '2026-10-04T00:00:00.000Z',
      '2026-10-11T00:00:00.000Z',
      '2026-10-18T00:00:00.000Z',
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T01:00:00.000Z',
      '2026-11-01T01:00:00.000Z',
    ]);
    const { data: none } = await dataOf(
      history,
      '/pattern/days?startDate=2026-03-29&endDate=2026-03-29&weekday=7&startMinutes=120',
      patternDaysAnswer,
    );
    expect(none).toEqual([]);
  });

  it('tells the weekday by the clock of another zone', async () => {
    const { data } = await days('weekday=3&startMinutes=120&timeZone=Asia/Kolkata');
    expect(data[0]?.start).toBe('2026-09-29T20:30:00.000Z');
    expect(data).toHaveLength(5);
  });

  it('refuses what is no cell, and says of what', async () => {
    for (const [query, field] of [
      ['weekday=8&startMinutes=0', 'weekday'],
      ['weekday=one&startMinutes=0', 'weekday'],
      ['startMinutes=0', 'weekday'],
      ['weekday=1', 'startMinutes'],
      ['weekday=1&startMinutes=15', 'startMinutes'],
      ['weekday=1&startMinutes=7&step=interval', 'startMinutes'],
      ['weekday=1&startMinutes=1440', 'startMinutes'],
      ['weekday=1&startMinutes=0&step=day', 'step'],
      ['weekday=1&startMinutes=0&queue=nope', 'queue'],
      ['weekday=1&startMinutes=0&sector=nope', 'sector'],
      ['weekday=1&startMinutes=0&timeZone=Mars/Base', 'timeZone'],
      ['weekday=1&startMinutes=0&groupBy=day', 'groupBy'],
    ] as const) {
      const answer = await history.get(`/pattern/days?${RANGE}&${query}`);
      expect(answer.statusCode, query).toBe(400);
      expect(answer.body, query).toContain(field);
    }
    const tooLong = await history.get(
      '/pattern/days?startDate=2025-01-01&endDate=2026-12-31&weekday=1&startMinutes=0',
    );
    expect(tooLong.statusCode).toBe(400);
  });

  it('[S46] shows whoever is held to a sector his queues alone', async () => {
    await history.addAccount('held-days@example.test', 'supervisor', ['south']);
    const { bearer } = await history.signIn('held-days@example.test');
    const own = await days('weekday=2&startMinutes=600&sector=south');
    const held = await history.get(`/pattern/days?${RANGE}&weekday=2&startMinutes=600`, bearer);
    expect(held.json().data).toEqual(own.data);
    const foreign = await history.get(`/pattern/days?${RANGE}&weekday=2&startMinutes=600&queue=q0`, bearer);
    expect(foreign.statusCode).toBe(400);
  });

  it('is a file, too, and is known by its tag', async () => {
    const file = await history.get(`/pattern/days.csv?${RANGE}&weekday=2&startMinutes=600`);
    expect(file.headers['content-type']).toContain('text/csv');
    expect(file.body.split('\r\n')[0]).toContain('start,end,partial,calls');
    expect(file.body.trim().split('\r\n')).toHaveLength(1 + 6);
    const { headers } = await history.get(`/pattern/days?${RANGE}&weekday=2&startMinutes=600`);
    const { bearer } = await history.signIn('admin@example.test');
    const again = await history.get(`/pattern/days?${RANGE}&weekday=2&startMinutes=600`, {
      ...bearer,
      'if-none-match': String(headers.etag),
    });
    expect(again.statusCode).toBe(304);
  });
});
