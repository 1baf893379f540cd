import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentsAnswer } from '../../../shared/contract/analytics.ts';
import { AGENT_LINES, type AgentLine } from '../../../shared/contract/analyticsQuery.ts';
import { createHistory, dataOf, type History, RANGE } from '../testing.ts';

/** The small lines of agents, against SQL over their legs. */

let history: History;
beforeAll(async () => {
  history = await createHistory(600);
});
afterAll(() => history.close());

const lines = (query: string) => dataOf(history, `/agents?${query}`, agentsAnswer);

/** By local day in Berlin, or the first day of its week or month. */
async function expected(
  identity: string,
  step: 'day' | 'week' | 'month',
  from: string,
  queue: string | null,
) {
  const { ownerSql, tenantId } = history.test;
  return ownerSql<{ step: string; answered: number; ahtMs: number | null }[]>`
    select greatest(date_trunc(${step}, counted_at at time zone 'Europe/Berlin')::date, ${from}::date)::text as step,
      count(*) filter (where kind = 'answered')::int as answered,
      avg(coalesce(talk_ms, 0) + coalesce(hold_ms, 0) + wrap_up_ms)
        filter (where kind = 'answered' and talk_ms is not null and handled_at is not null)::float8 as "ahtMs"
    from agent_metrics where tenant_id = ${tenantId} and identity = ${identity}
      and (${queue}::text is null or queue_id = ${queue})
      and (counted_at at time zone 'Europe/Berlin')::date >= ${from}::date
    group by 1 order by 1`;
}

const dateOf = (instant: string) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin' }).format(Date.parse(instant));

describe('lines of agents', () => {
  it.each([
    ['day', 'startDate=2026-10-05&endDate=2026-11-03', '2026-10-05', 30, null],
    ['day', 'startDate=2026-10-05&endDate=2026-11-03&queue=q1', '2026-10-05', 30, 'q1'],
    ['week', RANGE, '2026-09-28', 6, null],
    ['month', 'startDate=2026-02-10&endDate=2026-11-03', '2026-02-10', 10, null],
  ] as const)(
    '[T2] by %s are what their legs of each add up to: %s',
    async (step, query, from, length, queue) => {
      for (const line of ['answered', 'ahtMs'] as const) {
        const { data, meta } = await lines(`${query}&line=${line}`);
        const steps = (meta.lineSteps ?? []).map(({ start }) => dateOf(start));
        expect(steps).toHaveLength(length);
        expect(data).toHaveLength(4);
        for (const { agentId, line: told = [] } of data) {
          expect(told).toHaveLength(length);
          const rows = await expected(agentId, step, from, queue);
          const by = new Map(rows.map((row) => [row.step, row[line]]));
          for (const [place, value] of told.entries()) {
            const wanted = by.get(steps[place] ?? '') ?? null;
            // Where he was signed in and had none, a count is 0.
            if (wanted === null) expect(value ?? 0, `${agentId} ${steps[place]}`).toBe(0);
            else expect(value, `${agentId} ${steps[place]}`).toBeCloseTo(wanted, 6);
          }
        }
      }
    },
  );

  it('of each kind there is one, of the page that is asked for alone; where none is asked for there is none', async () => {
    for (const line of AGENT_LINES satisfies readonly AgentLine[]) {
      const { data } = await lines(`${RANGE}&line=${line}`);
      expect(
        data.some((row) => row.line?.some((value) => value !== null)),
        line,
      ).toBe(true);
    }
    const { data, meta } = await lines(`${RANGE}&limit=1&cursor=a0&line=handled`);
    expect(data.map(({ agentId }) => agentId)).toEqual(['a1']);
    const whole = data[0];
    expect(whole?.line?.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(whole?.handled);
    expect(meta.lineSteps).toHaveLength(6);
    const without = await lines(RANGE);
    expect([without.meta.lineSteps, without.data[0]?.line]).toEqual([undefined, undefined]);
  });

  it('refuses what there is no line of, and to put one into a file', async () => {
    const { bearer } = await history.signIn('admin@example.test');
    for (const [address, headers] of [
      [`/agents?${RANGE}&line=name`, bearer],
      [`/agents.csv?${RANGE}&line=ahtMs`, bearer],
      [`/agents?${RANGE}&line=ahtMs`, { ...bearer, accept: 'text/csv' }],
    ] as const) {
      const answer = await history.get(address, headers);
      expect(answer.statusCode, address).toBe(400);
      expect(answer.json().error.issues.map(({ path }: { path: string }) => path)).toEqual(['line']);
    }
    const file = await history.get(`/agents.csv?${RANGE}`);
    expect(file.statusCode).toBe(200);
    expect(file.body.split('\r\n')[0]).not.toContain('line');
  });
});
