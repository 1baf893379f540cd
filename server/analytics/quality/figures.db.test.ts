import assert from 'node:assert';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  calibrationAnswer,
  completionAnswer,
  dueAnswer,
  qualityAgentsAnswer,
  qualitySummaryAnswer,
  qualityTrendsAnswer,
  sampleAnswer,
  scoresAnswer,
} from '../../../shared/contract/quality.ts';
import { randomFrom } from '../../../shared/random.ts';
import { createHistory, type History, RANGE } from '../testing.ts';
import { answersOf, formNamed, publishForm, QUALITY, scoreCall } from './testing.ts';

/** What scores come to, held against SQL that was written on its own. */

let history: History;
let formId: string;
let manager: Record<string, string>;
let north: Record<string, string>;

beforeAll(async () => {
  history = await createHistory();
  await history.addAccount('manager@example.test', 'manager');
  await history.addAccount('north@example.test', 'supervisor', ['north']);
  manager = (await history.signIn('manager@example.test')).bearer;
  north = (await history.signIn('north@example.test')).bearer;
  ({ formId } = await publishForm(history, manager, formNamed('Call review')));
  const random = randomFrom(5);
  const upTo = (n: number) => Math.floor(random() * (n + 1));
  const answers = () =>
    answersOf({ tone: upTo(4) === 0 ? null : upTo(10), help: 5 + upTo(5), law: upTo(9) === 0 ? 0 : 10 });
  // Answered once, so that a call of an agent is one visit.
  const calls = await history.test.ownerSql<{ identity: string; call_id: string }[]>`
    select identity, call_id from agent_metrics where kind = 'answered'
    group by 1, 2 having count(*) = 1 order by md5(call_id || identity) limit 40`;
  for (const [place, { identity: agentId, call_id: callId }] of calls.entries()) {
    await scoreCall(history, manager, { callId, agentId, formId, answers: answers() });
    const isNorths = agentId === 'a0' || agentId === 'a1';
    if (isNorths && place % 2 === 0)
      await scoreCall(history, north, { callId, agentId, formId, answers: answers() });
  }
  // A draft, which counts nowhere.
  const [spare] = await history.test.ownerSql<{ call_id: string }[]>`
    select call_id from agent_metrics m where kind = 'answered' and identity = 'a0'
      and not exists (select from call_quality_scores s where s.call_id = m.call_id) order by 1 limit 1`;
  const draft = { callId: spare?.call_id, agentId: 'a0', formId, answers: answersOf({ law: 0 }) };
  expect((await history.ask('POST', `${QUALITY}/scores`, manager, draft)).statusCode).toBe(201);
}, 60_000);
afterAll(() => history.close());

const get = (path: string, who = manager, headers: Record<string, string> = {}) =>
  history.ask('GET', `${QUALITY}${path}`, { ...who, ...headers });

/** Held to its schema strictly: what that does not name would be missing from the description of the API. */
async function read<T extends z.ZodType>(path: string, schema: T, who = manager): Promise<z.output<T>> {
  const answer = await get(path, who);
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
  const parsed = schema.parse(answer.json());
  assert.deepStrictEqual(parsed, answer.json());
  return parsed;
}

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

describe('calls to review', () => {
  const OCTOBER = 'startDate=2026-10-01&endDate=2026-10-31';

  it('are answered ones nobody has reviewed or begun to, the same for the same seed', async () => {
    const sampled = (query: string, who = manager) =>
      read(`/sample?${OCTOBER}&limit=100${query}`, sampleAnswer, who);
    const { data } = await sampled('');
    expect(data).toHaveLength(100);
    const taken = new Set(
      (await history.test.ownerSql`select call_id || ' ' || agent_id as key from call_quality_scores`).map(
        ({ key }) => key,
      ),
    );
    for (const { callId, agentId } of data) expect(taken.has(`${callId} ${agentId}`)).toBe(false);
    expect(new Set(data.map(({ callId, agentId }) => `${callId} ${agentId}`)).size).toBe(data.length);
    expect((await sampled('')).data).toEqual(data);
    expect((await sampled('&seed=1')).data).not.toEqual(data);
    const longest = (await sampled('&order=longest')).data.map(({ talkMs }) => talkMs);
    expect(longest).toEqual([...longest].sort((a, b) => b - a));
    const shortest = (await sampled('&order=shortest&minTalkSeconds=30')).data.map(({ talkMs }) => talkMs);
    expect(shortest).toEqual([...shortest].sort((a, b) => a - b));
    expect(shortest[0]).toBeGreaterThanOrEqual(30_000);
    expect(new Set((await sampled('', north)).data.map(({ sectorId }) => sectorId))).toEqual(
      new Set(['north']),
    );
    expect(new Set((await sampled('&queue=q2')).data.map(({ queueId }) => queueId))).toEqual(new Set(['q2']));
  });

  it('are due by agent and month, as the tenant’s setting says', async () => {
    expect(
      (await history.ask('PATCH', '/settings', manager, { reviewsPerAgentPerMonth: 6 })).statusCode,
    ).toBe(200);
    const { data, meta } = await read('/due?month=2026-10', dueAnswer);
    expect(meta.perAgent).toBe(6);
    const rows = await history.test.ownerSql`
      select agent_id, count(distinct call_id)::integer as done from call_quality_scores
      where state <> 'draft' and called_at >= '2026-10-01 00:00+02' and called_at < '2026-11-01 00:00+01' group by 1`;
    const done = new Map(rows.map((row) => [row.agent_id, row.done]));
    for (const row of data) {
      expect(row.done).toBe(done.get(row.agentId) ?? 0);
      expect(row.due).toBe(Math.min(6, row.answered));
    }
    expect(data.reduce((sum, { begun }) => sum + begun, 0)).toBeLessThanOrEqual(1);
  });
});

describe('answers', () => {
  it('come as files, whole and [S71] without formulas, and are not sent twice', async () => {
    const list = await read(`/scores?${RANGE}&limit=1000`, scoresAnswer);
    const file = await get(`/scores.csv?${RANGE}&limit=3`);
    expect(file.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(file.body.trim().split('\r\n')).toHaveLength(list.data.length + 1);
    const asked = await get(`/agents?${RANGE}`, manager, { accept: 'text/csv' });
    expect(asked.body).toContain('agentId,name,sectorId,reviews');
    const first = await get(`/summary?${RANGE}`);
    const again = () => get(`/summary?${RANGE}`, manager, { 'if-none-match': String(first.headers.etag) });
    expect((await again()).statusCode).toBe(304);
    const [one] = list.data;
    await history.ask('POST', `${QUALITY}/scores/${one?.id}/acknowledge`, manager, { version: one?.version });
    expect((await again()).statusCode).toBe(200);
  });

  it('of scores come a page at a time, by every filter', async () => {
    const all = (await read(`/scores?${RANGE}&limit=1000`, scoresAnswer)).data;
    const paged: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: z.output<typeof scoresAnswer> = await read(
        `/scores?${RANGE}&limit=7${cursor && `&cursor=${cursor}`}`,
        scoresAnswer,
      );
      paged.push(...page.data);
      cursor = page.meta.nextCursor;
    }
    expect(paged).toEqual(all);
    const ids = async (filter: string) =>
      (await read(`/scores?${RANGE}&limit=1000&${filter}`, scoresAnswer)).data.map(({ id }) => id);
    const fitting = (fits: (row: (typeof all)[number]) => boolean) => all.filter(fits).map(({ id }) => id);
    expect(await ids('critical=true')).toEqual(fitting(({ failedCritical }) => failedCritical.length > 0));
    expect(await ids('passed=false&origin=review')).toEqual(fitting(({ isPassed }) => isPassed === false));
    expect(await ids('minScore=70&maxScore=90')).toEqual(
      fitting(({ score }) => score !== null && score >= 70 && score <= 90),
    );
    expect(await ids('state=acknowledged&state=disputed')).toEqual(
      fitting(({ state }) => state === 'acknowledged'),
    );
  });

  it.each([
    ['/summary?startDate=2026-11-02&endDate=2026-11-01', 'endDate'],
    [`/summary?${RANGE}&timeZone=Asia/Tokyo`, 'timeZone'],
    [`/summary?${RANGE}&timeZone=Mars/Base`, 'timeZone'],
    [`/summary?${RANGE}&queue=nowhere`, 'queue'],
    [`/summary?${RANGE}&sector=nowhere`, 'sector'],
    [`/agents?${RANGE}&agent=nobody`, 'agent'],
    [`/summary?${RANGE}&form=mine`, 'form'],
    [`/summary?${RANGE}&mood=good`, 'mood'],
    [`/trends?${RANGE}&groupBy=hour`, 'groupBy'],
    [`/trends?${RANGE}&criterion=tone`, 'form'],
    [`/completion?${RANGE}&agent=a0`, 'agent'],
    ['/completion?startDate=2024-01-01&endDate=2026-01-01&by=queue', 'groupBy'],
    ['/sample?startDate=2026-09-01&endDate=2026-10-31', 'endDate'],
    [`/sample?${RANGE.replace('09-28', '10-28')}&order=best`, 'order'],
    ['/due?month=2026-13', 'month'],
    [`/scores?${RANGE}&state=lost`, 'state'],
    [`/scores?${RANGE}&minScore=101`, 'minScore'],
    [`/scores?${RANGE}&passed=maybe`, 'passed'],
    [`/scores?${RANGE}&cursor=x`, 'cursor'],
    [`/calibration?${RANGE}&cursor=x`, 'cursor'],
  ])('to %s are refused, naming the field', async (path, field) => {
    const answer = await get(path);
    expect(answer.statusCode, answer.body).toBe(400);
    expect(answer.json().error.issues.map((issue: { path: string }) => issue.path)).toEqual([field]);
  });

  it('to a criterion the form has not are refused', async () => {
    const answer = await get(`/trends?${RANGE}&form=${formId}&criterion=height`);
    expect(answer.json().error.issues).toMatchObject([{ path: 'criterion' }]);
  });
});
