import type { PerformanceMetrics, ThresholdsUsed } from '../../../shared/contract/analytics.ts';
import type { Definition } from '../../../shared/contract/metrics.ts';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { type ContactsRead, firstContactMetrics, firstContacts } from '../../../shared/metrics/contacts.ts';
import { distinctCalls } from '../../../shared/metrics/repeats.ts';
import { type Thresholds, thresholdsInForce } from '../../../shared/metrics/thresholds.ts';
import { timeMetrics } from '../../../shared/metrics/timeMetrics.ts';
import { emptyTimeSums, mergeTime, type TimeSums } from '../../../shared/metrics/timeSums.ts';
import { settledVerdicts } from '../../../shared/metrics/verdicts.ts';
import { visitMetrics } from '../../../shared/metrics/visitMetrics.ts';
import type { SumsRead } from '../../../shared/metrics/visitSums.ts';
import { fingerprintsOf } from '../fingerprints.ts';
import type { OpenVisit } from './openVisits.ts';
import { type TeamGroup, timeOf } from './teamRows.ts';
import { sumsIn, type VisitGroup } from './visitRows.ts';

/** Metrics from what was read of roll-ups. Pure. */

/** What a question may name in place of what the tenant decided. */
export interface Rules {
  definition?: Definition | undefined;
  threshold?: number | undefined;
  shortAbandon?: number | undefined;
}

/** Under what it is measured: of every queue in question its thresholds, and whether rows are stamped with them. */
export interface Measure {
  definition: Definition;
  settings: LiveSettings;
  thresholds: ReadonlyMap<string, Thresholds>;
  isStamped: boolean;
  /** The one pair of thresholds all of them have; null where they differ. */
  common: Thresholds | null;
}

export function measureOf(
  settings: LiveSettings,
  queueIds: readonly string[],
  { definition, threshold, shortAbandon }: Rules,
  stamped: string,
): Measure {
  let isStamped = stamped === fingerprintsOf(settings).thresholds;
  const thresholds = new Map<string, Thresholds>();
  for (const id of queueIds) {
    const inForce = thresholdsInForce(settings, id);
    const used = {
      ...inForce,
      thresholdSeconds: threshold ?? inForce.thresholdSeconds,
      shortAbandonSeconds: shortAbandon ?? inForce.shortAbandonSeconds,
    };
    if (!isAlike(used, inForce)) isStamped = false;
    thresholds.set(id, used);
  }
  const [first = thresholdsInForce(settings, ''), ...others] = thresholds.values();
  const common = others.every((other) => isAlike(other, first)) ? first : null;
  return { definition: definition ?? settings.definition, settings, thresholds, isStamped, common };
}

function isAlike(a: Thresholds, b: Thresholds): boolean {
  return a.thresholdSeconds === b.thresholdSeconds && a.shortAbandonSeconds === b.shortAbandonSeconds;
}

/** What it was measured by, of the queues named. */
export function thresholdsUsed(
  { thresholds, common }: Measure,
  queueIds?: readonly string[],
): ThresholdsUsed {
  const used =
    queueIds?.flatMap((id) => thresholds.get(id) ?? []) ?? (common ? [common] : [...thresholds.values()]);
  const only = (values: number[]) => (new Set(values).size === 1 ? (values[0] ?? null) : null);
  return {
    thresholdSeconds: only(used.map(({ thresholdSeconds }) => thresholdSeconds)),
    shortAbandonSeconds: only(used.map(({ shortAbandonSeconds }) => shortAbandonSeconds)),
  };
}

/**
 * A group's sums, with verdicts under the thresholds of the measure: as they were stamped, or from waits and, as those who
 * wait have none yet, the visits that entered in the group and are `open` at `now`.
 */
export function stampedSums(
  group: VisitGroup,
  { isStamped, thresholds, common }: Measure,
  open: readonly OpenVisit[],
  now: number,
): SumsRead {
  const sums = sumsIn(group);
  if (isStamped) return sums;
  const used = thresholds.get(group.queueId) ?? common;
  // A queue that settings do not know has no thresholds but those its row is stamped with.
  if (used === null) return sums;
  const verdicts = settledVerdicts(sums.tally, used);
  for (const visit of open) {
    const age = now - visit.enteredAt;
    const { maxWaitMs } = thresholds.get(visit.queueId) ?? used;
    if (age > used.thresholdSeconds * 1_000 && age <= maxWaitMs) verdicts.missed++;
  }
  return { ...sums, verdicts };
}

/** The time of all agents, or of those who serve any of the queues [T5]; that of teams added up is theirs already. */
export function timeAmong(teams: Iterable<TeamGroup>, queues: ReadonlySet<string> | null): TimeSums {
  const total = emptyTimeSums();
  for (const team of teams) {
    if (queues === null || team.queues === null || team.queues.some((id) => queues.has(id)))
      mergeTime(total, timeOf(team.sums, team.from));
  }
  return total;
}

/** Distinct calls among the offered of these queues [T5]; `queues` null: of all. */
export function callsOf({ tally, repeats }: SumsRead, queues: ReadonlySet<string> | null): number {
  return distinctCalls([{ offered: tally.offered, repeats }], queues);
}

/** Null while they are being counted again [H4]. */
export function firstContactsOf(
  contacts: ContactsRead | null,
  queues: ReadonlySet<string> | null,
  { firstContactDays }: Pick<LiveSettings, 'firstContactDays'>,
): { calls: number; resolved: number } | null {
  return contacts && firstContacts(contacts, queues, firstContactDays);
}

/** What was read of a range. */
export interface Read {
  visits: SumsRead;
  time: TimeSums;
  /** Null while they are being counted again. */
  contacts: ContactsRead | null;
}

/** Of one queue, or a total over several, whose abandonment rate divides by calls [T5]. `queues` null: of all. */
export function performanceOf(
  { definition, settings }: Measure,
  { visits: sums, time, contacts }: Read,
  queues: ReadonlySet<string> | null,
  isTotal: boolean,
): PerformanceMetrics {
  const { tally, verdicts } = sums;
  const calls = callsOf(sums, queues);
  const histograms = [tally.answeredWaits, tally.abandonedWaits, tally.callbackWaits, tally.otherWaits];
  const counts = { tally, verdicts, shortAbandoned: verdicts.short, waits: [], histograms };
  const { genesys, minimumSample } = settings;
  const reading = { definition, genesys, minimumSample, isSliding: false };
  const visits = visitMetrics(counts, reading, isTotal ? { callsOffered: calls, callsLeft: 0 } : null);
  const first = firstContactMetrics(firstContactsOf(contacts, queues, settings), settings);
  const spent = timeMetrics(time);
  // Field by field: there are thousands of steps, and an object put together of several is slow to make, to copy and to write out.
  return {
    calls,
    received: visits.received,
    refused: visits.refused,
    offered: visits.offered,
    outsideHours: visits.outsideHours,
    answered: visits.answered,
    handled: visits.handled,
    abandoned: visits.abandoned,
    shortAbandoned: visits.shortAbandoned,
    timedOut: visits.timedOut,
    noAgents: visits.noAgents,
    keyExits: visits.keyExits,
    callbacks: visits.callbacks,
    overflowed: visits.overflowed,
    withdrawn: visits.withdrawn,
    lost: visits.lost,
    open: visits.open,
    transferred: visits.transferred,
    serviceLevel: visits.serviceLevel,
    abandonmentRate: visits.abandonmentRate,
    completionRate: visits.completionRate,
    transferRate: visits.transferRate,
    asaMs: visits.asaMs,
    averageAbandonMs: visits.averageAbandonMs,
    ahtMs: visits.ahtMs,
    averageTalkMs: visits.averageTalkMs,
    averageHoldMs: visits.averageHoldMs,
    averageWrapUpMs: visits.averageWrapUpMs,
    maxWaitMs: visits.maxWaitMs,
    maxAnsweredWaitMs: visits.maxAnsweredWaitMs,
    waitP50Ms: visits.waitP50Ms,
    waitP80Ms: visits.waitP80Ms,
    waitP90Ms: visits.waitP90Ms,
    waitP95Ms: visits.waitP95Ms,
    missedRings: visits.missedRings,
    firstContactResolution: first.firstContactResolution,
    firstContactResolved: first.firstContactResolved,
    firstContactCalls: first.firstContactCalls,
    firstContactDays: first.firstContactDays,
    lowSample: first.isSmall ? [...visits.lowSample, 'firstContactResolution'] : visits.lowSample,
    signedInMs: spent.signedInMs,
    availableMs: spent.availableMs,
    closedMs: spent.closedMs,
    ringingMs: spent.ringingMs,
    talkMs: spent.talkMs,
    holdMs: spent.holdMs,
    wrapUpMs: spent.wrapUpMs,
    pausedMs: spent.pausedMs,
    outboundMs: spent.outboundMs,
    occupancy: spent.occupancy,
    utilisation: spent.utilisation,
  };
}
