import { FACTS, MS, type Shapes } from '../history/duck.ts';
import type { Range } from '../history/scans.ts';

/** What DuckDB has of reviews, and what it is asked. */

const scored = (alias: string) =>
  `from call_quality_scores ${alias} join quality_forms form on form.id = ${alias}.form_version_id`;

/** Reviews, and every answer beside what it is of. */
export const REVIEWED: Shapes = {
  ...FACTS,
  reviews: {
    from: `(select s.*, form.form_id ${scored('s')} order by called_at) as review`,
    columns: {
      id: ['id', 'varchar'],
      called_at: [MS('called_at'), 'bigint'],
      call_id: ['call_id', 'varchar'],
      agent: ['agent_id', 'varchar'],
      queue: ['queue_id', 'varchar'],
      reviewer: ['reviewer_id', 'varchar'],
      form: ['form_id', 'varchar'],
      version: ['form_version_id', 'varchar'],
      score: ['score', 'double'],
      passed: ['is_passed', 'boolean'],
      failed: ["failed_critical <> '{}'", 'boolean'],
      state: ['state', 'varchar'],
    },
  },
  answers: {
    from: `(
      select s.called_at, s.agent_id, s.queue_id, s.reviewer_id, form.form_id, answer->>'criterionId' as criterion,
        answer->>'points' as points, answer->>'criterionId' = any (s.failed_critical) as failed,
        case when answer->>'criterionId' = 'criterion-0' then 5 * form.version else 10 end as possible
      ${scored('s')}, jsonb_array_elements(s.answers) answer order by called_at
    ) as answer`,
    columns: {
      called_at: [MS('called_at'), 'bigint'],
      agent: ['agent_id', 'varchar'],
      queue: ['queue_id', 'varchar'],
      reviewer: ['reviewer_id', 'varchar'],
      form: ['form_id', 'varchar'],
      criterion: ['criterion', 'varchar'],
      points: ['points', 'double'],
      possible: ['possible', 'double'],
      failed: ['failed', 'boolean'],
    },
  },
};

/** Which of them: days, and what narrows them. */
export interface Which {
  range: Range;
  agents?: readonly string[];
  queues?: readonly string[];
  reviewer?: string;
  form?: string;
}

const listed = (column: string, among: readonly string[] | undefined) =>
  among ? ` and ${column} in (${among.map((one) => `'${one}'`).join(', ')})` : '';

function where({ range: { from, to }, agents, queues, reviewer, form }: Which): string {
  return `called_at >= ${from} and called_at < ${to}${listed('agent', agents)}${listed('queue', queues)}${listed('reviewer', reviewer ? [reviewer] : undefined)}${listed('form', form ? [form] : undefined)}`;
}

/** `instant` in a key is when a call was, in epoch ms. */
const keyed = (key: string, column: string) => `${key.replaceAll('instant', column)} as key`;

export function reviewScan(which: Which, key: string): string {
  return `
    select ${keyed(key, 'called_at')}, count(*) as reviews, count(score) as scored, avg(score) as "qualityScore",
      median(score) as "medianScore", count(*) filter (where passed) / nullif(count(passed), 0) as "passRate",
      count(*) filter (where failed) as "criticalFailures", count(distinct call_id || ' ' || agent) as reviewed
    from reviews where ${where(which)} group by 1`;
}

/** Of the same days, agents and queues. */
export function legScan({ range: { from, to }, agents, queues }: Which, key: string): string {
  return `
    select ${keyed(key, 'counted_at')}, count(*) as answered, sum(talk_ms + coalesce(hold_ms, 0) + coalesce(wrap_up_ms, 0)) / count(*) as "ahtMs"
    from legs where kind = 'answered' and counted_at >= ${from} and counted_at < ${to}
      ${listed('identity', agents)}${listed('queue', queues)} group by 1`;
}

/** Every two reviews of a call by the same version of a form. */
export function pairScan(which: Which, key: string): string {
  return `
    with found as (select * from reviews where ${where(which)})
    select ${keyed(key, 'one.called_at')}, count(*) as "calibrationPairs", avg(abs(one.score - other.score)) as calibration
    from found one join found other on other.call_id = one.call_id and other.agent = one.agent
      and other.version = one.version and other.id > one.id
    group by 1`;
}

export function criterionScan(which: Which): string {
  return `
    select form || criterion as key, count(points) as answered, count(*) - count(points) as "notApplicable",
      sum(points) / sum(possible) filter (where points is not null) as share, count(*) filter (where failed) as "criticalFailures"
    from answers where ${where(which)} group by 1`;
}

export function criterionStepScan(which: Which, criterion: string, key: string): string {
  return `
    select ${keyed(key, 'called_at')}, count(points) as "criterionAnswered",
      sum(points) / sum(possible) filter (where points is not null) as "criterionShare"
    from answers where criterion = '${criterion}' and ${where(which)} group by 1`;
}

export function reviewerScan(which: Which): string {
  return `
    with found as (select * from reviews where ${where(which)}),
    beside as (
      select one.reviewer, count(*) as pairs, avg(one.score - other.score) as leniency
      from found one join found other on other.call_id = one.call_id and other.agent = one.agent
        and other.version = one.version and other.reviewer <> one.reviewer
      group by 1
    )
    select reviewer as key, count(*) as reviews, avg(score) as "qualityScore",
      count(*) filter (where passed) / count(passed) as "passRate", any_value(leniency) as leniency,
      coalesce(any_value(pairs), 0) as pairs
    from found left join beside using (reviewer) group by 1`;
}

export function stateScan(which: Which): string {
  return `
    select 'states' as key, count(*) filter (where state = 'signed') as signed,
      count(*) filter (where state = 'acknowledged') as acknowledged, count(*) filter (where state = 'disputed') as disputed,
      count(*) filter (where state = 'resolved') as resolved
    from reviews where ${where(which)}`;
}

export function completionScan({ from, to }: Range, key: string): string {
  return `
    select ${keyed(key, 'entered_at')}, count(*) filter (where is_completed) as completed,
      count(*) filter (where outcome not in ('refused', 'lost', 'open')) as of,
      count(*) filter (where is_completed) / count(*) filter (where outcome not in ('refused', 'lost', 'open')) as "completionRate"
    from visits where entered_at >= ${from} and entered_at < ${to} group by 1`;
}

/** The hundred newest that a condition lets through. */
export function listScan(which: Which, condition: string): string {
  return `
    select id as key, score, passed as "isPassed", 1 as version from reviews where ${where(which)} and ${condition}
    order by called_at desc, id desc limit 100`;
}

export function severalScan(which: Which, limit: number): string {
  return `
    select call_id || agent as key, max(score) - min(score) as spread, max(score) - min(score) as difference,
      max(called_at) as "calledAt"
    from reviews where ${where(which)} group by call_id, agent, version having count(*) > 1
    order by max(called_at) desc, call_id desc, agent desc limit ${limit}`;
}

/** Nobody has begun any that is not signed. */
export function dueScan(which: Which): string {
  return `select agent as key, count(distinct call_id) as done, 0 as begun from reviews where ${where(which)} group by 1`;
}

/** The first so many by a digest of calls that nobody has reviewed. */
export function sampleScan({ range: { from, to } }: Which, seed: string, limit: number): string {
  return `
    select call_id as key, talk_ms as "talkMs", hold_ms as "holdMs", is_transferred as "isTransferred"
    from legs where kind = 'answered' and counted_at >= ${from} and counted_at < ${to}
      and not exists (from reviews where reviews.call_id = legs.call_id and reviews.agent = legs.identity)
    order by md5(call_id || ' ${seed}'), call_id limit ${limit}`;
}
