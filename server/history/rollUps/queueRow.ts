import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { contactRepeatEntries, contactsOf, type Sectors } from '../../../shared/metrics/contacts.ts';
import type { Waits } from '../../../shared/metrics/histogram.ts';
import { packWaits, unpackWaits } from '../../../shared/metrics/packedWaits.ts';
import { type RepeatEntry, repeatEntries, repeatsOf } from '../../../shared/metrics/repeats.ts';
import type { Verdicts } from '../../../shared/metrics/serviceLevel.ts';
import { TALLY_COUNTS, tallyOf } from '../../../shared/metrics/tally.ts';
import { type Thresholds, thresholdsInForce } from '../../../shared/metrics/thresholds.ts';
import type { WaitKind } from '../../../shared/metrics/verdicts.ts';
import {
  emptySums,
  mergeSums,
  restamp,
  type SumsRead,
  type VisitSums,
} from '../../../shared/metrics/visitSums.ts';
import { performanceTrends } from '../../db/schema/history.ts';
import type { Grain } from './buckets.ts';
import { repeatsWithin } from './repeatsWithin.ts';
import { rollUpTable, type Stored } from './table.ts';

/** Rows of `performance_trends`: sums, and the thresholds their verdicts are stamped with. */

export type QueueRow = Stored<typeof performanceTrends>;

/** Null where queues that differ have been added up. */
export interface Stamp {
  thresholdSeconds: number | null;
  shortAbandonSeconds: number | null;
}

export interface StampedSums {
  sums: VisitSums;
  stamp: Stamp;
}

export const queueRows = rollUpTable(performanceTrends, ['grain', 'queueId', 'bucket']);

/** In the order in which {@link sumsOf} takes them. */
const VERDICTS = [
  'met',
  'missed',
  'abandonedWithin',
  'short',
  'shortWithin',
  'callbackWithin',
  'otherWithin',
  'flowOuts',
] as const;

export function toQueueRow(
  { grain, bucket, queueId }: { grain: Grain; bucket: number; queueId: string },
  { sums, stamp }: StampedSums,
  sectors: Sectors,
): QueueRow {
  const { tally: t, verdicts: v } = sums;
  const repeats = repeatEntries(sums.repeats);
  const contactRepeats = contactRepeatEntries(sums.contacts);
  const within = repeatsWithin(queueId, { repeats, contactRepeats }, sectors);
  // Field by field: there are thousands a round, and objects put together in a loop are slow to make and to read.
  return {
    grain,
    bucket,
    queueId,
    offered: t.offered,
    refused: t.refused,
    answered: t.answered,
    handled: t.handled,
    abandoned: t.abandoned,
    timedOut: t.timedOut,
    noAgents: t.noAgents,
    keyExits: t.keyExits,
    callbacks: t.callbacks,
    overflowed: t.overflowed,
    withdrawn: t.withdrawn,
    lost: t.lost,
    open: t.open,
    transferred: t.transferred,
    completed: t.completed,
    missedRings: t.missedRings,
    callbackOffered: t.callbackOffered,
    callbackAnswered: t.callbackAnswered,
    callbackAbandoned: t.callbackAbandoned,
    callbackUnsettled: t.callbackUnsettled,
    outsideHours: t.outsideHours,
    answeredWaitMs: t.answeredWaitMs,
    abandonedWaitMs: t.abandonedWaitMs,
    talkMs: t.talkMs,
    holdMs: t.holdMs,
    holdKnown: t.holdKnown,
    wrapUpMs: t.wrapUpMs,
    maxWaitMs: t.maxWaitMs,
    maxAnsweredWaitMs: t.maxAnsweredWaitMs,
    thresholdSeconds: stamp.thresholdSeconds,
    shortAbandonSeconds: stamp.shortAbandonSeconds,
    met: v.met,
    missed: v.missed,
    abandonedWithin: v.abandonedWithin,
    short: v.short,
    shortWithin: v.shortWithin,
    callbackWithin: v.callbackWithin,
    otherWithin: v.otherWithin,
    flowOuts: v.flowOuts,
    answeredWaits: packWaits(t.answeredWaits),
    abandonedWaits: packWaits(t.abandonedWaits),
    callbackWaits: packWaits(t.callbackWaits),
    otherWaits: packWaits(t.otherWaits),
    repeats,
    unsettled: sums.unsettled,
    contacts: packWaits(sums.contacts.days),
    contactRepeats,
    repeatsInQueue: within.repeatsInQueue,
    repeatsInSector: within.repeatsInSector,
    contactRepeatsInQueue: within.contactRepeatsInQueue,
    contactRepeatsInSector: within.contactRepeatsInSector,
  };
}

/** What of a row, or of several added up, is counted, in the order {@link sumsRead} takes it. */
export const COUNTED = [...TALLY_COUNTS, ...VERDICTS, 'unsettled'] as const;

/** A row, or several added up, to be read: `next` tells counts in the order of {@link COUNTED}, repeats are as they are kept. */
export function sumsRead(
  next: () => number,
  waits: Readonly<Record<WaitKind, Waits>>,
  repeats: readonly RepeatEntry[],
): SumsRead {
  const { tally, verdicts, unsettled } = sumsOf(next, waits);
  return { tally, verdicts, repeats, unsettled };
}

function sumsOf<W>(next: () => number, waits: Readonly<Record<WaitKind, W>>) {
  const tally = tallyOf(next, waits);
  const verdicts: Verdicts = {
    met: next(),
    missed: next(),
    // Callbacks are outside rates [V11], and so are in no verdict.
    answered: tally.answered - tally.callbackAnswered,
    abandoned: tally.abandoned - tally.callbackAbandoned,
    abandonedWithin: next(),
    short: next(),
    shortWithin: next(),
    callbackWithin: next(),
    otherWithin: next(),
    flowOuts: next(),
  };
  return { tally, verdicts, unsettled: next() };
}

export function fromQueueRow(row: QueueRow): StampedSums {
  let at = 0;
  const next = () => row[COUNTED[at++] ?? 'unsettled'];
  const { tally, verdicts, unsettled } = sumsOf(next, {
    answeredWaits: unpackWaits(row.answeredWaits),
    abandonedWaits: unpackWaits(row.abandonedWaits),
    callbackWaits: unpackWaits(row.callbackWaits),
    otherWaits: unpackWaits(row.otherWaits),
  });
  const repeats = repeatsOf(row.repeats);
  const contacts = contactsOf(unpackWaits(row.contacts), row.contactRepeats);
  const sums = { tally, verdicts, repeats, unsettled, contacts };
  return {
    sums,
    stamp: { thresholdSeconds: row.thresholdSeconds, shortAbandonSeconds: row.shortAbandonSeconds },
  };
}

/** Whether anything is counted at all: a bucket without is no row. */
export function isEmpty({ tally }: VisitSums): boolean {
  return tally.offered === 0 && tally.refused === 0 && tally.missedRings === 0;
}

/** Adds rows up; null where there is nothing to add. */
export function mergeStamped(parts: readonly StampedSums[]): StampedSums | null {
  if (parts.length === 0) return null;
  const sums = emptySums();
  for (const part of parts) mergeSums(sums, part.sums);
  return { sums, stamp: commonStamp(parts) };
}

/** What is stamped differently is, together, stamped with neither. */
export function commonStamp(parts: readonly StampedSums[]): Stamp {
  const [first, ...rest] = parts.map(({ stamp }) => stamp);
  const common = (field: keyof Stamp) =>
    first === undefined || rest.some((stamp) => stamp[field] !== first[field]) ? null : first[field];
  return { thresholdSeconds: common('thresholdSeconds'), shortAbandonSeconds: common('shortAbandonSeconds') };
}

export function isStampedWith(stamp: Stamp, t: Thresholds): boolean {
  return stamp.thresholdSeconds === t.thresholdSeconds && stamp.shortAbandonSeconds === t.shortAbandonSeconds;
}

/** A queue's row under the thresholds in force: what it is added to must not mix them. */
export function inForce(row: StampedSums, queueId: string, settings: LiveSettings): StampedSums {
  const t = thresholdsInForce(settings, queueId);
  if (queueId === '' || isStampedWith(row.stamp, t)) return row;
  const { thresholdSeconds, shortAbandonSeconds } = t;
  return {
    sums: { ...row.sums, verdicts: restamp(row.sums, t) },
    stamp: { thresholdSeconds, shortAbandonSeconds },
  };
}
