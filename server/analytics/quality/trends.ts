import type { z } from 'zod';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type { qualityTrendsAnswer, StepFigures } from '../../../shared/contract/quality.ts';
import type { QualityTrendsQuery } from '../../../shared/contract/qualityQuery.ts';
import { type Asked, metaOf, refusal } from '../asked.ts';
import { isRecounting } from '../performance/summary.ts';
import { inSteps, type Steps } from './compared.ts';
import { criterionBySteps } from './criteria.ts';
import { askScores, scoreScope } from './scope.ts';
import { figuresOf, mergedScores, readLegSums, readScoreSums } from './sums.ts';

/** Scores by day, week or month of the calls, empty ones too, and their likes in another range to compare them with. */
export async function qualityTrends(
  asked: Asked,
  query: QualityTrendsQuery,
): Promise<Computed<z.infer<typeof qualityTrendsAnswer>>> {
  const { centre } = asked;
  const { tenantId, settings } = centre;
  const { criterion, form } = query;
  const scope = await scoreScope(asked, query);
  const read = async ({ range, starts, pieces }: Steps) => {
    const [sums, legs, shares] = await askScores(asked, (tx) =>
      Promise.all([
        readScoreSums(tx, tenantId, { ...scope, range }, { starts, by: 'total' }),
        readLegSums(tx, tenantId, scope, { pieces, starts, by: 'total' }),
        criterion !== undefined && form !== undefined
          ? criterionBySteps(tx, tenantId, { ...scope, range }, { starts, criterion, form })
          : undefined,
      ]),
    );
    if (shares === null) throw refusal('criterion', `${criterion}: the form has no such criterion`);
    return {
      sumsBy: new Map(sums.map((group) => [group.place, group])),
      answeredBy: new Map(legs.map(({ place, answered }) => [place, answered])),
      shares,
    };
  };
  const { rows, meta } = await inSteps(asked, scope.range, query, read);
  const data = rows(({ sumsBy, answeredBy, shares }, place): StepFigures => {
    const group = sumsBy.get(place);
    const answered = answeredBy.get(place) ?? 0;
    const share = shares?.get(place);
    return {
      ...figuresOf(mergedScores(group ? [group] : []), answered, settings.minimumSample),
      medianScore: group?.medianScore ?? null,
      criterionShare: share?.share ?? null,
      criterionAnswered: shares === undefined ? null : (share?.answered ?? 0),
    };
  });
  return { data, meta: { ...metaOf(asked, query, isRecounting(centre)), ...meta } };
}
