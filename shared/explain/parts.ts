import { LISTED_COUNTS, type ListedCount } from '../contract/calls.ts';
import { REVIEW_COUNTS, type ReviewCount } from '../contract/qualityScores.ts';
import type { LegSums } from '../metrics/agentSums.ts';
import { countWithin, histogramPercentiles } from '../metrics/histogram.ts';
import type { TimeSums } from '../metrics/timeSums.ts';
import { missedWaiting } from '../metrics/verdicts.ts';
import type { SumsRead } from '../metrics/visitSums.ts';

/** What figures are made of: numbers by name. Pure. */

/** How agents spent their time. */
const TIME_PARTS = [
  'talkMs',
  'outboundMs',
  'holdMs',
  'ringingMs',
  'wrapUpMs',
  'pausedMs',
  'availableMs',
  'closedMs',
] as const;

/** Parts that count things other than visits, or count nothing. `…Ms` are durations in ms, the others counts. */
const OTHER_PARTS = [
  'missedRings',
  'outbound',
  'holdKnown',
  'firstContactResolved',
  'firstContactCalls',
  'answeredWaitMs',
  'abandonedWaitMs',
  'handledTalkMs',
  'handledHoldMs',
  'handledWrapUpMs',
  'maxWaitMs',
  'maxAnsweredWaitMs',
  'waitP50Ms',
  'waitP80Ms',
  'waitP90Ms',
  'waitP95Ms',
  ...TIME_PARTS,
] as const;

/** Of reviews: calls, drafts, pairs of reviewers; `…Points` are sums of points. */
const REVIEW_PARTS = ['scorePoints', 'reviewed', 'drafts', 'pairs', 'differencePoints'] as const;

/** The visits behind a part of the first kind can be listed, and the reviews behind one of the second. */
export type PartName =
  | ListedCount
  | ReviewCount
  | (typeof OTHER_PARTS)[number]
  | (typeof REVIEW_PARTS)[number];

/** What figures of reviews are made of. */
export type ReviewParts = Record<ReviewCount | (typeof REVIEW_PARTS)[number], number>;

/** Null: there is no such number, as there is no longest wait of nobody. */
export type Parts = Partial<Record<PartName, number | null>>;

export type Unit = 'count' | 'ratio' | 'ms' | 'points';

export function unitOf(name: PartName): Unit {
  if (name.endsWith('Points')) return 'points';
  return name.endsWith('Ms') ? 'ms' : 'count';
}

export function isVisitCount(name: PartName): name is ListedCount {
  return LISTED_COUNTS.some((count) => count === name);
}

export function isReviewCount(name: PartName): name is ReviewCount {
  return REVIEW_COUNTS.some((count) => count === name);
}

export function isTime(name: PartName): boolean {
  return TIME_PARTS.some((part) => part === name);
}

const RANKS = [0.5, 0.8, 0.9, 0.95] as const;

/** `calls`: distinct ones among the offered [T5]. */
export function visitParts({ tally, verdicts }: Pick<SumsRead, 'tally' | 'verdicts'>, calls: number): Parts {
  const { talkMs, holdMs, wrapUpMs, maxWaitMs, maxAnsweredWaitMs, callbackUnsettled, ...counts } = tally;
  const { answeredWaits, abandonedWaits, callbackWaits, otherWaits, ...sums } = counts;
  const waits = [answeredWaits, abandonedWaits, callbackWaits, otherWaits];
  const [p50, p80, p90, p95] = histogramPercentiles(waits, RANKS);
  const { answered: _, abandoned: __, short: shortAbandoned, ...decided } = verdicts;
  return {
    ...sums,
    ...decided,
    shortAbandoned,
    calls,
    repeated: tally.offered - calls,
    missedWaiting: missedWaiting(verdicts),
    waitingOrLost: tally.open + tally.lost - callbackUnsettled,
    handledTalkMs: talkMs,
    handledHoldMs: holdMs,
    handledWrapUpMs: wrapUpMs,
    maxWaitMs: p50 == null ? null : maxWaitMs,
    maxAnsweredWaitMs: countWithin(answeredWaits, Number.POSITIVE_INFINITY) === 0 ? null : maxAnsweredWaitMs,
    waitP50Ms: p50 ?? null,
    waitP80Ms: p80 ?? null,
    waitP90Ms: p90 ?? null,
    waitP95Ms: p95 ?? null,
  };
}

/** Null while first contacts are being counted again [H4]. */
export function contactParts(first: { calls: number; resolved: number } | null): Parts {
  return { firstContactResolved: first?.resolved ?? null, firstContactCalls: first?.calls ?? null };
}

/** Of an agent. */
export function legParts({ talkMs, holdMs, wrapUpMs, ...counts }: LegSums): Parts {
  return { ...counts, handledTalkMs: talkMs, handledHoldMs: holdMs, handledWrapUpMs: wrapUpMs };
}

export function timeParts({ talkingMs, ...others }: TimeSums): Parts {
  return { ...others, talkMs: talkingMs };
}
