import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shortCallsAnswer } from '../../../shared/contract/shortCalls.ts';
import { createHistory, dataOf, type History, RANGE } from '../testing.ts';
import { createExplaining } from './explaining.ts';

/** Calls under 10 s, against SQL of its own over the facts. */

let history: History;
beforeAll(async () => {
  history = await createHistory(900);
  // Talks of seconds are rare in what is made up: of one in nine, and at either side of the limit.
  const { ownerSql, tenantId } = history.test;
  for (const [rest, ms] of [
    [0, 9_999],
    [1, 10_000],
    [2, 0],
  ] as const)
    await ownerSql`
      update queue_visits set talk_ms = ${ms} where tenant_id = ${tenantId} and outcome = 'answered' and talk_ms is not null
        and mod(abs(hashtext(call_id)), 9) = ${rest}`;
});
afterAll(() => history.close());

const shortCalls = (query: string) => dataOf(history, `/short-calls?${query}`, shortCallsAnswer);

function expected(by: 'queue_id' | 'identity', where = history.test.ownerSql`true`, zone = 'Europe/Berlin') {
  const { ownerSql, tenantId } = history.test;
  return ownerSql<{ name: string; answered: number; shortTalks: number }[]>`
    select ${ownerSql(by)} as name, count(*)::int as answered,
      (count(*) filter (where talk_ms is not null and talk_ms / 1000.0 < 10))::int as "shortTalks"
    from queue_visits where tenant_id = ${tenantId} and outcome = 'answered'
      and entered_at at time zone ${zone} >= '2026-09-28' and entered_at at time zone ${zone} < '2026-11-04'
      and ${where}
    group by 1 order by 1`;
}

describe('[H5] calls under 10 s', () => {
  it('by queue and by agent are the answered visits whose talk was shorter, and their share', async () => {
    const { ownerSql } = history.test;
    for (const [query, by, where, zone] of [
      ['', 'queue_id', ownerSql`true`],
      ['&sector=north', 'queue_id', ownerSql`queue_id in ('q0', 'q1')`],
      ['&queue=q2', 'queue_id', ownerSql`queue_id = 'q2'`],
      ['&groupBy=agent', 'identity', ownerSql`true`],
      ['&groupBy=agent&queue=q1', 'identity', ownerSql`queue_id = 'q1'`],
      ['&groupBy=agent&sector=south', 'identity', ownerSql`identity = 'a2'`],
      ['&groupBy=agent&timeZone=Asia/Tokyo', 'identity', ownerSql`true`, 'Asia/Tokyo'],
      ['&timeZone=America/New_York', 'queue_id', ownerSql`true`, 'America/New_York'],
    ] as const) {
      const { data, meta } = await shortCalls(`${RANGE}${query}`);
      const rows = await expected(by, where, zone);
      const told = data.map((row) => ({
        name: 'queueId' in row ? row.queueId : row.agentId,
        answered: row.answered,
        shortTalks: row.shortTalks,
      }));
      expect(told, query).toEqual(rows.map((row) => ({ ...row })));
      expect(rows.some(({ shortTalks }) => shortTalks > 0)).toBe(true);
      for (const row of data) expect(row.shortTalkRate).toBeCloseTo(row.shortTalks / row.answered, 12);
      const short = rows.reduce((sum, row) => sum + row.shortTalks, 0);
      const answered = rows.reduce((sum, row) => sum + row.answered, 0);
      expect(meta.total).toMatchObject({ answered, shortTalks: short, shortTalkRate: short / answered });
      expect(meta.factsSince).toBeNull();
    }
  });

  it('each figure is explained, and the list behind it is as long as it says', async () => {
    const told = createExplaining(history);
    for (const groupBy of ['queue', 'agent']) {
      const { data, meta } = await shortCalls(`${RANGE}&groupBy=${groupBy}`);
      for (const row of data)
        await told.expectExplained(meta.explain, row, ['answered', 'shortTalks', 'shortTalkRate']);
    }
    const refused = await history.get(`/explain?${RANGE}&metric=shortTalks&agent=a0&threshold=12`);
    expect(refused.statusCode).toBe(400);
  });

  it('[S46] whoever is held to a sector sees its queues alone, and of his agents all they did', async () => {
    await history.addAccount('held-short@example.test', 'supervisor', ['south']);
    const { bearer } = await history.signIn('held-short@example.test');
    const queues = await history.get(`/short-calls?${RANGE}`, bearer);
    expect(queues.json().data.map(({ queueId }: { queueId: string }) => queueId)).toEqual(['q2']);
    const agents = await history.get(`/short-calls?${RANGE}&groupBy=agent`, bearer);
    expect(agents.json().data.map(({ agentId }: { agentId: string }) => agentId)).toEqual(['a2']);
    const { data, meta } = agents.json();
    const told = createExplaining(history);
    const answer = await told.explained(meta.explain, 'shortTalks', data[0], bearer);
    expect(answer.data.value).toBe(data[0].shortTalks);
    const { numerator } = answer.data.calls;
    expect((numerator?.count ?? 0) + (numerator?.unseen ?? 0)).toBe(data[0].shortTalks);
    await told.expectLists(answer, bearer);
    for (const query of ['queue=q0', 'sector=north', 'groupBy=agent&sector=north'])
      expect((await history.get(`/short-calls?${RANGE}&${query}`, bearer)).statusCode, query).toBe(400);
  });

  it('comes page by page with the total of all; is a file; refuses what it does not know', async () => {
    const whole = await shortCalls(RANGE);
    const first = await shortCalls(`${RANGE}&limit=2`);
    const rest = await shortCalls(`${RANGE}&limit=2&cursor=${first.meta.nextCursor}`);
    expect([...first.data, ...rest.data]).toEqual(whole.data);
    expect(first.meta.total).toEqual(whole.meta.total);
    const file = await history.get(`/short-calls.csv?${RANGE}&groupBy=agent&limit=1`);
    const lines = file.body.trim().split('\r\n');
    expect(lines[0]).toContain('agentId,name,sectorId,answered,shortTalks,shortTalkRate');
    expect(lines).toHaveLength(1 + 4);
    for (const [query, field] of [
      ['groupBy=sector', 'groupBy'],
      ['queue=nope', 'queue'],
      ['threshold=20', 'threshold'],
    ] as const) {
      const answer = await history.get(`/short-calls?${RANGE}&${query}`);
      expect(answer.statusCode, query).toBe(400);
      expect(answer.body, query).toContain(field);
    }
  });

  it('of days whose visits are no longer kept it says since when there are any, and counts those', async () => {
    const { ownerSql, tenantId } = history.test;
    const since = '2026-10-31T23:00:00Z';
    await ownerSql`
      insert into retention_marks (tenant_id, facts_since) values (${tenantId}, ${since})
      on conflict (tenant_id) do update set facts_since = excluded.facts_since`;
    try {
      const { data, meta } = await shortCalls(RANGE);
      const rows = await expected('queue_id', ownerSql`entered_at >= ${since}`);
      expect(data.map(({ answered, shortTalks }) => ({ answered, shortTalks }))).toEqual(
        rows.map(({ answered, shortTalks }) => ({ answered, shortTalks })),
      );
      expect(meta.factsSince).toBe('2026-10-31T23:00:00.000Z');
      const [row] = data;
      if (row === undefined) throw new Error('there is no queue');
      const answer = await createExplaining(history).explained(meta.explain, 'shortTalkRate', row);
      expect(answer.data.value).toBe(row.shortTalkRate);
      expect(answer.data.from).toBe('2026-10-31T23:00:00.000Z');
    } finally {
      await ownerSql`delete from retention_marks where tenant_id = ${tenantId}`;
    }
  });
});
