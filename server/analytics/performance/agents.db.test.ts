import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { agentAnswer, agentsAnswer, topAnswer } from '../../../shared/contract/analytics.ts';
import { createHistory, dataOf, type History, RANGE } from '../testing.ts';

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
        count(*) filter (where kind = 'answered' and is_transferred)::int as transferred,
        avg(coalesce(talk_ms, 0) + coalesce(hold_ms, 0) + wrap_up_ms)
          filter (where kind = 'answered' and talk_ms is not null and handled_at is not null)::float8 as "ahtMs"
      from agent_metrics where tenant_id = ${tenantId} and identity = ${identity}
        and (${queue}::text is null or queue_id = ${queue})`;
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
    for (const { agentId, ahtMs, ...row } of answer.data) {
      const { ahtMs: expectedAht, ...counts } = await expectedOf(agentId, queue);
      expect(row).toMatchObject(counts);
      expect(ahtMs).toBeCloseTo(expectedAht, 6);
    }
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
});
