import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { qualityAgentsAnswer, qualitySummaryAnswer } from '../../../shared/contract/quality.ts';
import type { Bearer } from '../../testing.ts';
import { createExplaining } from '../performance/explaining.ts';
import { RANGE } from '../testing.ts';
import { createReviewed, type Reviewed } from './testing/reviewed.ts';
import { okOf, QUALITY } from './testing.ts';

/** Every figure of reviews says how it came about, and lists as many reviews or calls as it counts. */

let reviewed: Reviewed;
let told: ReturnType<typeof createExplaining>;
beforeAll(async () => {
  reviewed = await createReviewed();
  told = createExplaining(reviewed.history);
  // An integrator's: without a score, without a pass mark, of a call that is not known.
  await reviewed.history.test.ownerSql`
    insert into call_quality_scores (tenant_id, id, call_id, agent_id, called_at, is_call_known, origin, event_seq,
      reviewer_name, form_name, answers, score, state, signed_at)
    select ${reviewed.history.test.tenantId}, gen_random_uuid(), 'elsewhere ' || n, 'a0', '2026-10-05T10:00:00Z', false, 'event', n,
      'Robot', 'Theirs', '[]', case n when 1 then null else 61.5 end, 'signed', now()
    from generate_series(1, 3) n`;
}, 60_000);
afterAll(() => reviewed.history.close());

const SUMMARY = [
  'reviews',
  'qualityScore',
  'passRate',
  'criticalFailures',
  'reviewed',
  'answered',
  'coverage',
  'calibration',
];

describe('[Q1] [Q2] a figure of reviews', () => {
  it('of a range is explained by the figure shown, to the digit, with lists as long as they say', async () => {
    const { data, meta } = await reviewed.read(`/summary?${RANGE}`, qualitySummaryAnswer);
    await told.expectExplained(meta.explain, data, SUMMARY);
    const some = await reviewed.read(
      `/summary?${RANGE}&queue=q1&agent=a0&agent=a2&form=${reviewed.formId}`,
      qualitySummaryAnswer,
    );
    await told.expectExplained(some.meta.explain, some.data, SUMMARY);
  });

  it('of an agent stands beside his calls, which are listed', async () => {
    const { data, meta } = await reviewed.read(`/agents?${RANGE}`, qualityAgentsAnswer);
    for (const row of data)
      await told.expectExplained(meta.explain, row, [
        ...SUMMARY.filter((metric) => metric !== 'calibration'),
        'ahtMs',
        'completionRate',
      ]);
    const [row] = data;
    const coverage = await told.explained(meta.explain, 'coverage', row);
    expect(coverage.data.calls.denominator?.count).toBe(row?.answered);
    expect(coverage.data.calls.numerator?.count).toBeGreaterThan(0);
  });

  it('tells its numbers, and what was left out and why, as SQL written on its own counts them', async () => {
    const [row] = await reviewed.history.test.ownerSql`
      select count(score)::integer as scored, round(sum(score)::numeric, 1)::float8 as sum,
        count(*) filter (where score is null)::integer as unscored,
        count(*) filter (where is_passed is null)::integer as unjudged,
        count(*) filter (where not is_call_known)::integer as unknown, count(*)::integer as reviews
      from call_quality_scores where state <> 'draft'`;
    const [drafts] = await reviewed.history.test.ownerSql`
      select count(*)::integer as count from call_quality_scores where state = 'draft'`;
    const { meta } = await reviewed.read(`/summary?${RANGE}`, qualitySummaryAnswer);
    const explained = async (metric: string) =>
      (await told.explained(meta.explain, metric, {}, reviewed.manager)).data;
    const leftOut = (of: Awaited<ReturnType<typeof explained>>) =>
      Object.fromEntries(of.excluded.map(({ name, value }) => [name, value]));
    const score = await explained('qualityScore');
    expect(score).toMatchObject({ ruleId: 'Q1', unit: 'points', words: 'scores / reviews with a score' });
    expect(score.filled).toBe(
      `${row?.sum} / ${row?.scored} = ${Number((row?.sum / row?.scored).toFixed(1))}`,
    );
    expect(row?.unscored).toBe(1);
    expect(leftOut(score)).toEqual({ unscored: 1, drafts: drafts?.count });
    expect(leftOut(await explained('passRate'))).toEqual({
      unjudged: row?.unjudged,
      drafts: drafts?.count,
    });
    expect(row?.unjudged).toBe(3);
    expect(leftOut(await explained('coverage'))).toEqual({
      unknownCalls: row?.unknown,
      drafts: drafts?.count,
    });
    expect((await explained('calibration')).words).toBe('differences / pairs');
  });

  it('leaves out drafts, of which it says how many are one’s own and nothing of a colleague’s', async () => {
    const { history, manager, north, formId, get, read } = reviewed;
    await history.addAccount('another@example.test', 'manager');
    const another = (await history.signIn('another@example.test')).bearer;
    const drafted = async (who: Bearer) => {
      const { meta } = await read(`/summary?${RANGE}`, qualitySummaryAnswer, who);
      const { data } = await told.explained(meta.explain, 'reviews', {}, who);
      const list = await get(`/scores?${RANGE}&state=draft`, who);
      const excluded = data.excluded.find(({ name }) => name === 'drafts')?.value ?? 0;
      expect(list.json().data).toHaveLength(excluded);
      return excluded;
    };
    const everybody = async () => [await drafted(manager), await drafted(another), await drafted(north)];
    expect(await everybody()).toEqual([1, 0, 0]);
    const spare = await history.test.ownerSql<{ call_id: string }[]>`
      select call_id from agent_metrics m where kind = 'answered' and identity = 'a0'
        and not exists (select from call_quality_scores s where s.call_id = m.call_id) order by 1 limit 2`;
    for (const { call_id: callId } of spare)
      okOf(await history.ask('POST', `${QUALITY}/scores`, another, { callId, agentId: 'a0', formId }));
    expect(await everybody()).toEqual([1, 2, 0]);
  });

  it('[V5] completion of a range is that of its visits', async () => {
    const { meta } = await reviewed.read(`/summary?${RANGE}`, qualitySummaryAnswer);
    const shown = (await reviewed.history.get(`/summary?${RANGE}`)).json().data;
    const answer = await told.explained(meta.explain, 'completionRate');
    expect(answer.data.value).toBe(shown.completionRate);
    await told.expectLists(answer);
  });

  it('[S46] of somebody held to sectors is of its agents, and lists what is in sight', async () => {
    const { data, meta } = await reviewed.read(`/summary?${RANGE}`, qualitySummaryAnswer, reviewed.north);
    await told.expectExplained(meta.explain, data, SUMMARY, reviewed.north);
    const rows = await reviewed.read(`/agents?${RANGE}`, qualityAgentsAnswer, reviewed.north);
    const answer = await told.explained(rows.meta.explain, 'coverage', rows.data[0], reviewed.north);
    expect(answer.data.calls.denominator?.unseen).toBeGreaterThan(0);
    await told.expectLists(answer, reviewed.north);
  });

  it.each([
    ['', 'metric'],
    ['metric=serviceLevel', 'metric'],
    ['metric=reviews&agent=nobody', 'agent'],
    ['metric=reviews&form=mine', 'form'],
    ['metric=reviews&timeZone=Asia/Tokyo', 'timeZone'],
    ['metric=reviews&compare=previous', 'compare'],
  ])('asked for with %s is refused, naming the field', async (parameters, field) => {
    const answer = await reviewed.get(`/explain?${RANGE}&${parameters}`);
    expect(answer.statusCode, answer.body).toBe(400);
    expect(answer.json().error.issues.map(({ path }: { path: string }) => path)).toEqual([field]);
  });

  it('is behind lists that take and leave out by its counts, and by nothing else', async () => {
    const answer = await reviewed.get(`/scores?${RANGE}&counted=liked`);
    expect(answer.json().error.issues.map(({ path }: { path: string }) => path)).toEqual(['counted']);
  });
});
