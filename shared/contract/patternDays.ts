import { z } from 'zod';
import { bucketRow, explained, historyMeta, measured } from './analytics.ts';
import {
  expectPatternDays,
  expectRange,
  filterShape,
  PATTERN_STEPS,
  rangeShape,
  refuse,
  rulesShape,
} from './analyticsQuery.ts';

/** `/api/v1/analytics/performance/pattern/days`: one time of one weekday, day by day: what a cell of the pattern is made of. */

const weekday = z.coerce.number({ error: 'must be a weekday, 1 is Monday' }).int().min(1).max(7);
const startMinutes = z.coerce
  .number({ error: 'must be minutes after midnight' })
  .int('must be whole minutes')
  .min(0)
  .max(1_439);

export const patternDaysQuery = z
  .strictObject({
    ...rangeShape,
    ...filterShape,
    ...rulesShape,
    step: z.enum(PATTERN_STEPS).default('hour'),
    /** As the pattern names its cell: ISO weekday on which the day began, and what the clock shows where the step begins. */
    weekday,
    startMinutes,
  })
  .superRefine(expectRange)
  .superRefine(expectPatternDays)
  .superRefine(({ step, startMinutes }, context) => {
    const minutes = step === 'hour' ? 60 : 15;
    if (startMinutes % minutes !== 0)
      refuse(context, 'startMinutes', `must be where a step begins, a multiple of ${minutes}`);
  });
export type PatternDaysQuery = z.output<typeof patternDaysQuery>;

export const patternDaysAnswer = z.object({
  data: z.array(bucketRow.omit({ previous: true })),
  meta: historyMeta.extend({ ...explained, ...measured }),
});
export type PatternDay = z.infer<typeof patternDaysAnswer>['data'][number];
