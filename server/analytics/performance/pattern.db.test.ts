import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patternAnswer, summaryAnswer } from '../../../shared/contract/analytics.ts';
import { createHistory, dataOf, type History, RANGE } from '../testing.ts';

/** Days laid over one week, against SQL of its own over the facts. */

let history: History;
beforeAll(async () => {
  history = await createHistory(500);
});
afterAll(() => history.close());

const pattern = (parameters = '') => dataOf(history, `/pattern?${RANGE}${parameters}`, patternAnswer);

describe('the pattern of a week', () => {
  it.each([
    ['hour', 60],
    ['interval', 15],
  ])(
    '[T5] by %s adds up to the visits of each weekday and time, and is the ratio of sums',
    async (step, minutes) => {
      const { tenantId, ownerSql } = history.test;
      const expected = await ownerSql`
      with visit as (
        select *, entered_at at time zone 'Europe/Berlin' as local, wait_ms <= 12000 as is_within, origin <> 'callback' as measured
        from queue_visits where tenant_id = ${tenantId} and outcome <> 'refused'
      )
      select extract(isodow from local)::int as weekday,
        (extract(hour from local)::int * 60 + extract(minute from local)::int) / ${minutes}::int * ${minutes}::int as "startMinutes",
        count(*)::int as offered, count(*) filter (where outcome = 'answered')::int as answered,
        (count(*) filter (where measured and outcome = 'answered' and is_within))::float8
          / nullif(count(*) filter (where outcome = 'answered' and measured), 0) as "serviceLevel"
      from visit group by 1, 2 order by 1, 2`;
      const { data, meta } = await pattern(`&step=${step}&threshold=12&definition=asterisk`);
      expect(meta.stepMinutes).toBe(minutes);
      expect(
        data
          .filter(({ offered }) => offered > 0)
          .map(({ weekday, startMinutes, offered, answered, serviceLevel }) => ({
            weekday,
            startMinutes,
            offered,
            answered,
            serviceLevel,
          })),
      ).toEqual(expected.map((row) => ({ ...row })));
    },
  );

  it('counts how many of each weekday there were, and all of the time once', async () => {
    const { data } = await pattern();
    const days = new Map(data.map((row) => [row.weekday, row.days]));
    // From Monday, 28 September to Tuesday, 3 November.
    expect([...days].sort()).toEqual([
      [1, 6],
      [2, 6],
      [3, 5],
      [4, 5],
      [5, 5],
      [6, 5],
      [7, 5],
    ]);
    const whole = (await dataOf(history, `/summary?${RANGE}`, summaryAnswer)).data;
    const sum = (of: (row: (typeof data)[number]) => number) =>
      data.reduce((total, row) => total + of(row), 0);
    expect(sum(({ offered }) => offered)).toBe(whole.offered);
    expect(sum(({ signedInMs }) => signedInMs)).toBe(whole.signedInMs);
  });

  it('tells weekday and time by the clock of another zone', async () => {
    const { tenantId, ownerSql } = history.test;
    const [night] = await ownerSql`
      select count(*)::int as offered from queue_visits
      where tenant_id = ${tenantId} and outcome <> 'refused'
        and extract(isodow from entered_at at time zone 'Asia/Tokyo') = 3
        and extract(hour from entered_at at time zone 'Asia/Tokyo') = 2`;
    const { data } = await pattern('&timeZone=Asia/Tokyo');
    expect(
      data.find(({ weekday, startMinutes }) => weekday === 3 && startMinutes === 120)?.offered ?? 0,
    ).toBe(night?.offered);
  });

  it('takes a year and no more, and a step there is', async () => {
    for (const query of [
      'startDate=2025-01-01&endDate=2026-12-31',
      `${RANGE}&step=day`,
      `${RANGE}&queue=nope`,
    ]) {
      expect((await history.get(`/pattern?${query}`)).statusCode, query).toBe(400);
    }
  });
});
