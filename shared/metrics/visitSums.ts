import { addContacts, type Contacts, emptyContacts } from './contacts.ts';
import type { VisitFact } from './facts.ts';
import { addWait, EXACT_SECONDS, together, type WaitHistogram, type Waits } from './histogram.ts';
import { addRepeats, type RepeatEntry, type Repeats, repeatEntries, repeatKey } from './repeats.ts';
import { addVerdicts, emptyVerdicts, type Verdicts } from './serviceLevel.ts';
import {
  countCallbackOutcome,
  emptyTally,
  isMeasured,
  mergeCounts,
  OUTCOME_FIELD,
  type Tally,
  type TallyOf,
  tallyOf,
} from './tally.ts';
import type { Thresholds } from './thresholds.ts';
import { missedWaiting, settledVerdicts, type WaitKind } from './verdicts.ts';

/** What the visits of one queue, or of several, that entered within a bucket add up to, with all that became of them [T2]. */
export interface VisitSums {
  tally: Tally;
  /** Under the thresholds the sums were made with, of each queue its own [SL0]. */
  verdicts: Verdicts;
  repeats: Repeats;
  /** Visits that still wait, talk or are wrapped up: until there is none the bucket is partial [T2]. */
  unsettled: number;
  /** Whether callers called again [H4]; only history knows. */
  contacts: Contacts;
}

/** The same to be read and no more: waits packed perhaps, repeats as rows keep them, a set of queues several times perhaps. */
export interface SumsRead {
  tally: TallyOf<Waits>;
  verdicts: Verdicts;
  repeats: readonly RepeatEntry[];
  unsettled: number;
}

export function toRead({ tally, verdicts, repeats, unsettled }: VisitSums): SumsRead {
  return { tally, verdicts, repeats: repeatEntries(repeats), unsettled };
}

/** Added up. */
export function mergedSums(all: readonly SumsRead[]): SumsRead {
  // A step of a trend mostly is one row, and there are thousands of steps.
  if (all.length === 1 && all[0]) return all[0];
  const of = (kind: WaitKind) => together(all.map(({ tally }) => tally[kind]));
  const tally = tallyOf(() => 0, {
    answeredWaits: of('answeredWaits'),
    abandonedWaits: of('abandonedWaits'),
    callbackWaits: of('callbackWaits'),
    otherWaits: of('otherWaits'),
  });
  const verdicts = emptyVerdicts();
  let unsettled = 0;
  for (const sums of all) {
    mergeCounts(tally, sums.tally);
    addVerdicts(verdicts, sums.verdicts);
    unsettled += sums.unsettled;
  }
  return { tally, verdicts, repeats: all.flatMap(({ repeats }) => repeats), unsettled };
}

/** What of a visit counts. */
export type CountedVisit = Pick<
  VisitFact,
  | 'enteredAt'
  | 'origin'
  | 'outcome'
  | 'settledAt'
  | 'waitMs'
  | 'endedAt'
  | 'talkMs'
  | 'holdMs'
  | 'wrapUpMs'
  | 'handledAt'
  | 'isTransferred'
  | 'isCompleted'
  | 'earlierQueues'
  | 'isOutsideHours'
>;

export function emptySums(): VisitSums {
  return {
    tally: emptyTally(),
    verdicts: emptyVerdicts(),
    repeats: new Map(),
    unsettled: 0,
    contacts: emptyContacts(),
  };
}

/**
 * Adds up visits of one queue as they stand at `now` (epoch ms): what live counts as `today` (shared/live/counts.ts).
 * `dueAt`: the next instant at which the sums change by time alone, or null.
 */
export function sumVisits(
  visits: Iterable<CountedVisit>,
  missedRings: number,
  thresholds: Thresholds,
  now: number,
): { sums: VisitSums; dueAt: number | null } {
  const sums = emptySums();
  const { tally } = sums;
  tally.missedRings = missedRings;
  const isExact = Math.max(thresholds.thresholdSeconds, thresholds.shortAbandonSeconds) <= EXACT_SECONDS;
  const waits: [WaitKind, number][] = [];
  let overdue = 0;
  let dueAt = Number.POSITIVE_INFINITY;
  const due = (at: number) => {
    if (at > now && at < dueAt) dueAt = at;
  };
  for (const visit of visits) {
    if (visit.outcome === 'refused') {
      tally.refused++;
      continue;
    }
    tally.offered++;
    if (visit.isOutsideHours) tally.outsideHours++;
    if (visit.earlierQueues.length > 0) addRepeats(sums.repeats, repeatKey(visit.earlierQueues), 1);
    if (!isMeasured(visit)) {
      tally.callbackOffered++;
      countCallbackOutcome(tally, { outcome: visit.outcome }, 1);
    }
    if (visit.outcome === 'open') {
      const age = now - visit.enteredAt;
      const isLost = age > thresholds.maxWaitMs;
      tally[isLost ? 'lost' : 'open']++;
      if (isLost) continue;
      sums.unsettled++;
      due(visit.enteredAt + thresholds.maxWaitMs + 1);
      if (!isMeasured(visit)) continue;
      if (age > thresholds.thresholdSeconds * 1_000) overdue++;
      else due(visit.enteredAt + thresholds.thresholdSeconds * 1_000 + 1);
      continue;
    }
    tally[OUTCOME_FIELD[visit.outcome]]++;
    if (isMeasured(visit) && visit.outcome !== 'lost') {
      const kind = countWait(tally, visit);
      if (!isExact) waits.push([kind, visit.waitMs]);
    }
    const handling = countHandling(tally, visit, now);
    if (handling !== null) {
      sums.unsettled++;
      due(handling);
    }
  }
  const within = (kind: WaitKind, seconds: number) =>
    waits.filter(([of, waitMs]) => of === kind && waitMs <= seconds * 1_000).length;
  sums.verdicts = settledVerdicts(tally, thresholds, isExact ? undefined : within);
  sums.verdicts.missed += overdue;
  return { sums, dueAt: dueAt === Number.POSITIVE_INFINITY ? null : dueAt };
}

function countWait(tally: Tally, { outcome, settledAt, waitMs }: CountedVisit): WaitKind {
  if (settledAt !== null) tally.maxWaitMs = Math.max(tally.maxWaitMs, waitMs);
  let kind: WaitKind = 'otherWaits';
  if (outcome === 'answered') {
    kind = 'answeredWaits';
    tally.answeredWaitMs += waitMs;
    if (settledAt !== null) tally.maxAnsweredWaitMs = Math.max(tally.maxAnsweredWaitMs, waitMs);
  } else if (outcome === 'abandoned') {
    kind = 'abandonedWaits';
    tally.abandonedWaitMs += waitMs;
  } else if (outcome === 'callback_requested') kind = 'callbackWaits';
  addWait(tally[kind], waitMs, 1);
  return kind;
}

/** Null once nothing more can come of the visit; else when its handling will be over, infinite where nobody knows. */
function countHandling(tally: Tally, visit: CountedVisit, now: number): number | null {
  if (visit.outcome !== 'answered') return null;
  if (visit.endedAt === null) return Number.POSITIVE_INFINITY;
  if (visit.isTransferred) tally.transferred++;
  if (visit.isCompleted) tally.completed++;
  if (visit.talkMs === null) return null;
  if (visit.handledAt === null || visit.handledAt > now) return visit.handledAt ?? Number.POSITIVE_INFINITY;
  tally.handled++;
  tally.talkMs += visit.talkMs;
  tally.holdMs += visit.holdMs ?? 0;
  if (visit.holdMs !== null) tally.holdKnown++;
  tally.wrapUpMs += visit.wrapUpMs ?? 0;
  return null;
}

/** Adds `from` to `into`: of another queue, or of another bucket. Verdicts add up whatever thresholds each was made with. */
export function mergeSums(into: VisitSums, from: VisitSums): void {
  mergeTally(into.tally, from.tally);
  addVerdicts(into.verdicts, from.verdicts);
  for (const [key, count] of from.repeats) addRepeats(into.repeats, key, count);
  into.unsettled += from.unsettled;
  addContacts(into.contacts, from.contacts);
}

function mergeTally(into: Tally, from: Tally): void {
  mergeCounts(into, from);
  mergeWaits(into.answeredWaits, from.answeredWaits);
  mergeWaits(into.abandonedWaits, from.abandonedWaits);
  mergeWaits(into.callbackWaits, from.callbackWaits);
  mergeWaits(into.otherWaits, from.otherWaits);
}

function mergeWaits(into: WaitHistogram, from: WaitHistogram): void {
  for (const [bucket, count] of from) into.set(bucket, (into.get(bucket) ?? 0) + count);
}

/**
 * The same visits' verdicts under other thresholds, from their waits: exact up to 600 s for all that were answered or left.
 * A visit that still waits has no wait yet: those that had missed under the old threshold stay missed, and only the
 * facts know better.
 */
export function restamp(
  sums: Pick<VisitSums, 'tally' | 'verdicts'>,
  thresholds: Pick<Thresholds, 'thresholdSeconds' | 'shortAbandonSeconds'>,
): Verdicts {
  const verdicts = settledVerdicts(sums.tally, thresholds);
  verdicts.missed += missedWaiting(sums.verdicts);
  return verdicts;
}
