import type { LiveSettings } from '../../../../shared/contract/settings.ts';
import { isClosedAt } from '../../../../shared/metrics/openingHours.ts';
import type { Thresholds } from '../../../../shared/metrics/thresholds.ts';
import type { Figures } from '../sheet.ts';
import type { Stay } from './story.ts';

/** What stays of one queue come to, counted one by one. All of it adds up over queues but the two longest waits. */
export type Parts = ReturnType<typeof noParts>;

export function noParts() {
  return {
    offered: 0,
    outsideHours: 0,
    refused: 0,
    answered: 0,
    abandoned: 0,
    timed_out: 0,
    no_agents: 0,
    key_exit: 0,
    callback_requested: 0,
    overflowed: 0,
    withdrawn: 0,
    lost: 0,
    waiting: 0,
    handled: 0,
    transferred: 0,
    completed: 0,
    missedRings: 0,
    short: 0,
    good: 0,
    of: 0,
    /** Of origin callback, and of the others those that were lost or still wait: outside rates [V11]. */
    callbacksOffered: 0,
    undecided: 0,
    measuredAnswered: 0,
    answeredWaitMs: 0,
    measuredAbandoned: 0,
    abandonedWaitMs: 0,
    talkMs: 0,
    holdMs: 0,
    holdsKnown: 0,
    longestMs: Number.NEGATIVE_INFINITY,
    longestAnsweredMs: Number.NEGATIVE_INFINITY,
  };
}

/** How stays are judged: the queue's thresholds, the tenant's definition, and the instant as of which nobody waits any more [V10]. */
export interface Judgement {
  thresholds: Thresholds;
  settings: Pick<LiveSettings, 'definition' | 'genesys' | 'queues' | 'timeZone'>;
  asOf: number;
}

export function countStay(parts: Parts, stay: Stay, judgement: Judgement): void {
  const { thresholds, asOf } = judgement;
  const isGhost = stay.outcome === 'waiting' && asOf - stay.enteredAt > thresholds.maxWaitMs;
  const outcome = isGhost ? 'lost' : stay.outcome;
  parts.offered++;
  if (isClosedAt(judgement.settings, stay.queueId, stay.enteredAt)) parts.outsideHours++;
  parts[outcome]++;
  if (stay.isTransferred) parts.transferred++;
  if (stay.isCompleted) parts.completed++;
  if (outcome === 'answered' && stay.endedAt !== null && stay.talkMs !== null) {
    parts.handled++;
    parts.talkMs += stay.talkMs;
    parts.holdMs += stay.holdMs ?? 0;
    if (stay.holdMs !== null) parts.holdsKnown++;
  }
  if (stay.isCallback) {
    parts.callbacksOffered++;
    return;
  }
  if (outcome === 'lost') parts.undecided++;
  else if (outcome === 'waiting') {
    parts.undecided++;
    if (asOf - stay.enteredAt > thresholds.thresholdSeconds * 1_000) judge(parts, stay, judgement);
  } else {
    countWait(parts, stay, thresholds);
    judge(parts, stay, judgement);
  }
}

function countWait(parts: Parts, { outcome, waitMs }: Stay, { shortAbandonSeconds }: Thresholds): void {
  parts.longestMs = Math.max(parts.longestMs, waitMs);
  if (outcome === 'answered') {
    parts.measuredAnswered++;
    parts.answeredWaitMs += waitMs;
    parts.longestAnsweredMs = Math.max(parts.longestAnsweredMs, waitMs);
  } else if (outcome === 'abandoned') {
    parts.measuredAbandoned++;
    parts.abandonedWaitMs += waitMs;
    if (waitMs <= shortAbandonSeconds * 1_000) parts.short++;
  }
}

/** [SL0]–[SL7] One visit: whether it is in the denominator, and in the numerator. */
function judge(parts: Parts, stay: Stay, { thresholds, settings }: Judgement): void {
  const waits = stay.outcome === 'waiting';
  const isWithin = !waits && stay.waitMs <= thresholds.thresholdSeconds * 1_000;
  const isAnswered = stay.outcome === 'answered';
  const isAbandoned = stay.outcome === 'abandoned';
  const isShort = isAbandoned && stay.waitMs <= thresholds.shortAbandonSeconds * 1_000;
  let counts = true;
  let isGood = isAnswered && isWithin;
  switch (settings.definition) {
    case 'standard':
      counts = !isWithin || isAnswered || (isAbandoned && !isShort);
      break;
    case 'strict':
      break;
    case 'genesys':
      counts =
        isAnswered ||
        (isAbandoned && !settings.genesys.abandonsOut && (!isShort || settings.genesys.shortAbandonsIn)) ||
        (!isAbandoned && !waits && settings.genesys.flowOutsIn);
      break;
    case 'connect':
      isGood = isWithin && (isAnswered || isAbandoned || stay.outcome === 'callback_requested');
      break;
    case 'talkdesk':
      counts = !isShort;
      break;
    case 'cisco_ignored':
      counts = !isShort && (!isWithin || isAnswered);
      break;
    case 'cisco_negative':
      counts = !isShort && (!isWithin || isAnswered || isAbandoned);
      break;
    case 'cisco_positive':
      counts = !isShort && (!isWithin || isAnswered || isAbandoned);
      isGood = isWithin && (isAnswered || isAbandoned);
      break;
    case 'asterisk':
      counts = isAnswered;
      break;
  }
  if (counts) parts.of++;
  if (counts && isGood) parts.good++;
}

export function addParts(into: Parts, from: Parts): void {
  const { longestMs, longestAnsweredMs } = into;
  for (const key of Object.keys(into) as (keyof Parts)[]) into[key] += from[key]; // Its own keys.
  into.longestMs = Math.max(longestMs, from.longestMs);
  into.longestAnsweredMs = Math.max(longestAnsweredMs, from.longestAnsweredMs);
}

/** `offered`: what abandonment divides by: of a total, how many distinct calls it was offered [T5]. */
export function figuresOfParts(p: Parts, offered: number): Figures {
  return {
    received: p.offered + p.refused,
    refused: p.refused,
    offered: p.offered,
    outsideHours: p.outsideHours,
    answered: p.answered,
    handled: p.handled,
    abandoned: p.abandoned,
    shortAbandoned: p.short,
    timedOut: p.timed_out,
    noAgents: p.no_agents,
    keyExits: p.key_exit,
    callbacks: p.callback_requested,
    overflowed: p.overflowed,
    withdrawn: p.withdrawn,
    lost: p.lost,
    open: p.waiting,
    transferred: p.transferred,
    missedRings: p.missedRings,
    serviceLevel: per(p.good, p.of),
    abandonmentRate: per(p.measuredAbandoned - p.short, offered - p.callbacksOffered - p.undecided - p.short),
    completionRate: per(p.completed, p.offered - p.lost - p.waiting),
    transferRate: per(p.transferred, p.answered),
    asaMs: per(p.answeredWaitMs, p.measuredAnswered),
    averageAbandonMs: per(p.abandonedWaitMs, p.measuredAbandoned),
    averageTalkMs: per(p.talkMs, p.handled),
    averageHoldMs: p.holdsKnown > 0 ? per(p.holdMs, p.handled) : null,
    maxWaitMs: Number.isFinite(p.longestMs) ? p.longestMs : null,
    maxAnsweredWaitMs: Number.isFinite(p.longestAnsweredMs) ? p.longestAnsweredMs : null,
  };
}

export function per(sum: number, count: number): number | null {
  return count > 0 ? sum / count : null;
}
