import { z } from 'zod';
import { REVIEW_METRICS } from '../explain/catalogue.ts';
import {
  compareShape,
  expectRange,
  filterShape,
  ids,
  pageShape,
  RANGE_DAYS_LIMIT,
  rangeShape,
} from './analyticsQuery.ts';
import { id } from './ids.ts';
import { REVIEW_COUNTS, reviewerFilter, SCORE_ORIGINS, SCORE_STATES } from './qualityScores.ts';
import { several } from './several.ts';

/**
 * Parameters of `/api/v1/analytics/quality`. Days are the tenant's, and a score counts on the day of its *call* [T2], so that
 * it can be held against the calls of the same days. What is not known here is refused.
 */

/** `queue`: in which the call was; `sector`: the agent's [T9]. */
const filters = {
  ...rangeShape,
  ...filterShape,
  agent: ids,
  /** An account's id, or an integrator's reviewer by name. */
  reviewer: reviewerFilter.optional(),
  form: z.uuid('must be the id of a form').optional(),
};

export const qualityQuery = z.strictObject({ ...filters, ...compareShape }).superRefine(expectRange);
export type QualityQuery = z.output<typeof qualityQuery>;

export const qualityAgentsQuery = z.strictObject({ ...filters, ...pageShape }).superRefine(expectRange);
export type QualityAgentsQuery = z.output<typeof qualityAgentsQuery>;

const QUALITY_GROUP_BY = ['day', 'week', 'month'] as const;
const groupBy = z.enum(QUALITY_GROUP_BY).default('day');

export const qualityTrendsQuery = z
  .strictObject({
    ...filters,
    ...compareShape,
    groupBy,
    /** Of one criterion of `form`: `criterionShare` is then there. */
    criterion: id.optional(),
  })
  .superRefine(expectRange)
  .refine(({ criterion, form }) => criterion === undefined || form !== undefined, {
    path: ['form'],
    message: 'must be given with criterion',
  });
export type QualityTrendsQuery = z.output<typeof qualityTrendsQuery>;

/** Days in which `by=queue` and `by=agent` take `groupBy=day`. */
const COMPLETION_DAYS = 366;

export const completionQuery = z
  .strictObject({
    ...rangeShape,
    ...filterShape,
    agent: ids,
    ...compareShape,
    groupBy,
    by: z.enum(['total', 'queue', 'agent']).default('total'),
    ...pageShape,
    /** Queues or agents on a page, each with all of its steps. */
    limit: z.coerce.number().int().min(1).max(100).default(20),
  })
  .superRefine(expectRange)
  .superRefine((query, context) => {
    const { by, startDate, endDate } = query;
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (by !== 'agent' && query.agent.length > 0) refuse('agent', 'takes by=agent');
    if (by === 'agent' && query.queue.length > 1) refuse('queue', 'must be one, or none, with by=agent');
    const days = (Date.parse(endDate) - Date.parse(startDate)) / 86_400_000 + 1;
    if (by !== 'total' && query.groupBy === 'day' && days > COMPLETION_DAYS && days <= RANGE_DAYS_LIMIT)
      refuse(
        'groupBy',
        `day takes at most ${COMPLETION_DAYS} days by ${by}; take a longer step or fewer days`,
      );
  });
export type CompletionQuery = z.output<typeof completionQuery>;

/** How one figure of the same reviews came about. */
export const qualityExplainQuery = z
  .strictObject({
    ...filters,
    metric: z.enum(REVIEW_METRICS, { error: `must be one of ${REVIEW_METRICS.join(', ')}` }),
  })
  .superRefine(expectRange);
export type QualityExplainQuery = z.output<typeof qualityExplainQuery>;

const counts = several(
  z.enum(REVIEW_COUNTS),
  REVIEW_COUNTS.length,
  `must be one of ${REVIEW_COUNTS.join(', ')}`,
);
const points = z.coerce.number({ error: 'must be a number' }).min(0).max(100);
const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true');

export const scoresQuery = z
  .strictObject({
    ...filters,
    /** Left out: all but drafts. `draft`: one's own. */
    state: several(z.enum(SCORE_STATES), 5, `must be among ${SCORE_STATES.join(', ')}`).optional(),
    origin: z.enum(SCORE_ORIGINS).optional(),
    callId: id.optional(),
    minScore: points.optional(),
    maxScore: points.optional(),
    passed: flag.optional(),
    /** Whether a critical criterion was failed. */
    critical: flag.optional(),
    /** The reviews that a figure counts, any of several; and of those not the ones that these count. */
    counted: counts.optional(),
    notCounted: counts.optional(),
    ...pageShape,
  })
  .superRefine(expectRange);
export type ScoresQuery = z.output<typeof scoresQuery>;

export const calibrationQuery = z
  .strictObject({ ...filters, ...pageShape, limit: z.coerce.number().int().min(1).max(200).default(50) })
  .superRefine(expectRange);
export type CalibrationQuery = z.output<typeof calibrationQuery>;

/** `lowScore`: calls, at random, of the quarter of agents whose scores of the last 90 days were lowest. */
export const SAMPLE_ORDERS = ['random', 'longest', 'shortest', 'lowScore'] as const;
export const SAMPLE_DAYS_LIMIT = 31;

export const sampleQuery = z
  .strictObject({
    ...rangeShape,
    ...filterShape,
    agent: ids,
    order: z.enum(SAMPLE_ORDERS).default('random'),
    /** The same seed gives the same calls in the same order, as long as none of them is reviewed. */
    seed: id.default('0'),
    /** Calls shorter than this are left out. */
    minTalkSeconds: z.coerce.number().int('must be whole seconds').min(0).max(86_400).default(0),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  })
  .superRefine(expectRange)
  .superRefine(({ startDate, endDate }, context) => {
    const days = (Date.parse(endDate) - Date.parse(startDate)) / 86_400_000 + 1;
    if (days > SAMPLE_DAYS_LIMIT && days <= RANGE_DAYS_LIMIT)
      context.addIssue({
        code: 'custom',
        path: ['endDate'],
        message: `must be within ${SAMPLE_DAYS_LIMIT} days of startDate`,
      });
  });
export type SampleQuery = z.output<typeof sampleQuery>;

/** `month`: 2026-11. */
export const dueQuery = z
  .strictObject({
    month: z.string().regex(/^(19[7-9]\d|2\d{3})-(0[1-9]|1[0-2])$/, 'must be a month, like 2026-11'),
    sector: ids,
    agent: ids,
    ...pageShape,
  })
  .transform(({ month, ...rest }) => {
    const [year = 0, number = 0] = month.split('-').map(Number);
    const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
    return { ...rest, queue: [], startDate: `${month}-01`, endDate: `${month}-${last}` };
  });
export type DueQuery = z.output<typeof dueQuery>;
