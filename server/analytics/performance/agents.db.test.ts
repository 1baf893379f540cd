import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  agentAnswer,
  agentsAnswer,
  RANKED,
  type RankedMetric,
  topAnswer,
} from '../../../shared/contract/analytics.ts';
import { moveMarks } from '../../history/retention/marks.ts';
import { createHistory, dataOf, type History, RANGE } from '../testing.ts';
import { rankAgents } from './ranking.ts';

/** Agents' figures and their ranking, against SQL over their legs. */

let history: History;

beforeAll(async () => {
  history = await createHistory();
});
afterAll(() => history.close());

const data = <T extends z.ZodType>(address: string, schema: T) => dataOf(history, address, schema);

describe('agents', () => {
  const expectedOf = async (identity: string, queue: string | null) => {
    const { ownerSql, tenantId } = history.test;
    const [row] = await ownerSql`
      select count(*) filter (where kind = 'answered')::int as answered,
        count(*) filter (where kind = 'missed')::int as "missedRings",
        count(v) filter (where v.origin = 'callback')::int as "callbackAnswered",
        (avg(v.wait_ms) filter (where v.origin <> 'callback'))::float8 as "asaMs",
        count(*) filter (where kind = 'answered' and m.is_transferred)::int as transferred,
        avg(coalesce(m.talk_ms, 0) + coalesce(m.hold_ms, 0) + m.wrap_up_ms)
          filter (where kind = 'answered' and m.talk_ms is not null and m.handled_at is not null)::float8 as "ahtMs"
      from agent_metrics m left join queue_visits v on m.kind = 'answered' and v.tenant_id = m.tenant_id
        and v.call_id = m.call_id and v.nth = m.nth
      where m.tenant_id = ${tenantId} and m.identity = ${identity} and (${queue}::text is null or m.queue_id = ${queue})`;
    return row ?? {};
  };

  it.each([null, 'q1'])('are what their legs add up to, of queue %s', async (queue) => {
    const answer = await data(`/agents?${RANGE}${queue === null ? '' : `&queue=${queue}`}`, agentsAnswer);
    expect(answer.data.map(({ agentId, name }) => [agentId, name])).toEqual([
      ['a0', 'Ann'],
      ['a1', 'Bob'],
      ['a2', 'Cid'],
      ['a3', 'a3'],
    ]);
    for (const { agentId, ahtMs, asaMs, ...row } of answer.data) {
      const { ahtMs: expectedAht, asaMs: expectedAsa, ...counts } = await expectedOf(agentId, queue);
      expect(row).toMatchObject(counts);
      expect(ahtMs).toBeCloseTo(expectedAht, 6);
      // [V6] [V11] As a queue's: nobody waits in a call of ours.
      expect(asaMs).toBeCloseTo(expectedAsa, 6);
    }
  });

  it('come in parts that are asked for all at once, together the whole list', async () => {
    const whole = await data(`/agents?${RANGE}`, agentsAnswer);
    expect(whole.meta.nextCursors).toEqual([]);
    const first = await data(`/agents?${RANGE}&limit=1`, agentsAnswer);
    const cursors = first.meta.nextCursors;
    expect(cursors[0]).toBe(first.meta.nextCursor);
    const parts = await Promise.all(
      cursors.map((cursor, place) => {
        const until = cursors[place + 1];
        const end = until === undefined ? '' : `&until=${until}`;
        return data(`/agents?${RANGE}&limit=1&cursor=${cursor}${end}`, agentsAnswer);
      }),
    );
    expect(parts.map(({ meta }) => meta.nextCursor)).toEqual(parts.map(() => null));
    expect([...first.data, ...parts.flatMap(({ data }) => data)]).toEqual(whole.data);
    const none = await data(`/agents?${RANGE}&cursor=a1&until=a0`, agentsAnswer);
    expect(none.data).toEqual([]);
  });

  it('come page by page, each once and none from before or after the range', async () => {
    const ids: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await data(`/agents?${RANGE}&limit=1${cursor}`, agentsAnswer);
      ids.push(...page.data.map(({ agentId }) => agentId));
      if (page.meta.nextCursor === null) break;
      cursor = `&cursor=${page.meta.nextCursor}`;
    }
    expect(ids).toEqual(['a0', 'a1', 'a2', 'a3']);
    const before = await data('/agents?startDate=2020-01-01&endDate=2020-02-01', agentsAnswer);
    expect([before.data, before.meta.nextCursor]).toEqual([[], null]);
  });

  it.each([
    ['Asia/Tokyo', '2026-10-07', '2026-10-07', null],
    ['Asia/Tokyo', '2026-10-05', '2026-11-01', 'q1'],
    ['America/St_Johns', '2026-10-05', '2026-10-08', null],
    ['Asia/Kathmandu', '2026-10-24', '2026-10-25', null],
    ['America/New_York', '2026-09-28', '2026-11-02', null],
  ])(
    '[T1] of days of %s are what the facts within them add up to: %s to %s, of queue %s',
    async (...asked) => {
      const [timeZone, startDate, endDate, queue] = asked;
      const { ownerSql, tenantId } = history.test;
      const query = `startDate=${startDate}&endDate=${endDate}&timeZone=${timeZone}${queue === null ? '' : `&queue=${queue}`}`;
      const facts = await ownerSql`
      with range as (
        select ${startDate}::timestamp at time zone ${timeZone} as low,
          (${endDate}::date + 1)::timestamp at time zone ${timeZone} as high
      ), piece as (
        select identity, state, 1000 * extract(epoch from ended_at - started_at) as ms, started_at, ended_at
        from agent_intervals, range where tenant_id = ${tenantId} and started_at >= low and started_at < high
      ), leg as (
        select m.* from agent_metrics m, range where tenant_id = ${tenantId} and counted_at >= low and counted_at < high
          and (${queue}::text is null or queue_id = ${queue})
      )
      select identity as "agentId",
        (select count(*) from leg where identity = i.identity and kind = 'answered')::int as answered,
        (select count(*) from leg where identity = i.identity and kind = 'missed')::int as "missedRings",
        (select avg(wait_ms) from leg where identity = i.identity and kind = 'answered')::float8 as "asaMs",
        (select coalesce(sum(ms), 0) from piece where identity = i.identity)::float8 as "signedInMs",
        (select coalesce(sum(ms), 0) from piece where identity = i.identity and state = 'paused')::float8 as "pausedMs",
        (select (extract(epoch from min(started_at)) * 1000)::float8 from piece where identity = i.identity) as first,
        (select (extract(epoch from max(ended_at)) * 1000)::float8 from piece where identity = i.identity) as last
      from (select identity from leg union select identity from piece where ${queue}::text is null) i order by 1`;
      const { data: rows } = await data(`/agents?${query}`, agentsAnswer);
      const { data: ranked } = await data(`/top?${query}&metric=answered&minimumSample=0`, topAnswer);
      expect(rows.map(({ agentId }) => agentId)).toEqual(facts.map(({ agentId }) => agentId));
      expect(facts.reduce((sum, { signedInMs }) => sum + signedInMs, 0)).toBeGreaterThan(0);
      for (const [i, { asaMs, first, last, ...counts }] of facts.entries()) {
        expect(rows[i]).toMatchObject(counts);
        expect(rows[i]?.asaMs).toBeCloseTo(asaMs, 6);
        expect(rows[i]?.firstSignedInAt ?? null).toBe(first === null ? null : new Date(first).toISOString());
        expect(rows[i]?.lastSignedInAt ?? null).toBe(last === null ? null : new Date(last).toISOString());
        expect(ranked.find(({ agentId }) => agentId === counts.agentId)).toMatchObject(counts);
        if (queue !== null) continue;
        const { data: one } = await data(`/agents/${counts.agentId}?${query}`, agentAnswer);
        expect(one).toMatchObject(rows[i] ?? {});
        expect(one.queues.reduce((sum, { answered }) => sum + answered, 0)).toBe(one.answered);
      }
    },
  );

  it('one of them has his row, and one for each of his queues', async () => {
    const { data: list } = await data(`/agents?${RANGE}&agent=a1`, agentsAnswer);
    const { data: one } = await data(`/agents/a1?${RANGE}`, agentAnswer);
    const { queues, ...row } = one;
    expect([row]).toEqual(list);
    expect(queues.reduce((sum, { answered }) => sum + answered, 0)).toBe(row.answered);
    expect((await history.get(`/agents/nobody?${RANGE}`)).statusCode).toBe(404);
  });

  it('are ranked, a page at a time', async () => {
    const { data: all } = await data(`/agents?${RANGE}`, agentsAnswer);
    const best = [...all].sort((a, b) => (a.ahtMs ?? 0) - (b.ahtMs ?? 0)).map(({ agentId }) => agentId);
    const first = await data(`/top?${RANGE}&metric=ahtMs&limit=3&minimumSample=1`, topAnswer);
    const rest = await data(
      `/top?${RANGE}&metric=ahtMs&limit=3&minimumSample=1&cursor=${first.meta.nextCursor}`,
      topAnswer,
    );
    expect([...first.data, ...rest.data].map(({ rank, agentId }) => [rank, agentId])).toEqual(
      best.map((agentId, place) => [place + 1, agentId]),
    );
    const none = await data(`/top?${RANGE}&metric=ahtMs&minimumSample=100000`, topAnswer);
    expect([none.data, none.meta.belowMinimum]).toEqual([[], 4]);
  });

  it.each(Object.keys(RANKED) as RankedMetric[])(
    'ranked by %s are as their whole rows say',
    async (metric) => {
      const { data: all } = await data(`/agents?${RANGE}`, agentsAnswer);
      const byId = new Map(all.map((row) => [row.agentId, row]));
      for (const order of ['best', 'worst'] as const) {
        const { ranked } = rankAgents(all, { metric, order, minimumSample: 1 });
        const top = await data(`/top?${RANGE}&metric=${metric}&order=${order}&minimumSample=1`, topAnswer);
        expect(top.data).toEqual(ranked.map(({ rank, row }) => ({ ...byId.get(row.agentId), rank })));
      }
    },
  );

  it('of days of another zone of which facts are gone are refused, those of the tenant’s are not', async () => {
    await moveMarks(history.test.db, history.test.tenantId, {
      factsSince: Date.parse('2026-10-01T00:00:00Z'),
    });
    const days = (from: string) => `/agents?startDate=${from}&endDate=2026-10-08`;
    const answer = await history.get(`${days('2026-10-01')}&timeZone=Asia/Tokyo`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.issues).toEqual([
      { path: 'timeZone', message: expect.stringContaining('2026-10-01T00:00:00.000Z') },
    ]);
    for (const address of [`${days('2026-10-02')}&timeZone=Asia/Tokyo`, days('2026-09-28')])
      expect((await history.get(address)).statusCode).toBe(200);
  });
});
