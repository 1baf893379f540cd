import type { z } from 'zod';
import type { BucketRow, Computed, trendsAnswer } from '../../../shared/contract/analytics.ts';
import type { TimeGroup, TrendsQuery } from '../../../shared/contract/analyticsQuery.ts';
import type { Grain } from '../../history/rollUps/buckets.ts';
import { type Asked, ask, isoOf, metaOf, rangeOf, refusal, takenInUntil } from '../asked.ts';
import { type Bucket, bucketsOf, type DayRange, daysBetween } from '../calendar.ts';
import { comparedRange, likesOf } from '../compare.ts';
import { JoinedRow } from '../joinedRow.ts';
import { lazily } from '../lazily.ts';
import { piecesOf } from '../pieces.ts';
import { queueIdsOf, queueScope } from '../scope.ts';
import { explainTemplate } from './explainLinks.ts';
import { measureOf, thresholdsUsed } from './figures.ts';
import { readFigures } from './readFigures.ts';
import { daysOf, isRecounting } from './summary.ts';

/** The rows a trend adds up: of weeks days, of months whole months and the days at the edges of the range. */
const GRAIN: Record<TimeGroup, Grain> = {
  interval: 'interval',
  hour: 'hour',
  day: 'day',
  week: 'day',
  month: 'month',
};

/** Days of another clock are added up from intervals, ninety-six and more of them each. */
const OTHER_ZONE_DAYS_LIMIT = 366;

/** A row for every step of the range, empty ones too, and its like in another range to compare it with. */
export async function trends(
  asked: Asked,
  query: TrendsQuery,
  groupBy: TimeGroup,
): Promise<{ data: Iterable<JoinedRow<BucketRow>>; meta: Computed<z.infer<typeof trendsAnswer>>['meta'] }> {
  const { centre, sight, now } = asked;
  const { settings, checkpoint } = centre;
  const { range, calendar } = rangeOf(centre, query);
  const isOther = calendar.timeZone !== centre.calendar.timeZone;
  if (isOther && daysBetween(range.startDate, range.endDate) + 1 > OTHER_ZONE_DAYS_LIMIT)
    throw refusal('timeZone', `takes at most ${OTHER_ZONE_DAYS_LIMIT} days where it is not the tenant's own`);
  const queues = queueScope(centre, sight, query);
  const measure = measureOf(settings, queueIdsOf(centre, queues), query, checkpoint.stamped);
  const grain = isOther ? 'interval' : GRAIN[groupBy];
  const isTotal = query.queue.length !== 1;
  const read = async (days: DayRange) => {
    const buckets = bucketsOf(days, groupBy, calendar);
    const starts = buckets.map(({ start }) => start);
    const pieces = piecesOf(days, centre.calendar, grain);
    const question = { pieces, queues, measure, starts, by: 'total' } as const;
    const figures = await ask(asked, (tx) => readFigures(tx, centre, question, now));
    return { buckets, figures };
  };
  const compared = query.compare && comparedRange(range, query.compare, groupBy, calendar);
  const [main, other] = await Promise.all([read(range), compared && read(compared)]);
  const likes = other && likesOf(main.buckets, other.buckets, groupBy, calendar);
  const until = takenInUntil(asked);
  const likeOf = ({ buckets, figures }: typeof main, place: number | null) => {
    const bucket = place === null ? undefined : buckets[place];
    return bucket && place !== null
      ? { ...boundsOf(bucket), ...figures.metrics(place, null, isTotal) }
      : null;
  };
  const data = lazily(main.buckets, (bucket, place): JoinedRow<BucketRow> => {
    const partial = bucket.isClipped || bucket.end > until || main.figures.unsettled(place) > 0;
    const own = { ...boundsOf(bucket), partial };
    const metrics = main.figures.metrics(place, null, isTotal);
    if (!other) return JoinedRow.of(own, metrics);
    return JoinedRow.of(own, metrics, { previous: likeOf(other, likes?.[place] ?? null) });
  });
  const meta = {
    ...metaOf(asked, query, isRecounting(centre)),
    explain: explainTemplate(query, { start: 'start', end: 'end' }),
    nextCursor: null,
    definition: measure.definition,
    thresholds: thresholdsUsed(measure),
    ...(compared && { comparedTo: daysOf(compared, calendar.timeZone) }),
  };
  return { data, meta };
}

function boundsOf({ start, end }: Bucket) {
  return { start: isoOf(start), end: isoOf(end) };
}
