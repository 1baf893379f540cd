import { z } from 'zod';
import { explained, historyMeta } from './analytics.ts';
import { expectLookUpDays, expectRange, filterShape, rangeShape } from './analyticsQuery.ts';
import { factsSince } from './shortCalls.ts';

/** `/api/v1/analytics/performance/transfers`: where transferred calls went [H6]. */

export const transfersQuery = z
  .strictObject({
    ...rangeShape,
    /** Of the queues they were transferred from. */
    ...filterShape,
    /** A row for each destination, or for each way from a queue to one. */
    groupBy: z.enum(['destination', 'route']).default('destination'),
  })
  .superRefine(expectRange)
  .superRefine(expectLookUpDays);
export type TransfersQuery = z.output<typeof transfersQuery>;

const count = z.number().int();
const text = z.string().nullable();

export const transfersRow = z.object({
  /** Where from; null: from all the queues asked for. */
  fromQueueId: text,
  fromName: text,
  /** To a queue; elsewhere, which is an extension or a number outside; or to queues that are out of sight. */
  to: z.enum(['queue', 'elsewhere', 'unseen']),
  toQueueId: text,
  toName: text,
  transfers: count,
  /** Of all the transfers. */
  share: z.number().nullable(),
});
export type TransfersRow = z.infer<typeof transfersRow>;

export const transfersAnswer = z.object({
  /** The most frequent first. */
  data: z.array(transfersRow),
  meta: historyMeta.extend({
    ...explained,
    total: z.object({ transferred: count, transferredToQueue: count, transferredElsewhere: count }),
    factsSince,
  }),
});
