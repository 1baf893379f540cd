import type { z } from 'zod';
import type { Computed, SectorRow, sectorsAnswer } from '../../../shared/contract/analytics.ts';
import type { SectorsQuery } from '../../../shared/contract/analyticsQuery.ts';
import { UNASSIGNED_SECTOR } from '../../../shared/contract/settings.ts';
import { type Asked, askAlone, metaOf, pageOf, rangeOf } from '../asked.ts';
import { areContactsBehind } from '../centre.ts';
import { grouped } from '../grouped.ts';
import { piecesOf } from '../pieces.ts';
import { queueIdsOf, queueScope, sectorScope } from '../scope.ts';
import { explainTemplate } from './explainLinks.ts';
import { measureOf, thresholdsUsed } from './figures.ts';
import { readFigures } from './readFigures.ts';
import { isRecounting } from './summary.ts';

export type SectorsAnswer = Computed<z.infer<typeof sectorsAnswer>>;

/** The metrics of each sector's queues, sectors in the order of their ids; each belongs where settings put it now [T9]. */
export async function sectors(asked: Asked, query: SectorsQuery): Promise<SectorsAnswer> {
  const { centre, sight, now } = asked;
  const { settings } = centre;
  const { range } = rangeOf(centre, query);
  const queues = queueScope(centre, sight, query);
  const ids = queueIdsOf(centre, queues);
  const bySector = grouped(ids, (id) => settings.queues.get(id)?.sectorId ?? UNASSIGNED_SECTOR);
  const isNamed = query.queue.length > 0;
  const shown = sectorScope(centre, sight, query.sector).filter((id) => !isNamed || bySector.has(id));
  const { rows: page, nextCursor } = pageOf(shown, query, (id) => id);
  const measure = measureOf(settings, ids, query, centre.checkpoint.stamped);
  const pieces = piecesOf(range, centre.calendar, 'month');
  // A part of a sector's queues is no sum of theirs; and what a sector is was another one until all is counted again.
  const within = isNamed || areContactsBehind(centre) ? undefined : 'sector';
  const question = { pieces, queues, measure, starts: [], by: 'queue', within } as const;
  const figures = await askAlone(asked, (tx) => readFigures(tx, centre, question, now));
  const data = page.map((sectorId): SectorRow => {
    const own = bySector.get(sectorId) ?? [];
    return {
      sectorId,
      name: settings.sectors.get(sectorId) ?? sectorId,
      ...figures.metrics(0, own, true),
      definition: measure.definition,
      thresholds: thresholdsUsed(measure, own),
    };
  });
  const explain = explainTemplate({ ...query, sector: [], of: 'total' }, { sector: 'sectorId' });
  return { data, meta: { ...metaOf(asked, query, isRecounting(centre)), explain, nextCursor } };
}
