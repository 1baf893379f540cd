import { z } from 'zod';
import { CALLS_LIMIT, callLeg, listShape } from './calls.ts';

/**
 * `/api/v1/legs`: what agents had to do with calls beside answering visits, which `/api/v1/calls` lists. A row is a ring that
 * nobody took, or an outbound call: what `missedRings` and `outbound` count. Instants ISO 8601, durations in ms.
 */

export const legsQuery = z.strictObject({
  kind: z.enum(['missed', 'outbound'], { error: 'must be missed or outbound' }),
  ...listShape,
  /** Only those of a queue: figures of queues count no others. */
  ofQueues: z.enum(['true'], { error: 'must be true, or left out' }).optional(),
  cursor: z.string().max(1_000).optional(),
  limit: z.coerce.number().int().min(1).max(CALLS_LIMIT).optional(),
});
export type LegsQuery = z.output<typeof legsQuery>;

const instant = z.iso.datetime().nullable();

export const legRow = callLeg.extend({
  callId: z.string(),
  /** When the ring or the call ended: where it counts. */
  countedAt: z.iso.datetime(),
});
export type LegRow = z.output<typeof legRow>;

export const legsAnswer = z.object({
  data: z.array(legRow),
  meta: z.object({
    /** The log position that history has been taken in to. */
    seq: z.number().int(),
    nextCursor: z.string().nullable(),
    from: instant,
    to: instant,
    timeZone: z.string(),
  }),
});
