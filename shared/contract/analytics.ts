import { z } from 'zod';
import { healthWarning } from './importerHealth.ts';
import { definition, metrics } from './metrics.ts';

/** Answers of `/api/v1/analytics/performance`. Ratios 0–1, durations in ms, `null` where there was nothing to divide by [T4]. */

const count = z.number().int();
const ratio = z.number().nullable();
const ms = z.number().nullable();
const instant = z.iso.datetime();

/** How agents spent their time, in ms: as far as it really passed in the range [T2]. Talk includes outbound. */
const timeShape = {
  signedInMs: count,
  availableMs: count,
  /** Of the available time, that while all queues served were closed: in neither occupancy nor utilisation [T8]. */
  closedMs: count,
  ringingMs: count,
  talkMs: count,
  holdMs: count,
  wrapUpMs: count,
  pausedMs: count,
  outboundMs: count,
  occupancy: ratio,
  utilisation: ratio,
};

/** What a range of days says of queues: the metrics of a wall but for those of this very moment, and time in sums. */
export const performanceMetrics = z.object({
  /** Distinct calls among the offered, each once a local day [T5]. */
  calls: count,
  ...metrics.omit({
    waiting: true,
    longestWaitSince: true,
    waitingOverThreshold: true,
    callbackBacklog: true,
    estimatedWaitMs: true,
    agentsSignedIn: true,
    agentsAvailable: true,
    agentsRinging: true,
    agentsOnCall: true,
    agentsWrapUp: true,
    agentsPaused: true,
  }).shape,
  /**
   * Of the answered calls with a caller id that are older than `firstContactDays` days, those whose caller did not call the
   * sector again within as many, and both counts [H4]. Null, too, while queues that moved to another sector are recounted.
   */
  firstContactResolution: ratio,
  firstContactResolved: count.nullable(),
  firstContactCalls: count.nullable(),
  firstContactDays: count,
  ...timeShape,
});
export type PerformanceMetrics = z.infer<typeof performanceMetrics>;

/** The seconds by which it was measured; null where its queues have several. */
export const thresholdsUsed = z.object({
  thresholdSeconds: count.nullable(),
  shortAbandonSeconds: count.nullable(),
});
export type ThresholdsUsed = z.infer<typeof thresholdsUsed>;

export const measured = { definition, thresholds: thresholdsUsed };

const dayRange = z.object({ startDate: z.iso.date(), endDate: z.iso.date(), timeZone: z.string() });

/** Of every answer: from what it was computed. */
export const historyMeta = z.object({
  /** The log has been taken in up to here. */
  seq: count,
  /** `at`: when the last event taken in was recorded. `lagMs`: for how long a later one has been waiting, 0 where none is. */
  freshness: z.object({ at: instant.nullable(), lagMs: count }),
  /** Settings have changed and roll-ups are being counted again: the answer was computed from waits by second. */
  recounting: z.boolean(),
  range: dayRange,
  /** What was not told well of the days and queues asked for, the gravest first: see importer health. */
  warnings: z.array(healthWarning),
});
/** As a question is computed; how well it was told is put beside it when it is sent. */
export type HistoryMeta = Omit<z.infer<typeof historyMeta>, 'warnings'>;
export type Computed<A extends { meta: object }> = Omit<A, 'meta'> & { meta: Omit<A['meta'], 'warnings'> };

/** The address that explains a figure of an answer: see `explainTemplate` in server/analytics/performance/explainLinks.ts. */
export const explained = { explain: z.string() };
export const compared = { comparedTo: dayRange.optional() };

export const summaryAnswer = z.object({
  data: performanceMetrics.extend({ ...measured, previous: performanceMetrics.optional() }),
  meta: historyMeta.extend({ ...explained, ...compared }),
});

export const sectorRow = z.object({
  sectorId: z.string(),
  name: z.string(),
  ...performanceMetrics.shape,
  ...measured,
});
export type SectorRow = z.infer<typeof sectorRow>;

export const queueRow = z.object({
  queueId: z.string(),
  name: z.string(),
  sectorId: z.string(),
  ...performanceMetrics.shape,
  ...measured,
});
export type QueueRow = z.infer<typeof queueRow>;

export const bucketRow = z.object({
  start: instant,
  end: instant,
  /** It has not ended, visits of it still wait or talk [T2], or the range holds only a part of it. */
  partial: z.boolean(),
  ...performanceMetrics.shape,
  /** The bucket in the same place of the range it is compared to; null where that has none. */
  previous: z
    .object({ start: instant, end: instant, ...performanceMetrics.shape })
    .nullable()
    .optional(),
});
export type BucketRow = z.infer<typeof bucketRow>;

/** All days of a range laid over one week: what stands at one time of one weekday. */
export const patternRow = z.object({
  /** ISO weekday on which the day began: 1 is Monday. */
  weekday: count,
  /** What the clock shows, in minutes after midnight. */
  startMinutes: count,
  /** How many such days the range has up to now, by which a count becomes an average. */
  days: count,
  ...performanceMetrics.shape,
});
export type PatternRow = z.infer<typeof patternRow>;

export const patternAnswer = z.object({
  data: z.array(patternRow),
  meta: historyMeta.extend({ stepMinutes: count, ...measured }),
});

/** Visits by how long they waited: longer than `afterMs`, at most `withinMs`; shared/metrics/waitRows.ts says what is counted. */
export const waitRow = z.object({
  afterMs: count,
  withinMs: count,
  answered: count,
  abandoned: count,
  shortAbandoned: count,
  callbacks: count,
  otherwise: count,
  waiting: count,
  cumulative: count,
});

export const waitsAnswer = z.object({
  data: z.array(waitRow),
  meta: historyMeta.extend({
    ...measured,
    /** What the definition `genesys` leaves out, which a service level at another threshold takes as well. */
    genesys: z.object({ abandonsOut: z.boolean(), shortAbandonsIn: z.boolean(), flowOutsIn: z.boolean() }),
  }),
});

const paged = historyMeta.extend({ nextCursor: z.string().nullable(), ...explained });

export const trendsAnswer = z.object({
  data: z.union([z.array(bucketRow), z.array(queueRow)]),
  meta: paged.extend({ ...measured, ...compared }),
});

export const sectorsAnswer = z.object({ data: z.array(sectorRow), meta: paged });

/** What an agent did. With a queue filter counts and handling are of those queues; time is always of all his work [T9]. */
const agentShape = {
  answered: count,
  handled: count,
  transferred: count,
  missedRings: count,
  outbound: count,
  /** Of the answered, those of origin callback: outside `asaMs` [V11]. */
  callbackAnswered: count,
  asaMs: ms,
  ahtMs: ms,
  averageTalkMs: ms,
  averageHoldMs: ms,
  averageWrapUpMs: ms,
  transferRate: ratio,
  ...timeShape,
};

export const agentRow = z.object({
  agentId: z.string(),
  name: z.string(),
  sectorId: z.string(),
  ...agentShape,
  firstSignedInAt: instant.nullable(),
  lastSignedInAt: instant.nullable(),
  lowSample: z.array(z.string()),
});
export type AgentRow = z.infer<typeof agentRow>;

/**
 * `line`, where it was asked for: a value for each of `meta.lineSteps`, null where he was not there or had none. `meta.nextCursors`
 * goes on from this page in parts that may be asked for a few at once: each is a `cursor`, whose `until` is the one after it.
 */
export const agentsAnswer = z.object({
  data: z.array(agentRow.extend({ line: z.array(z.number().nullable()).optional() })),
  meta: paged.extend({
    nextCursors: z.array(z.string()),
    lineSteps: z.array(z.object({ start: instant, end: instant })).optional(),
  }),
});

const agentQueue = z.object({
  queueId: z.string(),
  name: z.string(),
  ...z.object(agentShape).pick({
    answered: true,
    handled: true,
    transferred: true,
    missedRings: true,
    callbackAnswered: true,
    asaMs: true,
    ahtMs: true,
    averageTalkMs: true,
    averageHoldMs: true,
    averageWrapUpMs: true,
    transferRate: true,
  }).shape,
  lowSample: z.array(z.string()),
});
export type AgentQueue = z.infer<typeof agentQueue>;

export const agentAnswer = z.object({
  data: agentRow.extend({ queues: z.array(agentQueue) }),
  meta: historyMeta.extend(explained),
});

/** What an agent did on one of the tenant's days. */
export const agentDay = z.object({
  date: z.iso.date(),
  ...agentShape,
  /** When he first signed in, and until when he was signed in at last. */
  firstSignedInAt: instant.nullable(),
  lastSignedInAt: instant.nullable(),
  /** Of `pausedMs`, the longest first; `reason` null: none was told. Empty once timelines are no longer kept. */
  pauses: z.array(z.object({ reason: z.string().nullable(), ms: count })),
  lowSample: z.array(z.string()),
});
export type AgentDay = z.infer<typeof agentDay>;

export const agentDaysAnswer = z.object({
  data: z.array(agentDay),
  meta: historyMeta.extend(explained),
});

/** By what agents can be ranked, and whether more of it is better. */
export const RANKED = {
  answered: 'high',
  handled: 'high',
  transferred: 'low',
  missedRings: 'low',
  outbound: 'high',
  asaMs: 'low',
  ahtMs: 'low',
  averageTalkMs: 'low',
  averageHoldMs: 'low',
  averageWrapUpMs: 'low',
  transferRate: 'low',
  signedInMs: 'high',
  availableMs: 'high',
  closedMs: 'low',
  ringingMs: 'low',
  talkMs: 'high',
  holdMs: 'low',
  wrapUpMs: 'low',
  pausedMs: 'low',
  outboundMs: 'high',
  occupancy: 'high',
  utilisation: 'high',
} as const satisfies Partial<Record<keyof AgentRow, 'high' | 'low'>>;
export type RankedMetric = keyof typeof RANKED;

/** `rank`: 1, 1, 3 where two share the first. */
export const topRow = agentRow.extend({ rank: count });
export type TopRow = z.infer<typeof topRow>;

export const topAnswer = z.object({
  data: z.array(topRow),
  meta: paged.extend({
    metric: z.string(),
    order: z.enum(['best', 'worst']),
    minimumSample: count,
    /** Agents who are not ranked: their sample is smaller than that, or they have no such value. */
    belowMinimum: count,
  }),
});
