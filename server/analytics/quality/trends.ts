import type { z } from 'zod';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type { QualityBucketRow, qualityTrendsAnswer } from '../../../shared/contract/quality.ts';
import type { QualityTrendsQuery } from '../../../shared/contract/qualityQuery.ts';
import { type Asked, ask, isoOf, metaOf, refusal, takenInUntil } from '../asked.ts';
import { bucketsOf } from '../calendar.ts';
import { isRecounting } from '../performance/summary.ts';
import { piecesOf } from '../pieces.ts';
import { criterionBySteps } from './criteria.ts';
import { scoreScope } from './scope.ts';
import { figuresOf, mergedScores, readLegSums, readScoreSums } from './sums.ts';

/** Scores by day, week or month of the calls, empty ones too. */
export async function qualityTrends(
  asked: Asked,
  query: QualityTrendsQuery,
): Promise<Computed<z.infer<typeof qualityTrendsAnswer>>> {
  const { centre } = asked;
  const { tenantId, settings, calendar } = centre;
  const { groupBy, criterion, form } = query;
  const scope = await scoreScope(asked, query);
  const buckets = bucketsOf(scope.range, groupBy, calendar);
  const starts = buckets.map(({ start }) => start);
  const pieces = piecesOf(scope.range, calendar, groupBy === 'month' ? 'month' : 'day');
  const [sums, legs, shares] = await ask(asked, (tx) =>
    Promise.all([
      readScoreSums(tx, tenantId, scope, { starts, by: 'total' }),
      readLegSums(tx, tenantId, scope, { pieces, starts, by: 'total' }),
      criterion !== undefined && form !== undefined
        ? criterionBySteps(tx, tenantId, scope, { starts, criterion, form })
        : undefined,
    ]),
  );
  if (shares === null) throw refusal('criterion', `${criterion}: the form has no such criterion`);
  const sumsBy = new Map(sums.map((group) => [group.place, group]));
  const answeredBy = new Map(legs.map(({ place, answered }) => [place, answered]));
  const until = takenInUntil(asked);
  const data = buckets.map(({ start, end, isClipped }, place): QualityBucketRow => {
    const group = sumsBy.get(place);
    const answered = answeredBy.get(place) ?? 0;
    const share = shares?.get(place);
    return {
      start: isoOf(start),
      end: isoOf(end),
      partial: isClipped || end > until,
      ...figuresOf(mergedScores(group ? [group] : []), answered, settings.minimumSample),
      medianScore: group?.medianScore ?? null,
      criterionShare: share?.share ?? null,
      criterionAnswered: shares === undefined ? null : (share?.answered ?? 0),
    };
  });
  return { data, meta: metaOf(asked, query, isRecounting(centre)) };
}
