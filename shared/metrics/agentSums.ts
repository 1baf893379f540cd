import type { LegFact } from './facts.ts';

/** What an agent had to do with the calls of one queue, or of all, within a bucket. Counts, and sums in ms. */
export interface LegSums {
  answered: number;
  handled: number;
  transferred: number;
  completed: number;
  missedRings: number;
  outbound: number;
  /** Of the answered those of origin callback: outside waits [V11]. */
  callbackAnswered: number;
  answeredWaitMs: number;
  talkMs: number;
  holdMs: number;
  holdKnown: number;
  wrapUpMs: number;
}

export type CountedLeg = Pick<
  LegFact,
  | 'kind'
  | 'queueId'
  | 'endedAt'
  | 'waitMs'
  | 'talkMs'
  | 'holdMs'
  | 'wrapUpMs'
  | 'handledAt'
  | 'isTransferred'
  | 'isCompleted'
>;

export function emptyLegSums(): LegSums {
  return {
    answered: 0,
    handled: 0,
    transferred: 0,
    completed: 0,
    missedRings: 0,
    outbound: 0,
    callbackAnswered: 0,
    answeredWaitMs: 0,
    talkMs: 0,
    holdMs: 0,
    holdKnown: 0,
    wrapUpMs: 0,
  };
}

/**
 * Adds up one agent's legs as they stand at `now` (epoch ms), by queue and, under '', all of them. `dueAt`: the next
 * instant at which a handling ends by itself, or null.
 */
export function sumLegs(
  legs: Iterable<CountedLeg>,
  now: number,
): { byQueue: Map<string, LegSums>; dueAt: number | null } {
  const byQueue = new Map<string, LegSums>();
  let dueAt: number | null = null;
  for (const leg of legs) {
    const ids = leg.queueId === '' ? [''] : ['', leg.queueId];
    const until = pendsUntil(leg, now);
    if (until !== null) dueAt = Math.min(dueAt ?? until, until);
    for (const id of ids) {
      const sums = byQueue.get(id) ?? emptyLegSums();
      byQueue.set(id, sums);
      countLeg(sums, leg, now);
    }
  }
  return { byQueue, dueAt };
}

function pendsUntil({ kind, endedAt, talkMs, handledAt }: CountedLeg, now: number): number | null {
  if (kind !== 'answered' || endedAt === null || talkMs === null) return null;
  return handledAt !== null && handledAt > now ? handledAt : null;
}

function countLeg(sums: LegSums, leg: CountedLeg, now: number): void {
  if (leg.kind === 'missed') {
    sums.missedRings++;
    return;
  }
  if (leg.kind === 'outbound') {
    sums.outbound++;
    return;
  }
  sums.answered++;
  if (leg.waitMs === null) sums.callbackAnswered++;
  else sums.answeredWaitMs += leg.waitMs;
  if (leg.endedAt === null) return;
  if (leg.isTransferred) sums.transferred++;
  if (leg.isCompleted) sums.completed++;
  if (leg.talkMs === null || leg.handledAt === null || leg.handledAt > now) return;
  sums.handled++;
  sums.talkMs += leg.talkMs;
  sums.holdMs += leg.holdMs ?? 0;
  if (leg.holdMs !== null) sums.holdKnown++;
  sums.wrapUpMs += leg.wrapUpMs ?? 0;
}

const FIELDS = Object.keys(emptyLegSums()) as (keyof LegSums)[]; // Its own keys.

/** Takes `what` out of `from`. */
export function takeLegs(from: LegSums, what: LegSums): void {
  for (const field of FIELDS) from[field] -= what[field];
}

/** Adds `from` to `into`, which may hold other things beside. */
export function mergeLegs(into: LegSums, from: LegSums): void {
  for (const field of FIELDS) into[field] += from[field];
}
