import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trendsAnswer } from '../../../shared/contract/analytics.ts';
import { DEFINITIONS } from '../../../shared/contract/metrics.ts';
import { onTargetAnswer } from '../../../shared/contract/onTarget.ts';
import { createHistory, dataOf, type History } from '../testing.ts';

/** Intervals on target, against SQL of its own over the facts, and against the intervals themselves as a trend has them. */

const RANGE = 'startDate=2026-10-05&endDate=2026-10-31';

let history: History;
beforeAll(async () => {
  history = await createHistory(900);
  const { ownerSql, tenantId } = history.test;
  await ownerSql`
    update settings set service_level_target = 0.6, version = version + 1 where tenant_id = ${tenantId}`;
  await ownerSql`
    update queues set service_level_target = 0.9 where tenant_id = ${tenantId} and id = 'q1'`;
});
afterAll(() => history.close());

const onTarget = (query: string) => dataOf(history, `/on-target?${RANGE}${query}`, onTargetAnswer);

/** [SL7], whose formula is the shortest; q1 answers within 15 s, the others within 20. By interval and then by what is asked for. */
async function expected(by: 'queue' | 'day' | 'hour', queues = ['q0', 'q1', 'q2']) {
  const { ownerSql, tenantId } = history.test;
  const rows = await ownerSql<{ name: string; intervals: number; onTarget: number }[]>`
    with visit as (
      select queue_id, entered_at at time zone 'Europe/Berlin' as local, date_bin('15 minutes', entered_at, 'epoch') as step,
        wait_ms <= case queue_id when 'q1' then 15000 else 20000 end as is_met
      from queue_visits where tenant_id = ${tenantId} and outcome = 'answered' and origin <> 'callback' and queue_id = any(${queues})
        and entered_at at time zone 'Europe/Berlin' >= '2026-10-05' and entered_at at time zone 'Europe/Berlin' < '2026-11-01'
    ), step as (
      select ${by === 'queue' ? ownerSql`queue_id` : by === 'day' ? ownerSql`local::date::text` : ownerSql`extract(isodow from local) || ' ' || extract(hour from local) * 60`} as name,
        step, avg(is_met::int)::float8 as level, ${by === 'queue' ? ownerSql`case queue_id when 'q1' then 0.9 else 0.6 end` : ownerSql`0.6`} as target
      from visit group by name, step, target
    )
    select name, count(*)::int as intervals, (count(*) filter (where level >= target))::int as "onTarget" from step group by 1 order by 1`;
  return rows.map((row) => ({ ...row }));
}

function shown({ data }: Awaited<ReturnType<typeof onTarget>>) {
  return data
    .map((row) => ({
      name: 'queueId' in row ? row.queueId : 'date' in row ? row.date : `${row.weekday} ${row.startMinutes}`,
      intervals: row.intervals,
      onTarget: row.onTarget,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

describe('[SL8] share of intervals on target', () => {
  it.each(['queue', 'day', 'hour'] as const)('by %s are the intervals that kept it', async (by) => {
    const answer = await onTarget(`&definition=asterisk&groupBy=${by}`);
    const rows = (await expected(by)).sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(shown(answer)).toEqual(rows);
    expect(rows.some((row) => row.onTarget > 0 && row.onTarget < row.intervals)).toBe(true);
    for (const row of answer.data) expect(row.onTargetShare).toBe(row.onTarget / row.intervals);
    if (by === 'queue') expect(answer.data.map(({ target }) => target)).toEqual([0.6, 0.9, 0.6]);
    const all = await expected('day');
    expect(answer.meta.total).toMatchObject({
      target: 0.6,
      intervals: all.reduce((sum, row) => sum + row.intervals, 0),
      onTarget: all.reduce((sum, row) => sum + row.onTarget, 0),
    });
  });

  it('by any definition agrees with the intervals of a trend, of all, of a sector and of one queue by its own target', async () => {
    for (const definition of DEFINITIONS) {
      for (const [filter, target] of [
        ['', 0.6],
        ['&sector=north', 0.6],
        ['&queue=q1', 0.9],
      ] as const) {
        const { meta } = await onTarget(`&definition=${definition}${filter}`);
        const { data } = await dataOf(
          history,
          `/trends?${RANGE}&groupBy=interval&definition=${definition}${filter}`,
          trendsAnswer,
        );
        const levels = data.map(({ serviceLevel }) => serviceLevel).filter((level) => level !== null);
        expect(meta.total, definition + filter).toMatchObject({
          target,
          intervals: levels.length,
          onTarget: levels.filter((level) => level >= target).length,
        });
      }
    }
  });

  it('[S46] whoever is held to a sector sees its queues alone', async () => {
    await history.addAccount('held-target@example.test', 'supervisor', ['south']);
    const { bearer } = await history.signIn('held-target@example.test');
    const answer = await history.get(`/on-target?${RANGE}&definition=asterisk`, bearer);
    const [row] = await expected('queue', ['q2']);
    expect(answer.json().data).toMatchObject([{ queueId: 'q2', intervals: row?.intervals }]);
    for (const query of ['queue=q0', 'sector=north'])
      expect((await history.get(`/on-target?${RANGE}&${query}`, bearer)).statusCode, query).toBe(400);
  });

  it('is a file; refuses more than a quarter of a year, and what it does not know', async () => {
    const file = await history.get(`/on-target.csv?${RANGE}&groupBy=hour`);
    expect(file.body.split('\r\n')[0]).toContain(
      'weekday,startMinutes,target,intervals,onTarget,onTargetShare',
    );
    for (const [query, field] of [
      ['startDate=2026-01-01&endDate=2026-11-03', 'endDate'],
      [`${RANGE}&groupBy=week`, 'groupBy'],
      [`${RANGE}&threshold=20`, 'threshold'],
      [`${RANGE}&definition=mine`, 'definition'],
      [`${RANGE}&queue=nope`, 'queue'],
    ] as const) {
      const answer = await history.get(`/on-target?${query}`);
      expect(answer.statusCode, query).toBe(400);
      expect(answer.body, query).toContain(field);
    }
  });
});
