import type { z } from 'zod';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type {
  PatternDay,
  PatternDaysQuery,
  patternDaysAnswer,
} from '../../../shared/contract/patternDays.ts';
import { type Asked, ask, isoOf, metaOf, rangeOf, takenInUntil } from '../asked.ts';
import { type Bucket, bucketsOf, type Calendar, type DayRange, dateAt } from '../calendar.ts';
import { queueIdsOf, queueScope } from '../scope.ts';
import { explainTemplate } from './explainLinks.ts';
import { measureOf, thresholdsUsed } from './figures.ts';
import { STEP_MINUTES } from './pattern.ts';
import { readFigures } from './readFigures.ts';
import { isRecounting } from './summary.ts';
import { cellAt, cellName, type WeekGrid } from './weekGrid.ts';

type Answer = Computed<z.infer<typeof patternDaysAnswer>>;

/** One cell of the pattern of a week day by day, up to now: a time that a clock shows twice is two rows, one it skips none [T1]. */
export async function patternDays(asked: Asked, query: PatternDaysQuery): Promise<Answer> {
  const { centre, sight, now } = asked;
  const { range, calendar } = rangeOf(centre, query);
  const queues = queueScope(centre, sight, query);
  const measure = measureOf(centre.settings, queueIdsOf(centre, queues), query, centre.checkpoint.stamped);
  const steps = stepsOf(range, calendar, query).filter(({ start }) => start <= now);
  // As in the pattern: hours of another clock need not begin where the tenant's do.
  const grain = calendar.timeZone === centre.calendar.timeZone ? query.step : 'interval';
  const pieces = steps.map(({ start, end }) => ({ grain, from: start, to: end }));
  const starts = steps.map(({ start }) => start);
  const question = { pieces, queues, measure, starts, by: 'total' } as const;
  const figures = steps.length > 0 ? await ask(asked, (tx) => readFigures(tx, centre, question, now)) : null;
  const until = takenInUntil(asked);
  const data = steps.flatMap(({ start, end }, place): PatternDay[] => {
    if (figures === null) return [];
    const partial = end > until || figures.unsettled(place) > 0;
    const metrics = figures.metrics(place, null, query.queue.length !== 1);
    return [{ start: isoOf(start), end: isoOf(end), partial, ...metrics }];
  });
  return {
    data,
    meta: {
      ...metaOf(asked, query, isRecounting(centre)),
      explain: explainTemplate(query, { start: 'start', end: 'end' }),
      definition: measure.definition,
      thresholds: thresholdsUsed(measure),
    },
  };
}

/** The steps of a range that lie in one cell, in order. */
function stepsOf(
  range: DayRange,
  calendar: Calendar,
  { step, weekday, startMinutes }: PatternDaysQuery,
): Bucket[] {
  const grid: WeekGrid = { calendar, stepMinutes: STEP_MINUTES[step] };
  const nameAt = (instant: number) => cellName(cellAt(instant, grid), grid);
  return bucketsOf(range, 'day', calendar)
    .filter(({ start }) => nameAt(start).weekday === weekday)
    .flatMap(({ start, end }) => {
      const date = dateAt(start, calendar);
      return bucketsOf({ startDate: date, endDate: date, from: start, to: end }, step, calendar);
    })
    .filter(({ start }) => nameAt(start).startMinutes === startMinutes);
}
