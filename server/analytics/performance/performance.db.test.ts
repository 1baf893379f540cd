import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { bucketRow, queueRow, sectorsAnswer, summaryAnswer } from '../../../shared/contract/analytics.ts';
import { answeredVisit, visitOf } from '../calls/testing.ts';
import { createHistory, dataOf, type History, RANGE } from '../testing.ts';
import { countVisits, expectEqual } from './countedVisits.ts';

/** Every figure against SQL of its own over the facts; what roll-ups hold is server/history's subject. */

let history: History;

beforeAll(async () => {
  history = await createHistory();
});
afterAll(() => history.close());

const data = <T extends z.ZodType>(address: string, schema: T) => dataOf(history, address, schema);

const summary = async (parameters = '') => (await data(`/summary?${RANGE}${parameters}`, summaryAnswer)).data;

describe('summary', () => {
  it('adds up a whole month and the days at its edges', async () => {
    const metrics = await summary();
    expectEqual(metrics, await countVisits(history));
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
      const { abandonmentRate, ...row } = await countVisits(history, { queues });
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
      expectEqual(await summary(parameters.join('')), await countVisits(history, rules));
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
    const row = await countVisits(history, { from: '2026-10-05 06:00', to: '2026-10-07 06:00' });
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

  it('[T4] have a row for every step, empty ones and those to come too', async () => {
    const rows = await buckets('startDate=2099-12-30&endDate=2100-01-02&groupBy=day');
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
    const waiting = visitOf({ callId: 'waits', queueId: 'q2', enteredAt: now - 60_000 });
    await history.remember({ visits: [waiting] }, now);
    const day = new Date(now - 60_000).toLocaleDateString('sv', { timeZone: 'Europe/Berlin' });
    const of = async (parameters: string) =>
      (await buckets(`startDate=${day}&endDate=${day}&groupBy=day&queue=q2${parameters}`))[0];
    expect(await of('')).toMatchObject({ offered: 1, open: 1, serviceLevel: 0, partial: true });
    expect(await of('&threshold=30')).toMatchObject({ serviceLevel: 0 });
    expect(await of('&threshold=600')).toMatchObject({ serviceLevel: null });

    // However many rows a range is read from.
    const daysBefore = [1, 2, 3].map((days) =>
      answeredVisit({
        callId: `${days} days before`,
        queueId: 'q2',
        enteredAt: now - days * 86_400_000,
        waitMs: 5_000,
        talkMs: 9_000,
      }),
    );
    await history.remember({ visits: daysBefore }, now);
    const from = new Date(now - 3 * 86_400_000).toLocaleDateString('sv', { timeZone: 'Europe/Berlin' });
    const { data: told } = await data(
      `/summary?startDate=${from}&endDate=${day}&threshold=30`,
      summaryAnswer,
    );
    expect(told).toMatchObject({ offered: 4, open: 1, serviceLevel: 3 / 4 });
  });
});
