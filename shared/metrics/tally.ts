import type { LEAVE_OUTCOMES } from '../contract/events.ts';
import type { WaitHistogram } from './histogram.ts';

/** What became of a visit: exactly one of these. */
export type Outcome = (typeof LEAVE_OUTCOMES)[number] | 'open' | 'answered' | 'lost';

/**
 * Sums over today's visits of one queue. Every number is a sum of contributions of visits, so that a visit can be
 * taken out and put in again; what is no sum (the longest wait) is searched for when its holder is taken out.
 */
export interface Tally extends TallyCounts {
  answeredWaits: WaitHistogram;
  abandonedWaits: WaitHistogram;
  callbackWaits: WaitHistogram;
  /** Left neither answered nor abandoned nor for a callback; `lost` excluded. */
  otherWaits: WaitHistogram;
}

/** What of a tally are numbers. */
export interface TallyCounts {
  offered: number;
  refused: number;
  answered: number;
  handled: number;
  abandoned: number;
  timedOut: number;
  noAgents: number;
  keyExits: number;
  callbacks: number;
  overflowed: number;
  withdrawn: number;
  lost: number;
  open: number;
  transferred: number;
  completed: number;
  missedRings: number;
  /** Visits of origin callback among the offered, answered, abandoned, and open or lost: outside rates [V11]. */
  callbackOffered: number;
  callbackAnswered: number;
  callbackAbandoned: number;
  callbackUnsettled: number;
  /** Of the offered, those that entered while the queue was closed [T8]. */
  outsideHours: number;
  answeredWaitMs: number;
  abandonedWaitMs: number;
  talkMs: number;
  holdMs: number;
  /** Handled visits whose hold is known apart from their talk [H1]. */
  holdKnown: number;
  wrapUpMs: number;
  maxWaitMs: number;
  maxAnsweredWaitMs: number;
}

export function emptyTally(): Tally {
  return {
    ...emptyCounts(),
    answeredWaits: new Map(),
    abandonedWaits: new Map(),
    callbackWaits: new Map(),
    otherWaits: new Map(),
  };
}

export function emptyCounts(): TallyCounts {
  return {
    offered: 0,
    refused: 0,
    answered: 0,
    handled: 0,
    abandoned: 0,
    timedOut: 0,
    noAgents: 0,
    keyExits: 0,
    callbacks: 0,
    overflowed: 0,
    withdrawn: 0,
    lost: 0,
    open: 0,
    transferred: 0,
    completed: 0,
    missedRings: 0,
    callbackOffered: 0,
    callbackAnswered: 0,
    callbackAbandoned: 0,
    callbackUnsettled: 0,
    outsideHours: 0,
    answeredWaitMs: 0,
    abandonedWaitMs: 0,
    talkMs: 0,
    holdMs: 0,
    holdKnown: 0,
    wrapUpMs: 0,
    maxWaitMs: 0,
    maxAnsweredWaitMs: 0,
  };
}

/** Those that add up. */
const NUMBERS = (Object.keys(emptyCounts()) as (keyof TallyCounts)[]).filter((key) => !key.startsWith('max')); // Its own keys.

/** Adds what of a tally are numbers. */
export function mergeCounts(into: TallyCounts, from: TallyCounts): void {
  for (const key of NUMBERS) into[key] += from[key];
  into.maxWaitMs = Math.max(into.maxWaitMs, from.maxWaitMs);
  into.maxAnsweredWaitMs = Math.max(into.maxAnsweredWaitMs, from.maxAnsweredWaitMs);
}

/** The tally field that counts each outcome. */
export const OUTCOME_FIELD = {
  open: 'open',
  answered: 'answered',
  abandoned: 'abandoned',
  timed_out: 'timedOut',
  no_agents: 'noAgents',
  key_exit: 'keyExits',
  callback_requested: 'callbacks',
  overflowed: 'overflowed',
  withdrawn: 'withdrawn',
  lost: 'lost',
} as const satisfies Record<Outcome, keyof Tally>;

/** Visits of origin callback are counted, but outside waits, service level and abandonment [V11]. */
export function isMeasured(visit: { origin: string }): boolean {
  return visit.origin !== 'callback';
}

/** Counts the outcome of a visit of origin callback beside the others. */
export function countCallbackOutcome(tally: TallyCounts, visit: { outcome: Outcome }, sign: 1 | -1): void {
  if (visit.outcome === 'answered') tally.callbackAnswered += sign;
  else if (visit.outcome === 'abandoned') tally.callbackAbandoned += sign;
  else if (visit.outcome === 'open' || visit.outcome === 'lost') tally.callbackUnsettled += sign;
}
