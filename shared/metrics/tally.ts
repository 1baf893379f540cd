import type { LEAVE_OUTCOMES } from '../contract/events.ts';
import type { WaitHistogram } from './histogram.ts';
import type { WaitKind } from './verdicts.ts';

/** What became of a visit: exactly one of these. */
export type Outcome = (typeof LEAVE_OUTCOMES)[number] | 'open' | 'answered' | 'lost';

/**
 * Sums over today's visits of one queue. Every number is a sum of contributions of visits, so that a visit can be
 * taken out and put in again; what is no sum (the longest wait) is searched for when its holder is taken out.
 */
export type Tally = TallyOf<WaitHistogram>;

/** The same with waits that are kept as `W`. */
export type TallyOf<W> = TallyCounts & Record<WaitKind, W>;

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

/**
 * A tally of numbers one after the other, in the order of its fields here, and of waits. One literal: there are thousands of
 * tallies in a trend, and an object put together of several, or in a loop, is slow to make and to read.
 */
export function tallyOf<W>(next: () => number, waits: Readonly<Record<WaitKind, W>>): TallyOf<W> {
  return {
    offered: next(),
    refused: next(),
    answered: next(),
    handled: next(),
    abandoned: next(),
    timedOut: next(),
    noAgents: next(),
    keyExits: next(),
    callbacks: next(),
    overflowed: next(),
    withdrawn: next(),
    lost: next(),
    open: next(),
    transferred: next(),
    completed: next(),
    missedRings: next(),
    callbackOffered: next(),
    callbackAnswered: next(),
    callbackAbandoned: next(),
    callbackUnsettled: next(),
    outsideHours: next(),
    answeredWaitMs: next(),
    abandonedWaitMs: next(),
    talkMs: next(),
    holdMs: next(),
    holdKnown: next(),
    wrapUpMs: next(),
    maxWaitMs: next(),
    maxAnsweredWaitMs: next(),
    answeredWaits: waits.answeredWaits,
    abandonedWaits: waits.abandonedWaits,
    callbackWaits: waits.callbackWaits,
    otherWaits: waits.otherWaits,
  };
}

const NO_WAITS = { answeredWaits: null, abandonedWaits: null, callbackWaits: null, otherWaits: null };

const NO_COUNTS = tallyOf(() => 0, NO_WAITS);

/** Without waits, of which empty maps are many to make. */
export function emptyCounts(): TallyCounts {
  return { ...NO_COUNTS };
}

export function emptyTally(): Tally {
  return tallyOf(() => 0, {
    answeredWaits: new Map(),
    abandonedWaits: new Map(),
    callbackWaits: new Map(),
    otherWaits: new Map(),
  });
}

/** What of a tally are numbers, in the order in which {@link tallyOf} takes them. */
export const TALLY_COUNTS = Object.keys(emptyTally()).filter(
  (name) => !name.endsWith('Waits'),
) as (keyof TallyCounts)[]; // Its own keys.

/** Those that add up. */
const NUMBERS = TALLY_COUNTS.filter((key) => !key.startsWith('max'));

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
