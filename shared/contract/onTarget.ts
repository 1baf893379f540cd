import { z } from 'zod';
import { historyMeta, measured } from './analytics.ts';
import { expectLookUpDays, expectRange, filterShape, rangeShape } from './analyticsQuery.ts';
import { definition } from './metrics.ts';

/** `/api/v1/analytics/performance/on-target`: of how many quarters of an hour the service level kept its target [SL8]. */

export const onTargetQuery = z
  .strictObject({
    ...rangeShape,
    ...filterShape,
    definition: definition.optional(),
    groupBy: z.enum(['queue', 'day', 'hour']).default('queue'),
  })
  .superRefine(expectRange)
  .superRefine(expectLookUpDays);
export type OnTargetQuery = z.output<typeof onTargetQuery>;

const count = z.number().int();

const onTargetShape = {
  /** What is wanted of the service level, 0–1. */
  target: z.number(),
  /** Those that are over and have a service level. */
  intervals: count,
  onTarget: count,
  /** Null where there are none [T4]. */
  onTargetShare: z.number().nullable(),
};
export type OnTarget = z.infer<z.ZodObject<typeof onTargetShape>>;

/** Of a queue by its own target; of all of them together, by day or by weekday and hour, by the target of the whole. */
export const ON_TARGET_ROWS = {
  queue: z.object({ queueId: z.string(), name: z.string(), sectorId: z.string(), ...onTargetShape }),
  day: z.object({ date: z.iso.date(), ...onTargetShape }),
  hour: z.object({ weekday: count, startMinutes: count, ...onTargetShape }),
} as const;
export type OnTargetRow = z.infer<(typeof ON_TARGET_ROWS)[keyof typeof ON_TARGET_ROWS]>;

export const onTargetAnswer = z.object({
  data: z.union([z.array(ON_TARGET_ROWS.queue), z.array(ON_TARGET_ROWS.day), z.array(ON_TARGET_ROWS.hour)]),
  meta: historyMeta.extend({ ...measured, total: z.object(onTargetShape) }),
});
