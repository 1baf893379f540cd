import type { z } from 'zod';
import type { Computed, QueueRow, trendsAnswer } from '../../../shared/contract/analytics.ts';
import type { TrendsQuery } from '../../../shared/contract/analyticsQuery.ts';
import { UNASSIGNED_SECTOR } from '../../../shared/contract/settings.ts';
import { type Asked, askAlone, metaOf, pageOf, rangeOf } from '../asked.ts';
import { piecesOf } from '../pieces.ts';
import { queueIdsOf, queueScope } from '../scope.ts';
import { explainTemplate } from './explainLinks.ts';
import { measureOf, thresholdsUsed } from './figures.ts';
import { readFigures } from './readFigures.ts';
import { isRecounting } from './summary.ts';

/** Trends grouped by queue: the whole range of each, queues in the order of their ids. */
export async function queues(
  asked: Asked,
  query: TrendsQuery,
): Promise<{ data: QueueRow[]; meta: Computed<z.infer<typeof trendsAnswer>>['meta'] }> {
  const { centre, sight, now } = asked;
  const { settings, checkpoint } = centre;
  const { range } = rangeOf(centre, query);
  const ids = queueIdsOf(centre, queueScope(centre, sight, query));
  const { rows: page, nextCursor } = pageOf(ids, query, (id) => id);
  const measure = measureOf(settings, page, query, checkpoint.stamped);
  const pieces = piecesOf(range, centre.calendar, 'month');
  const question = { pieces, queues: page, measure, starts: [], by: 'queue', within: 'queue' } as const;
  const figures = await askAlone(asked, (tx) => readFigures(tx, centre, question, now));
  const { definition } = measure;
  const data = page.map((queueId): QueueRow => {
    const decided = settings.queues.get(queueId);
    return {
      queueId,
      name: decided?.name ?? queueId,
      sectorId: decided?.sectorId ?? UNASSIGNED_SECTOR,
      ...figures.metrics(0, [queueId], false),
      definition,
      thresholds: thresholdsUsed(measure, [queueId]),
    };
  });
  const meta = metaOf(asked, query, isRecounting(centre));
  const explain = explainTemplate({ ...query, queue: [], sector: [] }, { queue: 'queueId' });
  return { data, meta: { ...meta, explain, nextCursor, definition, thresholds: thresholdsUsed(measure) } };
}
