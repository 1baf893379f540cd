import { z } from 'zod';
import { explained, historyMeta } from './analytics.ts';
import { expectRange, filterShape, pageShape, rangeShape } from './analyticsQuery.ts';

/** `/api/v1/analytics/performance/short-calls`: answered calls whose talk was over in less than 10 s [H5], by queue or by agent. */

export const shortCallsQuery = z
  .strictObject({
    ...rangeShape,
    ...filterShape,
    ...pageShape,
    groupBy: z.enum(['queue', 'agent']).default('queue'),
  })
  .superRefine(expectRange);
export type ShortCallsQuery = z.output<typeof shortCallsQuery>;

const count = z.number().int();

/** `shortTalkRate`: of the answered; null where there were none [T4]. */
const shortCallsShape = {
  answered: count,
  shortTalks: count,
  shortTalkRate: z.number().nullable(),
  lowSample: z.array(z.string()),
};

export type ShortCalls = z.infer<z.ZodObject<typeof shortCallsShape>>;

const shortCallsOfQueue = z.object({
  queueId: z.string(),
  name: z.string(),
  sectorId: z.string(),
  ...shortCallsShape,
});
const shortCallsOfAgent = z.object({
  agentId: z.string(),
  name: z.string(),
  sectorId: z.string(),
  ...shortCallsShape,
});
export const SHORT_CALLS_ROWS = { queue: shortCallsOfQueue, agent: shortCallsOfAgent } as const;
export type ShortCallsOfQueue = z.infer<typeof shortCallsOfQueue>;
export type ShortCallsOfAgent = z.infer<typeof shortCallsOfAgent>;

/** Since when there are visits to count: null, all of the range; later than its beginning, only from then on. */
export const factsSince = z.iso.datetime().nullable();

export const shortCallsAnswer = z.object({
  data: z.union([z.array(shortCallsOfQueue), z.array(shortCallsOfAgent)]),
  meta: historyMeta.extend({
    ...explained,
    nextCursor: z.string().nullable(),
    /** Of all the rows there are, not of this page alone. */
    total: z.object(shortCallsShape),
    factsSince,
  }),
});
