import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  completionAnswer,
  qualitySummaryAnswer,
  qualityTrendsAnswer,
} from '../../../shared/contract/quality.ts';
import { createReviewed, type Reviewed } from './testing/reviewed.ts';

/** Reviews of some days beside those of others, held against SQL that was written on its own. */

let history: Reviewed['history'];
let formId: string;
let get: Reviewed['get'];
let read: Reviewed['read'];
beforeAll(async () => {
  ({ history, formId, get, read } = await createReviewed());
  // A score and its call a year back, 364 days to the same weekday.
  await history.test.ownerSql`
    insert into call_quality_scores (tenant_id, id, call_id, agent_id, queue_id, called_at, is_call_known, origin, event_seq,
      reviewer_name, form_name, answers, score, is_passed, state, signed_at)
    select tenant_id, gen_random_uuid(), 'old ' || call_id, agent_id, queue_id, called_at - interval '364 days', true, 'event',
      row_number() over (), 'Old', 'Old', '[]', score / 2, false, 'signed', now()
    from call_quality_scores where state <> 'draft'`;
}, 60_000);
afterAll(() => history.close());

const WEEK = 'startDate=2026-10-19&endDate=2026-10-25';

/** Of local days, both ends in them. */
async function figuresOf(from: string, to: string) {
  const [row] = await history.test.ownerSql`
    select count(*)::integer as reviews, avg(score)::float8 as score, percentile_cont(0.5) within group (order by score) as median,
      count(*) filter (where is_passed)::float8 / nullif(count(is_passed), 0) as rate,
      count(*) filter (where cardinality(failed_critical) > 0)::integer as failures,
      count(distinct (call_id, agent_id))::integer as reviewed
    from call_quality_scores
    where state <> 'draft' and (called_at at time zone 'Europe/Berlin')::date between ${from}::date and ${to}::date`;
  const [counted] = await history.test.ownerSql`
    select count(*)::integer as answered, count(*) filter (where is_completed)::integer as completed from agent_metrics
    where kind = 'answered' and (counted_at at time zone 'Europe/Berlin')::date between ${from}::date and ${to}::date`;
  return { ...row, ...counted } as Record<string, number | null>; // Columns of numbers alone.
}

function expectFigures(shown: Record<string, unknown>, wanted: Record<string, number | null>): void {
  expect(shown).toMatchObject({
    reviews: wanted.reviews,
    criticalFailures: wanted.failures,
    reviewed: wanted.reviewed,
    answered: wanted.answered,
  });
  for (const [name, value] of [
    ['qualityScore', wanted.score],
    ['medianScore', wanted.median],
    ['passRate', wanted.rate],
  ] as const) {
    if (value == null) expect(shown[name], name).toBeNull();
    else expect(shown[name], name).toBeCloseTo(value, 8);
  }
}

describe('reviews compared', () => {
  it.each([
    ['previous', '2026-10-12', '2026-10-18'],
    ['sameWeekday', '2026-10-12', '2026-10-18'],
    ['lastYear', '2025-10-20', '2025-10-26'],
  ])('[Q1] [Q2] with %s stand beside those of its days', async (compare, startDate, endDate) => {
    const { data, meta } = await read(`/summary?${WEEK}&compare=${compare}`, qualitySummaryAnswer);
    expect(meta.comparedTo).toEqual({ startDate, endDate, timeZone: 'Europe/Berlin' });
    expectFigures(data, await figuresOf('2026-10-19', '2026-10-25'));
    const wanted = await figuresOf(startDate, endDate);
    expect(wanted.reviews).toBeGreaterThan(0);
    expectFigures(data.previous ?? {}, wanted);
    // As the summary of those days says itself.
    const own = await read(`/summary?startDate=${startDate}&endDate=${endDate}`, qualitySummaryAnswer);
    const { states, criteria, reviewers, ...figures } = own.data;
    expect(data.previous).toEqual(figures);
  });

  it('[Q1] step by step, each with its like: of a month the month before', async () => {
    const { data, meta } = await read(
      '/trends?startDate=2026-10-01&endDate=2026-10-31&groupBy=month&compare=previous',
      qualityTrendsAnswer,
    );
    expect(meta.comparedTo).toMatchObject({ startDate: '2026-09-01', endDate: '2026-09-30' });
    const [row] = data;
    expect(row?.previous?.start).toBe('2026-08-31T22:00:00.000Z');
    expectFigures(row?.previous ?? {}, await figuresOf('2026-09-01', '2026-09-30'));
  });

  it('[T5] by day, a year before on the same weekday, and of one criterion', async () => {
    const { data } = await read(`/trends?${WEEK}&compare=lastYear`, qualityTrendsAnswer);
    expect(data).toHaveLength(7);
    for (const [place, { previous }] of data.entries()) {
      const day = `2025-10-${20 + place}`;
      expectFigures(previous ?? {}, await figuresOf(day, day));
    }
    const { data: tones } = await read(
      `/trends?${WEEK}&compare=previous&form=${formId}&criterion=tone`,
      qualityTrendsAnswer,
    );
    const [told] = await history.test.ownerSql`
      select avg(a.points) / 10 as share, count(a.points)::integer as answered
      from call_quality_scores s, jsonb_to_recordset(s.answers) a ("criterionId" text, points float8)
      where s.state <> 'draft' and a."criterionId" = 'tone'
        and (s.called_at at time zone 'Europe/Berlin')::date between '2026-10-12' and '2026-10-18'`;
    const before = tones.map(({ previous }) => previous);
    const answered = before.reduce((sum, one) => sum + (one?.criterionAnswered ?? 0), 0);
    const points = before.reduce(
      (sum, one) => sum + (one?.criterionShare ?? 0) * (one?.criterionAnswered ?? 0),
      0,
    );
    expect(answered).toBe(told?.answered);
    expect(points / answered).toBeCloseTo(Number(told?.share), 8);
  });

  it('[V5] so is completion, of agents who answered in either range', async () => {
    const { data, meta } = await read(
      '/completion?startDate=2026-10-01&endDate=2026-10-31&groupBy=month&by=agent&compare=previous',
      completionAnswer,
    );
    expect(meta.comparedTo).toMatchObject({ startDate: '2026-09-01', endDate: '2026-09-30' });
    const { answered, completed } = await figuresOf('2026-09-01', '2026-09-30');
    expect(data.reduce((sum, { previous }) => sum + (previous?.of ?? 0), 0)).toBe(answered);
    expect(data.reduce((sum, { previous }) => sum + (previous?.completed ?? 0), 0)).toBe(completed);
  });

  it('comes as a file with columns of both, and is refused where it is none', async () => {
    const file = await get(`/trends.csv?${WEEK}&compare=previous`);
    const [head = '', ...lines] = file.body.trim().split('\r\n');
    expect(head).toContain('previous.start');
    expect(head).toContain('previous.qualityScore');
    expect(lines).toHaveLength(7);
    expect((await get(`/trends.csv?${WEEK}`)).body).not.toContain('previous');
    for (const path of ['summary', 'trends', 'completion']) {
      const answer = await get(`/${path}?${WEEK}&compare=never`);
      expect(answer.statusCode).toBe(400);
      expect(answer.json().error.issues.map((issue: { path: string }) => issue.path)).toEqual(['compare']);
    }
  });
});
