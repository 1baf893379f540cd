import type { z } from 'zod';
import type { Computed, summaryAnswer } from '../../../shared/contract/analytics.ts';
import type { SummaryQuery } from '../../../shared/contract/analyticsQuery.ts';
import { type Asked, askAlone, metaOf, rangeOf } from '../asked.ts';
import type { DayRange } from '../calendar.ts';
import { areContactsBehind, type Centre } from '../centre.ts';
import { comparedRange } from '../compare.ts';
import { fingerprintsOf } from '../fingerprints.ts';
import { piecesOf } from '../pieces.ts';
import { queueIdsOf, queueScope } from '../scope.ts';
import { explainTemplate } from './explainLinks.ts';
import { measureOf, thresholdsUsed } from './figures.ts';
import { readFigures } from './readFigures.ts';

export type SummaryAnswer = Computed<z.infer<typeof summaryAnswer>>;

/** One set of metrics over a range of days, and over another to compare it with. */
export async function summary(asked: Asked, query: SummaryQuery): Promise<SummaryAnswer> {
  const { centre, sight, now } = asked;
  const { range, calendar } = rangeOf(centre, query);
  const queues = queueScope(centre, sight, query);
  const measure = measureOf(centre.settings, queueIdsOf(centre, queues), query, centre.checkpoint.stamped);
  const compared = query.compare && comparedRange(range, query.compare, null, calendar);
  const isTotal = query.queue.length !== 1;
  const read = async ({ from, to }: DayRange) => {
    const pieces = piecesOf({ from, to }, centre.calendar, 'month');
    const question = { pieces, queues, measure, starts: [], by: 'total' } as const;
    const figures = await askAlone(asked, (tx) => readFigures(tx, centre, question, now));
    return figures.metrics(0, null, isTotal);
  };
  const [metrics, previous] = await Promise.all([read(range), compared && read(compared)]);
  return {
    data: {
      ...metrics,
      definition: measure.definition,
      thresholds: thresholdsUsed(measure),
      ...(previous && { previous }),
    },
    meta: {
      ...metaOf(asked, query, isRecounting(centre)),
      explain: explainTemplate(query),
      ...(compared && { comparedTo: daysOf(compared, calendar.timeZone) }),
    },
  };
}

/** Settings have changed since roll-ups were stamped. */
export function isRecounting(centre: Centre): boolean {
  const { settings, checkpoint } = centre;
  return checkpoint.stamped !== fingerprintsOf(settings).thresholds || areContactsBehind(centre);
}

export function daysOf({ startDate, endDate }: DayRange, timeZone: string) {
  return { startDate, endDate, timeZone };
}
