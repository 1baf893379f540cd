import { z } from 'zod';
import { DURATION_LIMIT_MS, LEAVE_OUTCOMES } from './events.ts';
import { id } from './ids.ts';
import { dateParameter, instantParameter, timeZoneParameter } from './period.ts';
import { several } from './several.ts';

/**
 * `/api/v1/calls`: visits found by what is written on them, and one call whole. A row is a visit, since figures count
 * visits: what a figure counted is a list as long as the figure. Instants ISO 8601, durations in ms.
 */

/** What became of a visit; `refused`: turned away before it entered [V0]. */
export const VISIT_OUTCOMES = [...LEAVE_OUTCOMES, 'answered', 'open', 'lost', 'refused'] as const;
export type VisitOutcome = (typeof VISIT_OUTCOMES)[number];

/**
 * The figures whose visits can be listed: counts of a tally, and verdicts [SL0] under the thresholds in force, or those
 * asked for. Verdicts, `missedWaiting` and `waitingOrLost` leave out visits of origin callback [V11]; `calls` are the visits
 * by which a call counts, its first of the day to any of the queues asked for, and `repeated` the others [T5].
 */
export const VISIT_COUNTS = [
  'offered',
  'outsideHours',
  'refused',
  'answered',
  'handled',
  'abandoned',
  'timedOut',
  'noAgents',
  'keyExits',
  'callbacks',
  'overflowed',
  'withdrawn',
  'lost',
  'open',
  'transferred',
  'completed',
  'calls',
  'repeated',
  'callbackOffered',
  'callbackAnswered',
  'callbackAbandoned',
  'met',
  'missed',
  'abandonedWithin',
  'shortAbandoned',
  'shortWithin',
  'callbackWithin',
  'otherWithin',
  'flowOuts',
  'missedWaiting',
  'waitingOrLost',
] as const;
export type VisitCount = (typeof VISIT_COUNTS)[number];

/**
 * Those that no tally holds, counted from the visits themselves. `shortTalks`: answered, and talk was shorter than 10 s [H5].
 * `abandonedKnown`: abandoned, and the caller is known; `abandonedReturned`: those of them who called again and were answered [V12].
 * `transferredToQueue`: the call entered a queue next, within 60 s of the talk; `transferredElsewhere`: the other transferred [H6].
 */
export const FACT_COUNTS = [
  'shortTalks',
  'abandonedKnown',
  'abandonedReturned',
  'transferredToQueue',
  'transferredElsewhere',
] as const;
export type FactCount = (typeof FACT_COUNTS)[number];

/** Those for which others are looked up for each visit: those of its caller, or of its call. */
export const LOOKED_UP_COUNTS = [
  'abandonedReturned',
  'transferredToQueue',
  'transferredElsewhere',
] as const satisfies readonly FactCount[];

export const LISTED_COUNTS = [...VISIT_COUNTS, ...FACT_COUNTS] as const;
export type ListedCount = VisitCount | FactCount;

export const QUEUES_LIMIT = 200;
export const CALLS_LIMIT = 500;

const duration = z.coerce
  .number({ error: 'must be a number of milliseconds' })
  .int('must be whole milliseconds')
  .min(0, 'must not be negative')
  .max(DURATION_LIMIT_MS, 'must be at most 7 days, in milliseconds');
const seconds = z.coerce.number().int().min(0).max(86_400);
const counts = several(
  z.enum(LISTED_COUNTS),
  LISTED_COUNTS.length,
  `must be one of ${LISTED_COUNTS.join(', ')}`,
);

/** Of which stretch of time, of what and of whom a list is. */
export const listShape = {
  /** Instants at which visits entered, or what else is listed counts: from on, before to. */
  from: instantParameter.optional(),
  to: instantParameter.optional(),
  /** Or local days, both included; of the tenant's zone, or of `timeZone`. */
  startDate: dateParameter.optional(),
  endDate: dateParameter.optional(),
  timeZone: timeZoneParameter.optional(),
  queue: several(
    id,
    QUEUES_LIMIT,
    `must be the id of a queue, given at most ${QUEUES_LIMIT} times`,
  ).optional(),
  /** Of the queues these sectors have now. */
  sector: several(
    id,
    QUEUES_LIMIT,
    `must be the id of a sector, given at most ${QUEUES_LIMIT} times`,
  ).optional(),
  /** Who answered, by any of his names. */
  agent: id.optional(),
};

const parameters = {
  ...listShape,
  outcome: several(
    z.enum(VISIT_OUTCOMES),
    VISIT_OUTCOMES.length,
    `must be one of ${VISIT_OUTCOMES.join(', ')}`,
  ).optional(),
  /**
   * The visits that a figure counts, any of several; and of those not the ones that these count. Whatever is looked up for each
   * visit, `transferredTo` too, takes a stretch of time with both ends, of 92 days at most.
   */
  counted: counts.optional(),
  notCounted: counts.optional(),
  /** Transferred visits whose call entered this queue next [H6]; looked up for each visit. */
  transferredTo: several(
    id,
    QUEUES_LIMIT,
    `must be the id of a queue, given at most ${QUEUES_LIMIT} times`,
  ).optional(),
  threshold: seconds.optional(),
  shortAbandon: seconds.optional(),
  /** Of visits whose wait is over; both included. */
  minWaitMs: duration.optional(),
  maxWaitMs: duration.optional(),
  minTalkMs: duration.optional(),
  maxTalkMs: duration.optional(),
  /** A number as one would type it, or a caller as an answer shows it. */
  caller: id.optional(),
  callerDigits: z
    .string()
    .regex(/^\d{4}$/, 'must be the last four digits of a number')
    .optional(),
  callId: id.optional(),
  /** `text/csv` answers hold all there is, so they take neither. */
  cursor: z.string().max(1_000).optional(),
  limit: z.coerce.number().int().min(1).max(CALLS_LIMIT).optional(),
};

export const callsQuery = z.strictObject(parameters);
export type CallsQuery = z.output<typeof callsQuery>;

const instant = z.iso.datetime().nullable();
const ms = z.number().int().nullable();

export const callVisit = z.object({
  callId: z.string(),
  /** Its place among the visits of its call, from 1; below 0 for refusals. */
  nth: z.number().int(),
  queueId: z.string(),
  queueName: z.string(),
  sectorId: z.string(),
  source: z.string(),
  /** As the log keeps it: a token and the last four digits, or in clear by the tenant's choice. */
  caller: z.string().nullable(),
  origin: z.string(),
  /** As of now: one that has waited longer than a caller would is `lost` [V10]. */
  outcome: z.enum(VISIT_OUTCOMES),
  enteredAt: z.iso.datetime(),
  position: z.number().int().nullable(),
  /** The answer, or leaving. */
  settledAt: instant,
  /** Null while it waits, and of a refusal. */
  waitMs: ms,
  agentId: z.string().nullable(),
  agentName: z.string().nullable(),
  endedAt: instant,
  talkMs: ms,
  holdMs: ms,
  wrapUpMs: ms,
  handledAt: instant,
  isTransferred: z.boolean(),
  isCompleted: z.boolean(),
  /** Some of it was concluded, not reported. */
  isInferred: z.boolean(),
  /** It entered while its queue was closed [T8]. */
  isOutsideHours: z.boolean(),
  isCalledBack: z.boolean(),
  continuedTo: z.string().nullable(),
});
export type CallVisit = z.output<typeof callVisit>;

const seq = z.number().int();

export const callsAnswer = z.object({
  data: z.array(callVisit),
  meta: z.object({
    /** The log position that history has been taken in to. */
    seq,
    nextCursor: z.string().nullable(),
    from: instant,
    to: instant,
    timeZone: z.string(),
  }),
});

export const JOURNEY_STEPS = [
  'entered',
  'refused',
  'rang',
  'missed',
  'answered',
  'held',
  'transferred',
  'left',
  'ended',
  'wrapped',
  'outbound',
] as const;

/** One thing that happened to a call. */
export const journeyStep = z.object({
  at: z.iso.datetime(),
  step: z.enum(JOURNEY_STEPS),
  queueId: z.string().nullable(),
  agentId: z.string().nullable(),
  agentName: z.string().nullable(),
  /** What ended with this step, or for `held` and `outbound` what began with it: the wait, ring, talk, hold, wrap-up. */
  durationMs: ms,
  /** Of `left` and `missed` how, of `transferred` where to. */
  detail: z.string().nullable(),
});

export const callLeg = z.object({
  kind: z.enum(['answered', 'missed', 'outbound']),
  agentId: z.string(),
  agentName: z.string(),
  queueId: z.string().nullable(),
  queueName: z.string().nullable(),
  startedAt: z.iso.datetime(),
  endedAt: instant,
  waitMs: ms,
  talkMs: ms,
  holdMs: ms,
  wrapUpMs: ms,
  isTransferred: z.boolean(),
  isCompleted: z.boolean(),
});
export type CallLeg = z.output<typeof callLeg>;

/** An event as the log has it. */
export const rawEvent = z.object({
  seq,
  recordedAt: z.iso.datetime(),
  occurredAt: z.iso.datetime(),
  kind: z.string(),
  source: z.string(),
  sourceKey: z.string(),
  queueId: z.string().nullable(),
  agentId: z.string().nullable(),
  body: z.record(z.string(), z.unknown()),
});
export type RawEvent = z.output<typeof rawEvent>;

export const oneCall = z.object({
  callId: z.string(),
  caller: z.string().nullable(),
  journey: z.array(journeyStep),
  visits: z.array(callVisit),
  legs: z.array(callLeg),
  events: z.array(rawEvent),
  /** There are more events than are shown; the journey is of those shown. */
  isCut: z.boolean(),
});
export type OneCall = z.output<typeof oneCall>;
