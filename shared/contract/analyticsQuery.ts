import { z } from 'zod';
import { RANKED, type RankedMetric } from './analytics.ts';
import { id } from './ids.ts';
import { definition } from './metrics.ts';
import { timeZone } from './settingsRest.ts';

/** Parameters of `/api/v1/analytics/performance`. What is not known here is refused. */

const DAY_MS = 86_400_000;

/** Five years, two of them leap years. */
export const RANGE_DAYS_LIMIT = 1_827;
/** The most days a grouping may cover; the others: {@link RANGE_DAYS_LIMIT}. */
const GROUPED_DAYS_LIMIT: Partial<Record<GroupBy, number>> = { interval: 31, hour: 366 };
/** Waits are kept by whole second up to here: beyond it another threshold could not be exact. */
export const THRESHOLD_LIMIT = 600;
/** Ids in one filter. */
export const FILTER_LIMIT = 200;

export const GROUP_BY = ['interval', 'hour', 'day', 'week', 'month', 'queue'] as const;
export type GroupBy = (typeof GROUP_BY)[number];
/** Groupings that follow each other in time. */
export type TimeGroup = Exclude<GroupBy, 'queue'>;

const date = z.iso
  .date({ error: 'must be a date, like 2026-11-25' })
  // There were no telephone queues before, and a year of one or five digits is a slip of the finger.
  .refine((value) => value >= '1970-01-01' && value < '3000-01-01', 'must be between 1970 and 2999');

const wholeSeconds = z.coerce
  .number({ error: 'must be a number of seconds' })
  .int('must be whole seconds')
  .min(0, 'must be at least 0')
  .max(
    THRESHOLD_LIMIT,
    `must be at most ${THRESHOLD_LIMIT}: beyond ten minutes waits are not kept to the second`,
  );

/** `?queue=a&queue=b`; none: all. */
export const ids = z.preprocess(
  (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
  z.array(id).max(FILTER_LIMIT, `must be at most ${FILTER_LIMIT}; leave it out for all`),
);

export const rangeShape = {
  /** Days where the tenant is, or in `timeZone`; both included. */
  startDate: date,
  endDate: date,
  timeZone: timeZone.optional(),
};
export const filterShape = { queue: ids, sector: ids };
export const rulesShape = {
  definition: definition.optional(),
  threshold: wholeSeconds.optional(),
  shortAbandon: wholeSeconds.optional(),
};
/** The period before, the same a year before, or the same weekdays of the latest weeks before it. */
export const COMPARISONS = ['previous', 'lastYear', 'sameWeekday'] as const;
export type Comparison = (typeof COMPARISONS)[number];
export const compareShape = { compare: z.enum(COMPARISONS).optional() };
export const pageShape = {
  cursor: z.string().min(1, 'must not be empty').max(1_024).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
};
const minimum = z.coerce.number({ error: 'must be a number of contacts' }).int().min(0).max(1_000_000);

export const summaryQuery = z
  .strictObject({ ...rangeShape, ...filterShape, ...rulesShape, ...compareShape })
  .superRefine(expectRange);
export type SummaryQuery = z.output<typeof summaryQuery>;

export const sectorsQuery = z
  .strictObject({ ...rangeShape, ...filterShape, ...rulesShape, ...pageShape })
  .superRefine(expectRange);
export type SectorsQuery = z.output<typeof sectorsQuery>;

export const trendsQuery = z
  .strictObject({
    ...rangeShape,
    ...filterShape,
    ...rulesShape,
    ...compareShape,
    ...pageShape,
    groupBy: z.enum(GROUP_BY).default('day'),
  })
  .superRefine(expectRange)
  .superRefine((query, context) => {
    const { groupBy, startDate, endDate } = query;
    const most = GROUPED_DAYS_LIMIT[groupBy];
    if (most !== undefined && daysOf(startDate, endDate) > most)
      refuse(context, 'groupBy', `${groupBy} takes at most ${most} days; take a longer step or fewer days`);
    if (groupBy === 'queue' && query.compare !== undefined)
      refuse(context, 'compare', 'takes a grouping by time');
    if (groupBy !== 'queue' && query.cursor !== undefined) refuse(context, 'cursor', 'takes groupBy=queue');
  });
export type TrendsQuery = z.output<typeof trendsQuery>;

/** Intervals of a year are thirty-five thousand, of a longer range too many to add up while somebody waits. */
const PATTERN_DAYS_LIMIT = 366;
export const PATTERN_STEPS = ['interval', 'hour'] as const;

export const patternQuery = z
  .strictObject({
    ...rangeShape,
    ...filterShape,
    ...rulesShape,
    step: z.enum(PATTERN_STEPS).default('hour'),
  })
  .superRefine(expectRange)
  .superRefine(expectPatternDays);
export type PatternQuery = z.output<typeof patternQuery>;

export const waitsQuery = z
  .strictObject({ ...rangeShape, ...filterShape, ...rulesShape })
  .superRefine(expectRange);
export type WaitsQuery = z.output<typeof waitsQuery>;

/** Of what a row of the agents can have a line over the range. */
export const AGENT_LINES = [
  'answered',
  'handled',
  'asaMs',
  'ahtMs',
  'missedRings',
  'transferRate',
  'occupancy',
] as const satisfies readonly RankedMetric[];
export type AgentLine = (typeof AGENT_LINES)[number];

export const agentsQuery = z
  .strictObject({
    ...rangeShape,
    ...filterShape,
    agent: ids,
    ...pageShape,
    /** The last agent wanted. */
    until: pageShape.cursor,
    line: z.enum(AGENT_LINES, { error: `must be one of ${AGENT_LINES.join(', ')}` }).optional(),
  })
  .superRefine(expectRange);
export type AgentsQuery = z.output<typeof agentsQuery>;

export const agentQuery = z.strictObject(rangeShape).superRefine(expectRange);
export type AgentQuery = z.output<typeof agentQuery>;

// Keys of the table itself.
const RANKED_METRICS = Object.keys(RANKED) as [RankedMetric, ...RankedMetric[]];

/** Days are told one by one. */
const AGENT_DAYS_LIMIT = 92;

export const agentDaysQuery = z
  .strictObject(rangeShape)
  .superRefine(expectRange)
  .superRefine(({ startDate, endDate }, context) => {
    if (daysOf(startDate, endDate) > AGENT_DAYS_LIMIT)
      refuse(context, 'endDate', `must be within ${AGENT_DAYS_LIMIT} days of startDate`);
  });
export type AgentDaysQuery = z.output<typeof agentDaysQuery>;

export const topQuery = z
  .strictObject({
    ...rangeShape,
    ...filterShape,
    agent: ids,
    metric: z.enum(RANKED_METRICS).default('answered'),
    /** Which come first. What is better is the metric's own: of `ahtMs` the lower. */
    order: z.enum(['best', 'worst']).default('best'),
    /** Left out: the tenant's. Counts and sums of time need none. */
    minimumSample: minimum.optional(),
    ...pageShape,
    limit: z.coerce.number().int().min(1).max(1_000).default(10),
  })
  .superRefine(expectRange);
export type TopQuery = z.output<typeof topQuery>;

type Context = z.core.$RefinementCtx;

export function expectRange(
  { startDate, endDate }: { startDate: string; endDate: string },
  context: Context,
): void {
  if (endDate < startDate) refuse(context, 'endDate', 'must not be before startDate');
  else if (daysOf(startDate, endDate) > RANGE_DAYS_LIMIT)
    refuse(context, 'endDate', 'must be within five years of startDate');
}

export function expectPatternDays(
  { startDate, endDate }: { startDate: string; endDate: string },
  context: Context,
): void {
  if (daysOf(startDate, endDate) > PATTERN_DAYS_LIMIT)
    refuse(context, 'endDate', `must be within ${PATTERN_DAYS_LIMIT} days of startDate`);
}

/** Of what is read one by one, visits or intervals, and not as sums: a quarter of a year while somebody waits. */
export const LOOK_UP_DAYS_LIMIT = 92;

export function expectLookUpDays(
  { startDate, endDate }: { startDate: string; endDate: string },
  context: Context,
): void {
  if (daysOf(startDate, endDate) > LOOK_UP_DAYS_LIMIT)
    refuse(context, 'endDate', `must be within ${LOOK_UP_DAYS_LIMIT} days of startDate`);
}

/** Both included. */
function daysOf(startDate: string, endDate: string): number {
  return (Date.parse(endDate) - Date.parse(startDate)) / DAY_MS + 1;
}

export function refuse(context: Context, field: string, message: string): void {
  context.addIssue({ code: 'custom', path: [field], message });
}
