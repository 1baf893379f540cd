import type { z } from 'zod';
import type { Computed, PatternRow, patternAnswer } from '../../../shared/contract/analytics.ts';
import type { PatternQuery } from '../../../shared/contract/analyticsQuery.ts';
import { type Asked, ask, metaOf, rangeOf } from '../asked.ts';
import { bucketsOf } from '../calendar.ts';
import { JoinedRow } from '../joinedRow.ts';
import { lazily } from '../lazily.ts';
import { piecesOf } from '../pieces.ts';
import { queueIdsOf, queueScope } from '../scope.ts';
import { measureOf, thresholdsUsed } from './figures.ts';
import { readFigures } from './readFigures.ts';
import { isRecounting } from './summary.ts';
import { cellAt, cellName, type WeekGrid } from './weekGrid.ts';

export const STEP_MINUTES = { interval: 15, hour: 60 } as const;

/** All days of a range laid over one week: each cell the ratio of its sums [T5]. Cells in which nothing was are left out. */
export async function pattern(
  asked: Asked,
  query: PatternQuery,
): Promise<{ data: Iterable<JoinedRow<PatternRow>>; meta: Computed<z.infer<typeof patternAnswer>>['meta'] }> {
  const { centre, sight, now } = asked;
  const { range, calendar } = rangeOf(centre, query);
  const isOther = calendar.timeZone !== centre.calendar.timeZone;
  const queues = queueScope(centre, sight, query);
  const measure = measureOf(centre.settings, queueIdsOf(centre, queues), query, centre.checkpoint.stamped);
  const grid: WeekGrid = { calendar, stepMinutes: STEP_MINUTES[query.step] };
  // Hours of another clock need not begin where the tenant's do.
  const pieces = piecesOf(range, centre.calendar, isOther ? 'interval' : query.step);
  const question = { pieces, queues, measure, starts: grid, by: 'total' } as const;
  const figures = await ask(asked, (tx) => readFigures(tx, centre, question, now));
  const days = weekdaysOf(
    bucketsOf(range, 'day', calendar).filter(({ start }) => start <= now),
    grid,
  );
  const data = lazily(figures.places(), (cell): JoinedRow<PatternRow> => {
    const { weekday, startMinutes } = cellName(cell, grid);
    const metrics = figures.metrics(cell, null, query.queue.length !== 1);
    return JoinedRow.of({ weekday, startMinutes, days: days[weekday - 1] ?? 0 }, metrics);
  });
  const meta = {
    ...metaOf(asked, query, isRecounting(centre)),
    stepMinutes: grid.stepMinutes,
    definition: measure.definition,
    thresholds: thresholdsUsed(measure),
  };
  return { data, meta };
}

/** How many of some days are each of the seven, Monday first. */
function weekdaysOf(days: readonly { start: number }[], grid: WeekGrid): number[] {
  const counts = [0, 0, 0, 0, 0, 0, 0];
  for (const { start } of days) {
    const { weekday } = cellName(cellAt(start, grid), grid);
    counts[weekday - 1] = (counts[weekday - 1] ?? 0) + 1;
  }
  return counts;
}
