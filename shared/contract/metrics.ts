import { z } from 'zod';

/** The windows a live number may cover. Sliding ones hold what happened in them [T7]; `today` is the tenant's day [T2]. */
export const WINDOWS = ['last15', 'last30', 'last60', 'today'] as const;
export type Window = (typeof WINDOWS)[number];
export const window = z.enum(WINDOWS);

/** Length of each sliding window in milliseconds; `today` has none. */
export const WINDOW_MS = { last15: 15 * 60_000, last30: 30 * 60_000, last60: 60 * 60_000 } as const;

/** Service level definitions [SL1]–[SL7]; docs/metrics.md gives each formula. */
export const DEFINITIONS = [
  'standard',
  'strict',
  'genesys',
  'connect',
  'talkdesk',
  'cisco_ignored',
  'cisco_negative',
  'cisco_positive',
  'asterisk',
] as const;
export type Definition = (typeof DEFINITIONS)[number];
export const definition = z.enum(DEFINITIONS);

const count = z.number().int();
const ratio = z.number().nullable();
const ms = z.number().nullable();
const instant = z.iso.datetime().nullable();

/** What every queue, sector and tenant is measured by. Ratios 0–1, durations in ms, `null` where nothing was measured [T4]. */
const metricShape = {
  received: count,
  refused: count,
  offered: count,
  /** Of the offered, those that entered while the queue was closed [T8]. */
  outsideHours: count,
  answered: count,
  handled: count,
  abandoned: count,
  shortAbandoned: count,
  timedOut: count,
  noAgents: count,
  keyExits: count,
  callbacks: count,
  overflowed: count,
  withdrawn: count,
  lost: count,
  open: count,
  transferred: count,
  waiting: count,
  longestWaitSince: instant,
  waitingOverThreshold: count,
  callbackBacklog: count,
  serviceLevel: ratio,
  abandonmentRate: ratio,
  completionRate: ratio,
  transferRate: ratio,
  asaMs: ms,
  averageAbandonMs: ms,
  ahtMs: ms,
  averageTalkMs: ms,
  averageHoldMs: ms,
  averageWrapUpMs: ms,
  maxWaitMs: ms,
  maxAnsweredWaitMs: ms,
  waitP50Ms: ms,
  waitP80Ms: ms,
  waitP90Ms: ms,
  waitP95Ms: ms,
  estimatedWaitMs: ms,
  occupancy: ratio,
  utilisation: ratio,
  agentsSignedIn: count,
  agentsAvailable: count,
  agentsRinging: count,
  agentsOnCall: count,
  agentsWrapUp: count,
  agentsPaused: count,
  missedRings: count,
  /** Names of the metrics above whose sample is below the tenant's minimum [T4]; a screen dims them. */
  lowSample: z.array(z.string()),
};

export const metrics = z.object(metricShape);
export type Metrics = z.infer<typeof metrics>;

/**
 * What is wanted of the figures beside it: ratios 0–1, durations in ms, `null` where nothing is. Met is good, worse than the
 * critical value critical.
 */
export const targets = z.object({
  serviceLevel: z.number(),
  serviceLevelCritical: z.number(),
  abandonmentRate: z.number(),
  abandonmentCritical: z.number(),
  completionRate: ratio,
  occupancy: ratio,
  asaMs: ms,
  ahtMs: ms,
});
export type Targets = z.infer<typeof targets>;

export const queueMetrics = z.object({
  queueId: z.string(),
  name: z.string(),
  sectorId: z.string(),
  /** Whether it is open now and when that changes, `null` where it never does; `null` for a queue without hours [T8]. */
  opening: z.object({ isOpen: z.boolean(), changesAt: instant }).nullable(),
  /** The threshold in seconds and definition its service level was computed with. */
  thresholdSeconds: z.number(),
  definition,
  targets,
  ...metricShape,
});
export type QueueMetrics = z.infer<typeof queueMetrics>;

/** A total over several queues: `calls` counts distinct calls [T5]. */
export const totalMetrics = z.object({
  definition,
  /** The threshold all its queues share, in seconds; `null` when they differ. */
  thresholdSeconds: z.number().nullable(),
  /** The tenant's: a total has none of its own. */
  targets,
  calls: count,
  ...metricShape,
});
export type TotalMetrics = z.infer<typeof totalMetrics>;

export const sectorMetrics = z.object({ sectorId: z.string(), name: z.string(), ...totalMetrics.shape });
export type SectorMetrics = z.infer<typeof sectorMetrics>;

export const AGENT_STATES = [
  'talking',
  'hold',
  'ringing',
  'wrap_up',
  'paused',
  'available',
  'offline',
] as const;
export type AgentState = (typeof AGENT_STATES)[number];

/** A sum that may be growing: `ms` so far, and the instant since when it grows by itself, or `null` [L6]. */
export const runningSum = z.object({ ms: count, runningSince: instant });
export type RunningSum = z.infer<typeof runningSum>;

export const agentView = z.object({
  agentId: z.string(),
  name: z.string(),
  sectorId: z.string(),
  state: z.enum(AGENT_STATES),
  stateSince: z.iso.datetime(),
  /** Pause reason, or the direction of the talk (`inbound`, `outbound`); `closed` of whoever is available while all his queues are [T8]. */
  reason: z.string().nullable(),
  /** How long the pause may last, as the tenant decides by its reason; `null` without a limit, or not paused. */
  pauseLimitMs: ms,
  callId: z.string().nullable(),
  /** Since when the agent talks with the caller of `callId`, holds included. */
  callSince: instant,
  queueId: z.string().nullable(),
  /** Queues served, and of those the ones in which the agent is paused. */
  queues: z.array(z.string()),
  pausedQueues: z.array(z.string()),
  /** True when the sign-in was concluded from activity, not reported [A1]. */
  inferred: z.boolean(),
  unreachable: z.boolean(),
  answered: count,
  handled: count,
  ahtMs: ms,
  averageTalkMs: ms,
  missedRings: count,
  outbound: count,
  occupancy: ratio,
  signedIn: runningSum,
  talk: runningSum,
  hold: runningSum,
  ringing: runningSum,
  wrapUp: runningSum,
  paused: runningSum,
  available: runningSum,
});
export type AgentView = z.infer<typeof agentView>;

/** A call waiting or in conversation now. */
export const callView = z.object({
  callId: z.string(),
  queueId: z.string(),
  state: z.enum(['waiting', 'ringing', 'talking', 'hold']),
  enteredAt: z.iso.datetime(),
  stateSince: z.iso.datetime(),
  agentId: z.string().nullable(),
  position: z.number().int().nullable(),
  origin: z.enum(['inbound', 'callback', 'transfer']),
  caller: z.string().nullable(),
  overThreshold: z.boolean(),
});
export type CallView = z.infer<typeof callView>;

/** What a source last said. `silentSince` is set when it has been unheard for longer than its tenant allows [L9]. */
export const sourceView = z.object({
  sourceId: z.string(),
  lastEventAt: z.iso.datetime(),
  lastReceivedAt: z.iso.datetime(),
  silentSince: instant,
});
export type SourceView = z.infer<typeof sourceView>;

/**
 * The last hour of all queues in steps of five minutes: each list holds one count a step, oldest first, the last step
 * up to now. `lastWeek` is the same wall-clock hour a week earlier; null where the log does not reach back so far.
 */
export const trend = z.object({
  /** When the first step began. */
  since: z.iso.datetime(),
  stepMs: count,
  offered: z.array(count),
  answered: z.array(count),
  abandoned: z.array(count),
  lastWeek: z
    .object({
      /** A step the log knows only part of is null. */
      offered: z.array(count.nullable()),
      /** Since the tenant's day began, up to this time of day. */
      offeredByNow: count.nullable(),
    })
    .nullable(),
});
export type Trend = z.infer<typeof trend>;
