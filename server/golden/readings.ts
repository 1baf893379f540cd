/** Tests only: what published figures are held against, and where the two readings of it, live and history, meet. */

export interface QueueSums {
  received: number;
  refused: number;
  offered: number;
  answered: number;
  handled: number;
  abandoned: number;
  timedOut: number;
  unresolved: number;
  waitOfAnsweredMs: number;
  waitOfAbandonedMs: number;
  talkMs: number;
  maxAnsweredWaitMs: number;
}

/** Those whose ratio is one of the published. */
export type PublishedDefinition = 'strict' | 'talkdesk' | 'asterisk';

export interface ServiceLevelSums {
  met: number;
  shortAbandoned: number;
  /** What `met` is a part of. */
  decided: number;
}

export interface AgentSums {
  answered: number;
  talkMs: number;
  missedRings: number;
  signedInMs: number;
  pausedMs: number;
}

/** Sums over a span of time. */
export interface Reader {
  queue(queueId: string): Promise<QueueSums>;
  /** At a threshold, and a limit of short abandons, of so many seconds. */
  serviceLevel(queueId: string, definition: PublishedDefinition, seconds: number): Promise<ServiceLevelSums>;
  agent(agentId: string): Promise<AgentSums>;
}

export interface Readings {
  /** Of the local days from one instant to another (epoch ms), both included. */
  days(firstMs: number, lastMs: number): Reader;
  /** Of the hour that begins then. */
  hour(startMs: number): Reader;
  /**
   * Whether callers who wait at the end of a log are lost by the time of the reading, and so in no ratio [V10]. The published
   * ratios are over all who were offered.
   */
  loses: boolean;
}

/** A published figure, and what we say; equal to so many decimals. */
export interface Figure {
  what: string;
  published: number;
  ours: number;
  decimals: number;
}

/** A figure that is equal to the unit. */
export function exactly(what: string, ours: number, published: number): Figure {
  return { what, ours, published, decimals: 6 };
}

export function emptyQueueSums(): QueueSums {
  return {
    received: 0,
    refused: 0,
    offered: 0,
    answered: 0,
    handled: 0,
    abandoned: 0,
    timedOut: 0,
    unresolved: 0,
    waitOfAnsweredMs: 0,
    waitOfAbandonedMs: 0,
    talkMs: 0,
    maxAnsweredWaitMs: 0,
  };
}

type QueueMetrics = Omit<QueueSums, 'unresolved' | `waitOf${string}` | 'talkMs' | 'maxAnsweredWaitMs'> & {
  open: number;
  lost: number;
  asaMs: number | null;
  averageAbandonMs: number | null;
  averageTalkMs: number | null;
  maxAnsweredWaitMs: number | null;
};

/** Adds metrics, with means made sums again: a ratio of several days is the ratio of their sums [T5]. */
export function addQueue(sums: QueueSums, metrics: QueueMetrics): void {
  sums.received += metrics.received;
  sums.refused += metrics.refused;
  sums.offered += metrics.offered;
  sums.answered += metrics.answered;
  sums.handled += metrics.handled;
  sums.abandoned += metrics.abandoned;
  sums.timedOut += metrics.timedOut;
  sums.unresolved += metrics.open + metrics.lost;
  sums.waitOfAnsweredMs += (metrics.asaMs ?? 0) * metrics.answered;
  sums.waitOfAbandonedMs += (metrics.averageAbandonMs ?? 0) * metrics.abandoned;
  sums.talkMs += (metrics.averageTalkMs ?? 0) * metrics.handled;
  sums.maxAnsweredWaitMs = Math.max(sums.maxAnsweredWaitMs, metrics.maxAnsweredWaitMs ?? 0);
}

/** Adds one day's ratio by the denominator its definition names [SL0]; `unresolved`: visits that are in no ratio. */
export function addServiceLevel(
  sums: ServiceLevelSums,
  metrics: { offered: number; answered: number; shortAbandoned: number; serviceLevel: number | null },
  definition: PublishedDefinition,
  unresolved: number,
): void {
  const offered = metrics.offered - unresolved;
  const decided = {
    strict: offered,
    talkdesk: offered - metrics.shortAbandoned,
    asterisk: metrics.answered,
  }[definition];
  sums.met += (metrics.serviceLevel ?? 0) * decided;
  sums.decided += decided;
  sums.shortAbandoned += metrics.shortAbandoned;
}
