import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  calibrationAnswer,
  dueAnswer,
  sampleAnswer,
  scoresAnswer,
} from '../../../shared/contract/quality.ts';
import { RANGE } from '../testing.ts';
import { createReviewed, type Reviewed } from './testing/reviewed.ts';
import { okOf, QUALITY } from './testing.ts';

/** Calls to review, lists of scores, and how answers travel. */

let history: Reviewed['history'];
let formId: string;
let manager: Reviewed['manager'];
let north: Reviewed['north'];
let get: Reviewed['get'];
let read: Reviewed['read'];
beforeAll(async () => {
  ({ history, formId, manager, north, get, read } = await createReviewed());
}, 60_000);
afterAll(() => history.close());

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

  it('[S71] of calibration and of calls to review come as files without formulas, whole', async () => {
    const { ownerSql } = history.test;
    const called = async (name: string) =>
      okOf(await history.ask('PATCH', '/settings/agents/a0', manager, { name }));
    await called("=cmd|'calc'!A0");
    await ownerSql`update call_quality_scores set reviewer_name = '@SUM(1+1)' where reviewer_name = 'north@example.test'`;
    await history.stamp();
    const told = await read(`/calibration?${RANGE}&limit=200`, calibrationAnswer);
    const [head = '', ...lines] = (await get(`/calibration.csv?${RANGE}&limit=2`)).body.trim().split('\r\n');
    expect(head.replace('\ufeff', '')).toBe(
      'callId,agentId,agentName,calledAt,formId,formName,difference,spread,scoreId,reviewerId,reviewer,score,isPassed',
    );
    expect(lines).toHaveLength(told.data.reduce((sum, { scores }) => sum + scores.length, 0));
    expect(lines.filter((line) => line.includes(",'@SUM(1+1),"))).toHaveLength(told.data.length);
    expect(lines.join()).not.toContain(',@SUM');
    const sampled = await read('/sample?startDate=2026-10-01&endDate=2026-10-31&limit=50', sampleAnswer);
    const file = await get('/sample?startDate=2026-10-01&endDate=2026-10-31&limit=50', manager, {
      accept: 'text/csv',
    });
    const rows = file.body.trim().split('\r\n').slice(1);
    expect(rows).toHaveLength(sampled.data.length);
    expect(rows.map((row) => row.split(',')[0])).toEqual(sampled.data.map(({ callId }) => callId));
    const anns = sampled.data.filter(({ agentId }) => agentId === 'a0').length;
    expect(anns).toBeGreaterThan(0);
    expect(rows.filter((row) => row.includes("'=cmd|'calc'!A0"))).toHaveLength(anns);
    expect((await get(`/scores.csv?${RANGE}`)).body).toContain("'@SUM(1+1)");
    await called('Ann');
    await ownerSql`update call_quality_scores set reviewer_name = 'north@example.test' where reviewer_name = '@SUM(1+1)'`;
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
