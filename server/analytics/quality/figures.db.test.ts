import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  calibrationAnswer,
  completionAnswer,
  qualityAgentsAnswer,
  qualitySummaryAnswer,
  qualityTrendsAnswer,
  scoresAnswer,
} from '../../../shared/contract/quality.ts';
import { RANGE } from '../testing.ts';
import { createReviewed, type Reviewed } from './testing/reviewed.ts';

/** What scores come to, held against SQL that was written on its own. */

let history: Reviewed['history'];
let formId: string;
let north: Reviewed['north'];
let get: Reviewed['get'];
let read: Reviewed['read'];
beforeAll(async () => {
  ({ history, formId, north, get, read } = await createReviewed());
}, 60_000);
afterAll(() => history.close());

/** [Q1] once more, in SQL: of every signed score. */
const scored = () => history.test.ownerSql`
  select s.call_id, s.agent_id, s.reviewer_name, s.called_at,
    case when bool_or(c.critical and a.points = 0) then 0
      else sum(a.points * c.weight) / sum(c.possible * c.weight) * 100 end as score,
    bool_or(c.critical and a.points = 0) as failed
  from call_quality_scores s
  join quality_forms f on f.id = s.form_version_id
  cross join jsonb_to_recordset(s.answers) a ("criterionId" text, points float8)
  join lateral (
    select c.* from jsonb_array_elements(f.sections) part,
      jsonb_to_recordset(part -> 'criteria') c (id text, possible float8, weight float8, critical boolean)
  ) c on c.id = a."criterionId"
  where s.state <> 'draft' and a.points is not null
  group by s.id, s.tenant_id, s.call_id, s.agent_id, s.reviewer_name, s.called_at`;
const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

describe('[Q1] [Q2] figures of scores', () => {
  it('are those of the scores one by one, and of the answered calls of history', async () => {
    const rows = await scored();
    const { data } = await read(`/summary?${RANGE}`, qualitySummaryAnswer);
    const scores = rows.map(({ score }) => Number(score)).sort((a, b) => a - b);
    expect(data.reviews).toBe(rows.length);
    expect(data.qualityScore).toBeCloseTo(mean(scores), 8);
    const half = scores.length / 2;
    expect(data.medianScore).toBeCloseTo(
      ((scores[Math.ceil(half) - 1] ?? 0) + (scores[Math.floor(half)] ?? 0)) / 2,
      8,
    );
    expect(data.passRate).toBeCloseTo(scores.filter((score) => score >= 80).length / scores.length, 10);
    expect(data.criticalFailures).toBe(rows.filter(({ failed }) => failed).length);
    expect(data.criticalFailures).toBeGreaterThan(0);
    const [counted] = await history.test.ownerSql`
      select count(*)::integer as answered from agent_metrics where kind = 'answered'`;
    expect([data.reviewed, data.answered]).toEqual([40, counted?.answered]);
    expect(data.coverage).toBeCloseTo(40 / counted?.answered, 10);
    expect(data.states).toEqual({ signed: rows.length, acknowledged: 0, disputed: 0, resolved: 0 });
    const [law] = data.criteria.filter(({ criterionId }) => criterionId === 'law');
    expect(law).toMatchObject({
      critical: true,
      criticalFailures: data.criticalFailures,
      answered: rows.length,
    });
    const [tones] = await history.test.ownerSql`
      select count(*) filter (where a.points is null)::integer as none, avg(a.points) / 10 as share
      from call_quality_scores s, jsonb_to_recordset(s.answers) a ("criterionId" text, points float8)
      where s.state <> 'draft' and a."criterionId" = 'tone'`;
    const tone = data.criteria.find(({ criterionId }) => criterionId === 'tone');
    expect(tone?.notApplicable).toBe(tones?.none);
    expect(tone?.share).toBeCloseTo(Number(tones?.share), 10);
  });

  it('[Q2] calibration is over every two reviewers of a call, and a reviewer’s leniency against the others', async () => {
    const byCall = new Map<string, Map<string, number>>();
    for (const { call_id, agent_id, reviewer_name, score } of await scored()) {
      const key = `${call_id} ${agent_id}`;
      byCall.set(key, (byCall.get(key) ?? new Map()).set(reviewer_name, Number(score)));
    }
    const pairs = [...byCall.values()].filter(({ size }) => size === 2);
    const above = pairs.map(
      (one) => (one.get('north@example.test') ?? 0) - (one.get('manager@example.test') ?? 0),
    );
    const { data } = await read(`/summary?${RANGE}`, qualitySummaryAnswer);
    expect(pairs.length).toBeGreaterThan(3);
    expect(data.calibrationPairs).toBe(pairs.length);
    expect(data.calibration).toBeCloseTo(mean(above.map(Math.abs)), 8);
    const reviewer = data.reviewers.find((one) => one.reviewer === 'north@example.test');
    expect(reviewer).toMatchObject({ reviews: pairs.length, pairs: pairs.length });
    expect(reviewer?.leniency).toBeCloseTo(mean(above), 8);
    const all = await read(`/calibration?${RANGE}`, calibrationAnswer);
    expect(all.data).toHaveLength(pairs.length);
    expect(all.meta).toMatchObject({ calibration: data.calibration, pairs: pairs.length, nextCursor: null });
    expect(all.data.map(({ calledAt }) => calledAt)).toEqual(
      all.data
        .map(({ calledAt }) => calledAt)
        .sort()
        .reverse(),
    );
    for (const row of all.data) {
      const [one, two] = [...(byCall.get(`${row.callId} ${row.agentId}`)?.values() ?? [])];
      expect(row.difference).toBeCloseTo(Math.abs((one ?? 0) - (two ?? 0)), 8);
      expect(row.scores.map(({ reviewer }) => reviewer)).toEqual([
        'manager@example.test',
        'north@example.test',
      ]);
      expect(row.criteria.map(({ criterionId }) => criterionId)).toEqual(['tone', 'help', 'law']);
    }
    const paged: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: z.output<typeof calibrationAnswer> = await read(
        `/calibration?${RANGE}&limit=2${cursor && `&cursor=${cursor}`}`,
        calibrationAnswer,
      );
      paged.push(...page.data);
      cursor = page.meta.nextCursor;
    }
    expect(paged).toEqual(all.data);
  });

  it('of agents stand beside what they handled, and add up', async () => {
    const { data } = await read(`/agents?${RANGE}`, qualityAgentsAnswer);
    const total = (await read(`/summary?${RANGE}`, qualitySummaryAnswer)).data;
    const sum = (of: (row: (typeof data)[number]) => number) => data.reduce((all, row) => all + of(row), 0);
    expect(sum(({ reviews }) => reviews)).toBe(total.reviews);
    expect(sum(({ reviewed }) => reviewed)).toBe(total.reviewed);
    expect(sum(({ answered }) => answered)).toBe(total.answered);
    const rows = await history.test.ownerSql`
      select identity, avg(is_completed::integer)::float8 as completion from agent_metrics
      where kind = 'answered' group by 1 order by 1`;
    expect(data.map(({ agentId }) => agentId)).toEqual(rows.map(({ identity }) => identity));
    for (const [place, { completion }] of rows.entries()) {
      expect(data[place]?.completionRate).toBeCloseTo(completion, 10);
    }
    const handled = (await history.get(`/agents?${RANGE}`)).json().data;
    expect(data.map(({ ahtMs }) => ahtMs)).toEqual(handled.map(({ ahtMs }: { ahtMs: number }) => ahtMs));
    const low = await read(`/agents?startDate=2026-09-28&endDate=2026-09-29`, qualityAgentsAnswer);
    for (const { scored: size, lowSample } of low.data)
      expect(lowSample.includes('qualityScore')).toBe(size > 0 && size < 10);
  });

  it('[T5] by day, week and month add up to the whole, and a criterion to its share', async () => {
    const total = (await read(`/summary?${RANGE}`, qualitySummaryAnswer)).data;
    for (const groupBy of ['day', 'week', 'month']) {
      const { data } = await read(
        `/trends?${RANGE}&groupBy=${groupBy}&form=${formId}&criterion=tone`,
        qualityTrendsAnswer,
      );
      expect(data.reduce((sum, row) => sum + row.reviews, 0)).toBe(total.reviews);
      expect(data.reduce((sum, row) => sum + row.answered, 0)).toBe(total.answered);
      const points = data.reduce(
        (sum, row) => sum + (row.criterionShare ?? 0) * (row.criterionAnswered ?? 0),
        0,
      );
      const tone = total.criteria.find(({ criterionId }) => criterionId === 'tone');
      expect(points).toBeCloseTo((tone?.share ?? 0) * (tone?.answered ?? 0), 8);
    }
    const days = (await read(`/trends?${RANGE}`, qualityTrendsAnswer)).data;
    // The end of summer time has 25 hours.
    expect(days).toHaveLength(37);
    const [one] = await history.test.ownerSql`
      select (called_at at time zone 'Europe/Berlin')::date::text as day, count(*)::integer as reviews, avg(score) as score
      from call_quality_scores where state <> 'draft' group by 1 order by 2 desc, 1 limit 1`;
    const row = days.find(({ start }) =>
      new Date(Date.parse(start) + 7_200_000).toISOString().startsWith(one?.day),
    );
    expect(row?.reviews).toBe(one?.reviews);
    expect(row?.qualityScore).toBeCloseTo(Number(one?.score), 8);
  });

  it('[T4] of days without any are null, not 0', async () => {
    const { data } = await read('/summary?startDate=2020-01-01&endDate=2020-01-31', qualitySummaryAnswer);
    expect(data).toMatchObject({
      reviews: 0,
      qualityScore: null,
      medianScore: null,
      passRate: null,
      coverage: null,
      calibration: null,
    });
  });

  it('take queue, sector, agent, reviewer and form', async () => {
    const reviews = async (filter: string) =>
      (await read(`/summary?${RANGE}&${filter}`, qualitySummaryAnswer)).data.reviews;
    const rows = await history.test.ownerSql`
      select agent_id, queue_id, reviewer_name, reviewer_id from call_quality_scores where state <> 'draft'`;
    const count = (fits: (row: (typeof rows)[number]) => boolean) => rows.filter(fits).length;
    expect(await reviews('queue=q1')).toBe(count(({ queue_id }) => queue_id === 'q1'));
    expect(await reviews('sector=south')).toBe(count(({ agent_id }) => agent_id === 'a2'));
    expect(await reviews('agent=a0&agent=a3')).toBe(count(({ agent_id }) => ['a0', 'a3'].includes(agent_id)));
    const norths = rows.find(({ reviewer_name }) => reviewer_name === 'north@example.test')?.reviewer_id;
    expect(await reviews(`reviewer=${norths}`)).toBe(count(({ reviewer_id }) => reviewer_id === norths));
    expect(await reviews(`form=${formId}`)).toBe(rows.length);
    expect(await reviews('form=00000000-0000-4000-8000-000000000000')).toBe(0);
  });

  it('[S46] of somebody held to sectors are those of its agents', async () => {
    const own = (await read(`/summary?${RANGE}`, qualitySummaryAnswer, north)).data;
    const whole = (await read(`/summary?${RANGE}&sector=north`, qualitySummaryAnswer)).data;
    expect(own).toEqual(whole);
    expect((await get(`/summary?${RANGE}&agent=a2`, north)).statusCode).toBe(400);
    const list = await read(`/scores?${RANGE}`, scoresAnswer, north);
    expect(new Set(list.data.map(({ sectorId }) => sectorId))).toEqual(new Set(['north']));
  });
});

describe('[V5] completion', () => {
  it('is that of performance, by step, by queue and by agent', async () => {
    const { data: days } = await read(`/completion?${RANGE}&groupBy=week`, completionAnswer);
    const trend = (await history.get(`/trends?${RANGE}&groupBy=week`)).json().data;
    expect(days.map(({ completionRate }) => completionRate)).toEqual(
      trend.map((row: { completionRate: number }) => row.completionRate),
    );
    const { data: queues } = await read(`/completion?${RANGE}&groupBy=month&by=queue`, completionAnswer);
    expect(new Set(queues.map(({ queueId }) => queueId))).toEqual(new Set(['q0', 'q1', 'q2']));
    expect(queues.reduce((sum, { of }) => sum + of, 0)).toBe(days.reduce((sum, { of }) => sum + of, 0));
    const { data: agents } = await read(
      `/completion?${RANGE}&groupBy=month&by=agent&agent=a1`,
      completionAnswer,
    );
    const [row] = await history.test.ownerSql`
      select count(*)::integer as of, count(*) filter (where is_completed)::integer as completed
      from agent_metrics where kind = 'answered' and identity = 'a1'`;
    expect(agents.reduce((sum, { of }) => sum + of, 0)).toBe(row?.of);
    expect(agents.reduce((sum, { completed }) => sum + completed, 0)).toBe(row?.completed);
    expect(new Set(agents.map(({ name }) => name))).toEqual(new Set(['Bob']));
  });
});
