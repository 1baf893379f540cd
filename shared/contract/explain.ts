import { z } from 'zod';
import { isLookedUp, METRICS, REVIEW_METRICS } from '../explain/catalogue.ts';
import { historyMeta, thresholdsUsed } from './analytics.ts';
import { expectLookUpDays, expectRange, filterShape, rangeShape, rulesShape } from './analyticsQuery.ts';
import { id } from './ids.ts';
import { DEFINITIONS, definition } from './metrics.ts';
import { instantParameter } from './period.ts';

/** `/api/v1/analytics/performance/explain`, and the same of `/quality/explain`: how one figure came about. Instants ISO 8601, durations in ms. */

export const explainQuery = z
  .strictObject({
    ...rangeShape,
    ...filterShape,
    ...rulesShape,
    metric: z.enum(METRICS, { error: `must be one of ${METRICS.join(', ')}` }),
    /** A figure of this agent's row, by any of his names. */
    agent: id.optional(),
    /** One step of a trend: its `start` and `end`, within the days. */
    start: instantParameter.optional(),
    end: instantParameter.optional(),
    /** As a queue is measured, or as a total, whose abandonment divides by calls [T5]. Left out: a queue where one is named. */
    of: z.enum(['queue', 'total']).optional(),
  })
  .superRefine(expectRange)
  .superRefine((query, context) => {
    if (isLookedUp(query.metric)) expectLookUpDays(query, context);
  });
export type ExplainQuery = z.output<typeof explainQuery>;

const number = z.number().nullable();
const unit = z.enum(['count', 'ratio', 'ms', 'points']);

/** A search that lists as many visits, legs or reviews as `count` says; `unseen`: how many more there are in queues out of sight. */
export const callsBehind = z.object({ count: z.number().int(), unseen: z.number().int(), href: z.string() });
export type CallsBehind = z.infer<typeof callsBehind>;

const calls = callsBehind.nullable();
/** Of what stands above and below the stroke, or of what a value was picked from; null where those are no visits. */
const bothCalls = z.object({ numerator: calls, denominator: calls });

const part = z.object({
  name: z.string(),
  /** As it stands in the formula, and what it counts. */
  label: z.string(),
  words: z.string(),
  value: number,
  unit,
  calls,
});

const leftOut = z.object({ name: z.string(), words: z.string(), value: number, unit, calls });

/** The same visits read in another way. */
const variant = z.object({
  name: z.enum([...DEFINITIONS, 'visits', 'calls', 'occupancy', 'utilisation']),
  /** It is the one the answer shows. */
  isShown: z.boolean(),
  ruleId: z.string(),
  words: z.string(),
  filled: z.string(),
  value: number,
  numerator: number,
  denominator: number,
  calls: bothCalls,
});

export const explanation = z.object({
  metric: z.enum([...new Set([...METRICS, ...REVIEW_METRICS])]),
  /** Of docs/metrics.md. */
  ruleId: z.string(),
  title: z.string(),
  unit,
  value: number,
  /** The formula, and the same with its numbers filled in. */
  words: z.string(),
  filled: z.string(),
  parts: z.array(part),
  /** What was left out, why, and how much of it. */
  excluded: z.array(leftOut),
  variants: z.array(variant),
  /** Observations it rests on, and how many are enough [T4]; null of a sum, which needs none. */
  sample: z.object({ size: z.number().int(), minimum: z.number().int(), isLow: z.boolean() }).nullable(),
  calls: bothCalls,
});
export type Explanation = z.infer<typeof explanation>;

export const explainAnswer = z.object({
  data: explanation.extend({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    /** These three are null of an agent, whose figures know none. */
    definition: definition.nullable(),
    thresholds: thresholdsUsed.nullable(),
    /** N of [H4], in days. */
    firstContactDays: z.number().int().nullable(),
    /** Whose time it is, where it is made of time: the agents of these days, one by one; null of a part of a day. */
    agents: z.string().nullable(),
  }),
  meta: historyMeta,
});
export type ExplainAnswer = z.infer<typeof explainAnswer>;
