import { z } from 'zod';
import { explained, historyMeta } from './analytics.ts';
import { expectLookUpDays, expectRange, filterShape, pageShape, rangeShape } from './analyticsQuery.ts';
import { factsSince } from './shortCalls.ts';

/** `/api/v1/analytics/performance/called-back`: abandoned callers who called again and were answered [V12], by queue. */

export const calledBackQuery = z
  .strictObject({ ...rangeShape, ...filterShape, ...pageShape })
  .superRefine(expectRange)
  .superRefine(expectLookUpDays);
export type CalledBackQuery = z.output<typeof calledBackQuery>;

const count = z.number().int();

const calledBackShape = {
  abandoned: count,
  /** Those whose caller is known, callbacks of ours left out. */
  abandonedKnown: count,
  /** Those of them who called the same sector again within `meta.firstContactDays`, and were answered. */
  abandonedReturned: count,
  /** Of the known; null where there were none [T4]. */
  abandonedReturnRate: z.number().nullable(),
  lowSample: z.array(z.string()),
};
export type CalledBack = z.infer<z.ZodObject<typeof calledBackShape>>;

export const calledBackRow = z.object({
  queueId: z.string(),
  name: z.string(),
  sectorId: z.string(),
  ...calledBackShape,
});
export type CalledBackRow = z.infer<typeof calledBackRow>;

export const calledBackAnswer = z.object({
  data: z.array(calledBackRow),
  meta: historyMeta.extend({
    ...explained,
    nextCursor: z.string().nullable(),
    /** Of all the rows there are, not of this page alone. */
    total: z.object(calledBackShape),
    firstContactDays: count,
    /** Whoever hung up since then may still call again in time; null where nobody of the range may. */
    openSince: z.iso.datetime().nullable(),
    factsSince,
  }),
});
