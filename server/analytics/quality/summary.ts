import type { z } from 'zod';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type { qualitySummaryAnswer, RangeFigures } from '../../../shared/contract/quality.ts';
import type { QualityQuery } from '../../../shared/contract/qualityQuery.ts';
import { ratio } from '../../../shared/metrics/serviceLevel.ts';
import { type Asked, metaOf } from '../asked.ts';
import { explainTemplate } from '../performance/explainLinks.ts';
import { isRecounting } from '../performance/summary.ts';
import { piecesOf } from '../pieces.ts';
import { readPairs } from './calibration.ts';
import { comparedDays, comparedTo } from './compared.ts';
import { criteriaIn } from './criteria.ts';
import { readReviewers } from './reviewers.ts';
import { askScores, type ScoreScope, scoreScope } from './scope.ts';
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
  const [figures, previous, [criteria, { reviewers, states }]] = await Promise.all([
    readRange(asked, scope),
    compared && readRange(asked, { ...scope, range: compared }),
    askScores(asked, (tx) =>
      Promise.all([criteriaIn(tx, tenantId, scope), readReviewers(tx, tenantId, scope)]),
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
  const [sums, legs, pairs] = await askScores(asked, (tx) =>
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
