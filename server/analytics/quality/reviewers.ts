import type { TransactionSql } from 'postgres';
import type { QualitySummary, ReviewerFigures } from '../../../shared/contract/quality.ts';
import { ratio } from '../../../shared/metrics/serviceLevel.ts';
import { grouped } from '../grouped.ts';
import { type ScoreScope, scoresIn } from './scope.ts';

/** What reviewers did: each of them, and in which state their reviews are. */

const REVIEWERS_LIMIT = 200;

type States = QualitySummary['states'];

/** A reviewer is an account, whatever it was called, or an integrator's by name. */
interface Reviewer {
  reviewerId: string | null;
  reviewer: string;
}
const keyOf = ({ reviewerId, reviewer }: Reviewer) => reviewerId ?? `named ${reviewer}`;

interface Reviewed extends Reviewer {
  state: keyof States;
  reviews: number;
  scored: number;
  scoreSum: number;
  judged: number;
  passed: number;
}

/** The busiest first. */
export async function readReviewers(
  tx: TransactionSql,
  tenantId: string,
  scope: ScoreScope,
): Promise<{ reviewers: ReviewerFigures[]; states: States }> {
  const [rows, beside] = await Promise.all([
    readReviewed(tx, tenantId, scope),
    readBeside(tx, tenantId, scope),
  ]);
  const states: States = { signed: 0, acknowledged: 0, disputed: 0, resolved: 0 };
  for (const { state, reviews } of rows) states[state] += reviews;
  const besideBy = new Map(beside.map((one) => [keyOf(one), one]));
  const reviewers = [...grouped(rows, keyOf)].map(([key, own]): ReviewerFigures => {
    const sum = (of: 'reviews' | 'scored' | 'scoreSum' | 'judged' | 'passed') =>
      own.reduce((all, row) => all + row[of], 0);
    const { above, pairs } = besideBy.get(key) ?? { above: 0, pairs: 0 };
    return {
      reviewerId: own[0]?.reviewerId ?? null,
      reviewer: own.reduce((last, { reviewer }) => (reviewer > last ? reviewer : last), ''),
      reviews: sum('reviews'),
      qualityScore: ratio(sum('scoreSum'), sum('scored')),
      passRate: ratio(sum('passed'), sum('judged')),
      leniency: ratio(above, pairs),
      pairs,
    };
  });
  reviewers.sort((a, b) => b.reviews - a.reviews || (a.reviewer < b.reviewer ? -1 : 1));
  return { reviewers: reviewers.slice(0, REVIEWERS_LIMIT), states };
}

function readReviewed(tx: TransactionSql, tenantId: string, scope: ScoreScope): Promise<Reviewed[]> {
  return tx<Reviewed[]>`
    select s.reviewer_id as "reviewerId", s.reviewer_name as reviewer, s.state, count(*)::float8 as reviews,
      count(s.score)::float8 as scored, coalesce(sum(s.score), 0)::float8 as "scoreSum", count(s.is_passed)::float8 as judged,
      count(*) filter (where s.is_passed)::float8 as passed
    from call_quality_scores s where ${scoresIn(tx, tenantId, scope)} group by 1, 2, 3`;
}

/** By how many points each scored calls above others by the same form, or the difference would be the forms'. */
function readBeside(tx: TransactionSql, tenantId: string, scope: ScoreScope) {
  return tx<(Reviewer & { pairs: number; above: number })[]>`
    with found as materialized (
      select s.id, s.call_id, s.agent_id, s.form_version_id, s.reviewer_id, s.reviewer_name, s.score
      from call_quality_scores s where s.has_others and ${scoresIn(tx, tenantId, scope)}
    )
    select one.reviewer_id as "reviewerId", max(one.reviewer_name) as reviewer, count(*)::float8 as pairs,
      sum(one.score - other.score)::float8 as above
    from found one join found other on other.call_id = one.call_id and other.agent_id = one.agent_id
      and other.id <> one.id and other.form_version_id = one.form_version_id
      and (other.reviewer_id, other.reviewer_name) is distinct from (one.reviewer_id, one.reviewer_name)
    where one.score is not null and other.score is not null
    group by one.reviewer_id, case when one.reviewer_id is null then one.reviewer_name end`;
}
