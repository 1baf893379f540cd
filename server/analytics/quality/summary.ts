import type { TransactionSql } from 'postgres';
import type { z } from 'zod';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type {
  qualitySummaryAnswer,
  RangeFigures,
  ReviewerFigures,
} from '../../../shared/contract/quality.ts';
import type { QualityQuery } from '../../../shared/contract/qualityQuery.ts';
import { ratio } from '../../../shared/metrics/serviceLevel.ts';
import { type Asked, ask, metaOf } from '../asked.ts';
import { explainTemplate } from '../performance/explainLinks.ts';
import { isRecounting } from '../performance/summary.ts';
import { piecesOf } from '../pieces.ts';
import { readPairs } from './calibration.ts';
import { comparedDays, comparedTo } from './compared.ts';
import { criteriaIn } from './criteria.ts';
import { type ScoreScope, scoreScope, scoresIn } from './scope.ts';
import { figuresOf, mergedScores, readLegSums, readScoreSums } from './sums.ts';

/** Everything scores of some days come to, and what those of other days came to, to compare them with. */
export async function qualitySummary(
  asked: Asked,
  query: QualityQuery,
): Promise<Computed<z.infer<typeof qualitySummaryAnswer>>> {
  const { centre } = asked;
  const { tenantId } = centre;
  const scope = await scoreScope(asked, query);
  const compared = comparedDays(asked, scope.range, query.compare, null);
  const [figures, previous, [criteria, reviewers, states]] = await Promise.all([
    readRange(asked, scope),
    compared && readRange(asked, { ...scope, range: compared }),
    ask(asked, (tx) =>
      Promise.all([
        criteriaIn(tx, tenantId, scope),
        readReviewers(tx, tenantId, scope),
        readStates(tx, tenantId, scope),
      ]),
    ),
  ]);
  return {
    data: { ...figures, ...(previous && { previous }), states, criteria, reviewers },
    meta: {
      ...metaOf(asked, query, isRecounting(centre)),
      explain: explainTemplate(query, {}, 'quality'),
      ...comparedTo(asked, compared),
    },
  };
}

async function readRange(asked: Asked, scope: ScoreScope): Promise<RangeFigures> {
  const { tenantId, settings, calendar } = asked.centre;
  const { minimumSample } = settings;
  const pieces = piecesOf(scope.range, calendar, 'month');
  const [sums, legs, pairs] = await ask(asked, (tx) =>
    Promise.all([
      readScoreSums(tx, tenantId, scope, { by: 'total' }),
      readLegSums(tx, tenantId, scope, { pieces, by: 'total' }),
      readPairs(tx, tenantId, scope),
    ]),
  );
  const { lowSample, ...figures } = figuresOf(mergedScores(sums), legs[0]?.answered ?? 0, minimumSample);
  const isSmall = pairs.pairs > 0 && pairs.pairs < minimumSample;
  return {
    ...figures,
    medianScore: sums[0]?.medianScore ?? null,
    calibration: ratio(pairs.sum, pairs.pairs),
    calibrationPairs: pairs.pairs,
    lowSample: [
      ...lowSample,
      ...(lowSample.includes('qualityScore') ? ['medianScore'] : []),
      ...(isSmall ? ['calibration'] : []),
    ],
  };
}

const REVIEWERS_LIMIT = 200;

async function readReviewers(
  tx: TransactionSql,
  tenantId: string,
  scope: ScoreScope,
): Promise<ReviewerFigures[]> {
  const rows = await tx<(Omit<ReviewerFigures, 'leniency'> & { above: number })[]>`
    with found as materialized (
      select s.id, s.call_id, s.agent_id, s.form_version_id, s.reviewer_id, s.reviewer_name, s.score, s.is_passed
      from call_quality_scores s where ${scoresIn(tx, tenantId, scope)}
    ),
    -- By the same form, or the difference would be the forms'.
    beside as (
      select one.reviewer_id, case when one.reviewer_id is null then one.reviewer_name end as called,
        count(*) as pairs, sum(one.score - other.score) as above
      from found one join found other on other.call_id = one.call_id and other.agent_id = one.agent_id
        and other.id <> one.id and other.form_version_id = one.form_version_id
        and (other.reviewer_id, other.reviewer_name) is distinct from (one.reviewer_id, one.reviewer_name)
      where one.score is not null and other.score is not null
      group by 1, 2
    ),
    own as (
      select reviewer_id, case when reviewer_id is null then reviewer_name end as called,
        max(reviewer_name) as reviewer, count(*) as reviews, avg(score) as score,
        count(*) filter (where is_passed) as passed, count(is_passed) as judged
      from found group by 1, 2
    )
    select own.reviewer_id as "reviewerId", own.reviewer, own.reviews::float8, own.score as "qualityScore",
      passed::float8 / nullif(judged, 0) as "passRate", coalesce(above, 0)::float8 as above,
      coalesce(pairs, 0)::float8 as pairs
    from own left join beside on (beside.reviewer_id, beside.called) is not distinct from (own.reviewer_id, own.called)
    order by own.reviews desc, own.reviewer limit ${REVIEWERS_LIMIT}`;
  return rows.map(({ above, pairs, ...row }) => ({
    ...row,
    leniency: pairs === 0 ? null : above / pairs,
    pairs,
  }));
}

async function readStates(tx: TransactionSql, tenantId: string, scope: ScoreScope) {
  const rows = await tx<{ state: 'signed' | 'acknowledged' | 'disputed' | 'resolved'; count: number }[]>`
    select s.state, count(*)::float8 as count from call_quality_scores s
    where ${scoresIn(tx, tenantId, scope)} group by 1`;
  const states = { signed: 0, acknowledged: 0, disputed: 0, resolved: 0 };
  for (const { state, count } of rows) states[state] = count;
  return states;
}
