import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentAnswer, agentDaysAnswer } from '../../../shared/contract/analytics.ts';
import { createHistory, dataOf, type History, RANGE } from '../testing.ts';
import { createExplaining } from './explaining.ts';

/** An agent's days, against SQL of its own over timelines and legs. */

let history: History;
beforeAll(async () => {
  history = await createHistory(400);
  const { ownerSql, tenantId } = history.test;
  // Two reasons, and none: a reason is no part of a roll-up.
  await ownerSql`
    update agent_intervals set reason = case extract(hour from started_at)::int % 3 when 0 then 'lunch' when 1 then 'training' end
    where tenant_id = ${tenantId} and state = 'paused'`;
});
afterAll(() => history.close());

const daysOf = (who: string, range = RANGE) =>
  dataOf(history, `/agents/${who}/days?${range}`, agentDaysAnswer);

describe('the days of an agent', () => {
  it('[A1] [T1] are told by the local clock: when he came and went, how time passed, pauses by reason', async () => {
    const { ownerSql, tenantId } = history.test;
    const expected = await ownerSql`
      with piece as (
        select *, (started_at at time zone 'Europe/Berlin')::date::text as date,
          (extract(epoch from ended_at - started_at) * 1000)::float8 as ms
        from agent_intervals where tenant_id = ${tenantId} and identity = 'a0' and ended_at is not null
      ), pause as (
        select date, reason, sum(ms)::float8 as ms from piece where state = 'paused' group by 1, 2 having sum(ms) > 0
      )
      select date, min(started_at) as "from", max(ended_at) as "to",
        sum(ms)::float8 as "signedInMs", coalesce(sum(ms) filter (where state = 'paused'), 0)::float8 as "pausedMs",
        coalesce(sum(ms) filter (where state = 'talking' and reason = 'outbound'), 0)::float8 as "outboundMs",
        (select coalesce(jsonb_object_agg(coalesce(reason, '–'), ms), '{}') from pause where pause.date = piece.date) as pauses
      from piece group by 1 order by 1`;
    const { data } = await daysOf('a0');
    const there = data.filter(({ signedInMs }) => signedInMs > 0);
    expect(there.some(({ pauses }) => pauses.length > 1)).toBe(true);
    expect(
      there.map(({ date, firstSignedInAt, lastSignedInAt, signedInMs, pausedMs, outboundMs, pauses }) => ({
        ...{ date, from: firstSignedInAt, to: lastSignedInAt, signedInMs, pausedMs, outboundMs },
        pauses: Object.fromEntries(pauses.map(({ reason, ms }) => [reason ?? '–', ms])),
      })),
    ).toEqual(
      expected.map(({ from, to, ...row }) => ({ ...row, from: from.toISOString(), to: to.toISOString() })),
    );
    for (const { pauses, pausedMs } of data) {
      expect(pauses.reduce((sum, { ms }) => sum + ms, 0)).toBe(pausedMs);
      expect([...pauses].sort((a, b) => b.ms - a.ms)).toEqual(pauses);
    }
  });

  it('[A2] [A6] add up to the agent, each by his own name, and only days on which he did anything are there', async () => {
    const { data } = await daysOf('a1');
    const { data: whole } = await dataOf(history, `/agents/a1?${RANGE}`, agentAnswer);
    for (const metric of [
      'answered',
      'handled',
      'missedRings',
      'outbound',
      'signedInMs',
      'talkMs',
      'pausedMs',
    ] as const)
      expect(
        data.reduce((sum, row) => sum + row[metric], 0),
        metric,
      ).toBe(whole[metric]);
    const { ownerSql, tenantId } = history.test;
    const [counted] = await ownerSql`
      select count(distinct date)::int as days from (
        select (started_at at time zone 'Europe/Berlin')::date as date from agent_intervals
        where tenant_id = ${tenantId} and identity = 'a1'
        union select (counted_at at time zone 'Europe/Berlin')::date from agent_metrics
        where tenant_id = ${tenantId} and identity = 'a1') as d`;
    expect(data).toHaveLength(counted?.days);
    expect((await daysOf('a1', 'startDate=2026-10-25&endDate=2026-10-25')).data).toEqual(
      data.filter(({ date }) => date === '2026-10-25'),
    );
  });

  it('[T4] each figure is explained by the answer’s own address, filled with its day', async () => {
    const { data, meta } = await daysOf('a0');
    const { expectExplained } = createExplaining(history);
    for (const row of data.slice(0, 3))
      await expectExplained(meta.explain, row, ['answered', 'ahtMs', 'missedRings', 'pausedMs', 'occupancy']);
    expect((await history.get(`/agents/nobody/days?${RANGE}`)).statusCode).toBe(404);
  });
});
