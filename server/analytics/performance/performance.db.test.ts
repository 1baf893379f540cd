import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  agentAnswer,
  agentsAnswer,
  bucketRow,
  queueRow,
  sectorsAnswer,
  summaryAnswer,
  topAnswer,
} from '../../../shared/contract/analytics.ts';
import { createHistory, type History, RANGE } from '../testing.ts';

/** Every figure against SQL of its own over the facts; what roll-ups hold is server/history's subject. */

let history: History;

beforeAll(async () => {
  history = await createHistory();
});
afterAll(() => history.close());

async function data<T extends z.ZodType>(address: string, schema: T): Promise<z.output<T>> {
  const answer = await history.get(address);
  expect(answer.statusCode, answer.body).toBe(200);
  // Strictly: what the schema does not name would be missing from the description of the API.
  const parsed = schema.parse(answer.json());
  expect(parsed).toEqual(answer.json());
  return parsed;
}

const summary = async (parameters = '') => (await data(`/summary?${RANGE}${parameters}`, summaryAnswer)).data;

interface Expected {
  queues?: readonly string[];
  from?: string;
  to?: string;
  threshold?: number;
  shortAbandon?: number;
}

/** Counted from the visits themselves, local days in Berlin. Everything here is long over: what still waits is lost. */
async function expected({ queues, from = '2026-09-28', to = '2026-11-04', ...rules }: Expected = {}) {
  const { ownerSql, tenantId } = history.test;
  const { threshold = null, shortAbandon = 5 } = rules;
  const [row] = await ownerSql`
    with visit as (
      select v.*, coalesce(${threshold}::int, case queue_id when 'q1' then 15 else 20 end) * 1000 as t,
        (entered_at at time zone 'Europe/Berlin')::date as day, origin <> 'callback' as measured,
        outcome not in ('open', 'lost', 'refused') as is_left
      from queue_visits v
      where tenant_id = ${tenantId} and (${queues ?? null}::text[] is null or queue_id = any(${queues ?? null}::text[]))
        and entered_at >= ${from}::timestamp at time zone 'Europe/Berlin'
        and entered_at < ${to}::timestamp at time zone 'Europe/Berlin'
    ),
    counts as (
      select
        count(*) filter (where outcome <> 'refused')::int as offered,
        count(*) filter (where outcome = 'refused')::int as refused,
        count(distinct (call_id, day)) filter (where outcome <> 'refused')::int as calls,
        count(*) filter (where outcome = 'answered')::int as answered,
        count(*) filter (where outcome = 'abandoned')::int as abandoned,
        count(*) filter (where outcome in ('lost', 'open'))::int as lost,
        count(*) filter (where outcome = 'abandoned' and measured and wait_ms <= ${shortAbandon} * 1000)::int as short,
        count(*) filter (where outcome = 'abandoned' and measured)::int as abandoned_measured,
        count(*) filter (where measured and outcome = 'answered' and wait_ms <= t)::int as met,
        count(*) filter (where measured and is_left and wait_ms > t)::int as missed,
        count(*) filter (
          where measured and outcome = 'abandoned' and wait_ms <= t and wait_ms > ${shortAbandon} * 1000
        )::int as long_within,
        count(*) filter (where outcome <> 'refused' and measured and outcome not in ('lost', 'open'))::int as settled,
        count(*) filter (where not measured and outcome <> 'refused')::int as callbacks_offered,
        count(*) filter (where outcome in ('lost', 'open') and measured)::int as lost_measured,
        max(wait_ms) filter (where measured and is_left)::float8 as "maxWaitMs",
        (percentile_disc(0.9) within group (order by wait_ms) filter (where measured and is_left))::float8 as p90,
        (sum(wait_ms) filter (where measured and outcome = 'answered')
          / nullif(count(*) filter (where measured and outcome = 'answered'), 0))::float8 as "asaMs",
        count(*) filter (where handled_at is not null and talk_ms is not null)::int as handled,
        sum(coalesce(talk_ms, 0) + coalesce(hold_ms, 0) + wrap_up_ms)
          filter (where handled_at is not null and talk_ms is not null)::float8 as handling
      from visit
    )
    select offered, refused, calls, answered, abandoned, lost, short as "shortAbandoned", handled, "maxWaitMs",
      "asaMs", p90, met::float8 / nullif(met + missed + long_within, 0) as "serviceLevel",
      (abandoned_measured - short)::float8
        / nullif(calls - callbacks_offered - lost_measured - short, 0) as "abandonmentRate",
      handling / nullif(handled, 0) as "ahtMs"
    from counts`;
  if (!row) throw new Error('no row');
  return row;
}

function expectEqual(
  metrics: z.infer<typeof summaryAnswer>['data'],
  { p90, ...row }: Record<string, number>,
) {
  for (const [name, value] of Object.entries(row)) {
    const told: unknown = Reflect.get(metrics, name);
    if (value === null) expect(told, name).toBeNull();
    else expect(told, name).toBeCloseTo(value, 6);
  }
  // [V7] Within a second or one per cent.
  expect(Math.abs((metrics.waitP90Ms ?? 0) - (p90 ?? 0))).toBeLessThanOrEqual(
    Math.max(1_000, 0.01 * (p90 ?? 0)),
  );
}

describe('summary', () => {
  it('adds up a whole month and the days at its edges', async () => {
    const metrics = await summary();
    expectEqual(metrics, await expected());
    expect(metrics.offered).toBeGreaterThan(500);
    expect(metrics.calls).toBeLessThan(metrics.offered);
    expect(metrics).toMatchObject({
      definition: 'standard',
      thresholds: { thresholdSeconds: null, shortAbandonSeconds: 5 },
    });
  });

  it.each([[['q0']], [['q0', 'q2']]])(
    '[T5] of the queues %j counts each of their calls once',
    async (queues) => {
      const metrics = await summary(queues.map((id) => `&queue=${id}`).join(''));
      const { abandonmentRate, ...row } = await expected({ queues });
      expectEqual(metrics, queues.length > 1 ? { ...row, abandonmentRate } : row);
      expect(metrics.thresholds.thresholdSeconds).toBe(20);
    },
  );

  it('of a sector is that of its queues', async () => {
    const { meta: _, ...sector } = await data(`/summary?${RANGE}&sector=north`, summaryAnswer);
    const { meta: __, ...queues } = await data(`/summary?${RANGE}&queue=q0&queue=q1`, summaryAnswer);
    expect(sector).toEqual(queues);
  });

  it('[SL0] under other thresholds is counted from waits by second, exactly', async () => {
    for (const rules of [{ threshold: 7 }, { threshold: 600, shortAbandon: 30 }, { shortAbandon: 0 }]) {
      const parameters = Object.entries(rules).map(([name, value]) => `&${name}=${value}`);
      expectEqual(await summary(parameters.join('')), await expected(rules));
    }
  });

  it('under the thresholds in force is the same while roll-ups are recounted, and says so', async () => {
    const { tenantId, ownerSql } = history.test;
    const before = await data(`/summary?${RANGE}`, summaryAnswer);
    await ownerSql`update projection_checkpoints set stamped = '', version = version + 1 where tenant_id = ${tenantId}`;
    const meanwhile = await data(`/summary?${RANGE}`, summaryAnswer);
    await history.stamp();
    expect(before.meta.recounting).toBe(false);
    expect(meanwhile.meta.recounting).toBe(true);
    expect(meanwhile.data).toEqual(before.data);
  });

  it('[SL7] takes another definition', async () => {
    const { ownerSql, tenantId } = history.test;
    const [row] = await ownerSql`
      select (count(*) filter (where wait_ms <= 20000))::float8 / count(*) as level from queue_visits
      where tenant_id = ${tenantId} and queue_id = 'q2' and outcome = 'answered' and origin <> 'callback'`;
    const metrics = await summary('&queue=q2&definition=asterisk');
    expect(metrics.serviceLevel).toBeCloseTo(row?.level, 9);
    expect(metrics.definition).toBe('asterisk');
  });

  it('[T4] of days without a call has counts of 0 and no ratio', async () => {
    const { data: metrics } = await data('/summary?startDate=2020-01-01&endDate=2020-01-31', summaryAnswer);
    expect(metrics).toMatchObject({ offered: 0, calls: 0, signedInMs: 0, lowSample: [] });
    const ratios = [
      metrics.serviceLevel,
      metrics.abandonmentRate,
      metrics.asaMs,
      metrics.occupancy,
      metrics.maxWaitMs,
    ];
    expect(ratios).toEqual([null, null, null, null, null]);
  });

  it('[A2] has the time of all agents, or of those who served any of the queues', async () => {
    const { ownerSql, tenantId } = history.test;
    for (const queues of [null, ['q0'], ['q0', 'q1']]) {
      const [row] = await ownerSql`
        select (extract(epoch from sum(ended_at - started_at)) * 1000)::float8 as signed,
          (extract(epoch from sum(ended_at - started_at) filter (where state = 'paused')) * 1000)::float8 as paused
        from agent_intervals where tenant_id = ${tenantId} and (${queues}::text[] is null or queues && ${queues}::text[])`;
      const metrics = await summary((queues ?? []).map((id) => `&queue=${id}`).join(''));
      expect([metrics.signedInMs, metrics.pausedMs]).toEqual([row?.signed, row?.paused]);
    }
  });

  it('by days of another zone is added up from intervals at the edges', async () => {
    const { data: metrics } = await data(
      '/summary?startDate=2026-10-05&endDate=2026-10-06&timeZone=America/New_York',
      summaryAnswer,
    );
    const row = await expected({ from: '2026-10-05 06:00', to: '2026-10-07 06:00' });
    expect([metrics.offered, metrics.answered, metrics.abandoned]).toEqual([
      row.offered,
      row.answered,
      row.abandoned,
    ]);
  });

  it('compares to the period before', async () => {
    const answer = await data(
      '/summary?startDate=2026-10-08&endDate=2026-10-10&compare=previous',
      summaryAnswer,
    );
    const before = await data('/summary?startDate=2026-10-05&endDate=2026-10-07', summaryAnswer);
    const { definition: _, thresholds: __, ...metrics } = before.data;
    expect(answer.data.previous).toEqual(metrics);
    expect(answer.meta.comparedTo).toEqual(before.meta.range);
  });
});

describe('sectors', () => {
  it('are each the total of its queues, with the thresholds those share', async () => {
    const answer = await data(`/sectors?${RANGE}`, sectorsAnswer);
    expect(answer.data.map(({ sectorId, name }) => [sectorId, name])).toEqual([
      ['north', 'North'],
      ['south', 'South'],
      ['unassigned', 'Unassigned'],
    ]);
    for (const { sectorId, name: _, ...metrics } of answer.data)
      expect(metrics).toEqual(
        sectorId === 'unassigned'
          ? expect.objectContaining({ offered: 0 })
          : await summary(`&sector=${sectorId}`),
      );
  });

  it('come a page at a time', async () => {
    const first = await data(`/sectors?${RANGE}&limit=2`, sectorsAnswer);
    const rest = await data(`/sectors?${RANGE}&limit=2&cursor=${first.meta.nextCursor}`, sectorsAnswer);
    expect([first.data.length, rest.data.length, rest.meta.nextCursor]).toEqual([2, 1, null]);
  });
});

describe('trends', () => {
  const buckets = async (parameters: string) => {
    const answer = await history.get(`/trends?${parameters}`);
    expect(answer.statusCode, answer.body).toBe(200);
    return bucketRow.array().parse(answer.json().data);
  };

  it.each(['interval', 'hour', 'day', 'week', 'month'])('by %s add up to the summary', async (groupBy) => {
    const range = groupBy === 'interval' ? 'startDate=2026-10-04&endDate=2026-11-03' : RANGE;
    const rows = await buckets(`${range}&groupBy=${groupBy}`);
    const { data: total } = await data(`/summary?${range}`, summaryAnswer);
    for (const name of ['offered', 'answered', 'shortAbandoned', 'handled', 'calls', 'signedInMs'] as const)
      expect(
        rows.reduce((sum, row) => sum + row[name], 0),
        name,
      ).toBe(total[name]);
    expect(Math.max(...rows.map(({ maxWaitMs }) => maxWaitMs ?? 0))).toBe(total.maxWaitMs);
  });

  it('[T1] of the day on which summer time ends has 25 hours, and each visit in the hour it entered', async () => {
    const rows = await buckets('startDate=2026-10-25&endDate=2026-10-25&groupBy=hour');
    const { ownerSql, tenantId } = history.test;
    const counts = await ownerSql`
      select date_trunc('hour', entered_at) as start, count(*)::int as offered from queue_visits
      where tenant_id = ${tenantId} and outcome <> 'refused'
        and entered_at >= '2026-10-24T22:00Z' and entered_at < '2026-10-25T23:00Z' group by 1`;
    const byStart = new Map(counts.map(({ start, offered }) => [start.toISOString(), offered]));
    expect(rows).toHaveLength(25);
    expect(rows.map(({ offered }) => offered)).toEqual(rows.map(({ start }) => byStart.get(start) ?? 0));
  });

  it('[T4] have a row for every step, empty ones too', async () => {
    const rows = await buckets('startDate=2026-12-30&endDate=2027-01-02&groupBy=day');
    expect(rows.map(({ offered, serviceLevel, partial }) => [offered, serviceLevel, partial])).toEqual(
      Array.from({ length: 4 }, () => [0, null, true]),
    );
  });

  it('of another zone count each visit on that zone’s day', async () => {
    const rows = await buckets('startDate=2026-10-05&endDate=2026-10-09&groupBy=day&timeZone=Asia/Kolkata');
    const { ownerSql, tenantId } = history.test;
    const counts = await ownerSql`
      select count(*)::int as offered from queue_visits
      where tenant_id = ${tenantId} and outcome <> 'refused'
        and (entered_at at time zone 'Asia/Kolkata')::date between '2026-10-05' and '2026-10-09'
      group by (entered_at at time zone 'Asia/Kolkata')::date order by (entered_at at time zone 'Asia/Kolkata')::date`;
    expect(rows.map(({ offered }) => offered)).toEqual(counts.map(({ offered }) => offered));
  });

  it('compare each step to its like', async () => {
    const rows = await buckets('startDate=2026-10-12&endDate=2026-10-14&groupBy=day&compare=previous');
    const before = await buckets('startDate=2026-10-09&endDate=2026-10-11&groupBy=day');
    expect(rows.map(({ previous }) => previous)).toEqual(before.map(({ partial: _, ...metrics }) => metrics));
  });

  it('of queues have a row for each, as a wall measures a queue', async () => {
    const answer = await history.get(`/trends?${RANGE}&groupBy=queue&limit=2`);
    const rows = queueRow.array().parse(answer.json().data);
    expect(rows.map(({ queueId, name, sectorId }) => [queueId, name, sectorId])).toEqual([
      ['q0', 'Sales', 'north'],
      ['q1', 'Service', 'north'],
    ]);
    expect(answer.json().meta.nextCursor).toBe('q1');
    for (const { queueId, name: _, sectorId: __, ...metrics } of rows)
      expect(metrics).toEqual(await summary(`&queue=${queueId}`));
  });

  it('[SL0] of this very moment count who waits, and call its interval partial', async () => {
    const now = Date.now();
    const [sample] = (await import('../../history/rollUps/testing.ts')).randomFacts({
      seed: 1,
      calls: 1,
      start: now - 60_000,
      end: now - 59_000,
    }).visits;
    if (!sample) throw new Error('no visit');
    const waiting = {
      ...sample,
      callId: 'waits',
      nth: 1,
      queueId: 'q2',
      origin: 'inbound' as const,
      outcome: 'open' as const,
      enteredAt: now - 60_000,
      settledAt: null,
      identity: null,
      endedAt: null,
      talkMs: null,
      holdMs: null,
      wrapUpMs: null,
      handledAt: null,
    };
    await history.remember({ visits: [waiting] }, now);
    const day = new Date(now - 60_000).toLocaleDateString('sv', { timeZone: 'Europe/Berlin' });
    const of = async (parameters: string) =>
      (await buckets(`startDate=${day}&endDate=${day}&groupBy=day&queue=q2${parameters}`))[0];
    expect(await of('')).toMatchObject({ offered: 1, open: 1, serviceLevel: 0, partial: true });
    expect(await of('&threshold=30')).toMatchObject({ serviceLevel: 0 });
    expect(await of('&threshold=600')).toMatchObject({ serviceLevel: null });
  });
});

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
