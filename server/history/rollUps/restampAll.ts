import type { TransactionSql } from 'postgres';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import type { Sectors } from '../../../shared/metrics/contacts.ts';
import { EXACT_SECONDS } from '../../../shared/metrics/histogram.ts';
import { addVerdicts, emptyVerdicts } from '../../../shared/metrics/serviceLevel.ts';
import { thresholdsFingerprint, thresholdsInForce } from '../../../shared/metrics/thresholds.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { createBuckets, type Grain } from './buckets.ts';
import { lockRollUps, type Mark, markDueAt } from './dirty.ts';
import {
  commonStamp,
  fromQueueRow,
  inForce,
  isStampedWith,
  type QueueRow,
  queueRows,
  type Stamp,
  type StampedSums,
  toQueueRow,
} from './queueRow.ts';
import { recomputeDue } from './recomputeDue.ts';
import { sectorsToCountBy } from './recountContacts.ts';
import { beginStamping, finishStamping } from './stamped.ts';

/**
 * Stamps every row with the thresholds in force after they have changed [L11]: from its histograms, or, where those do not
 * say (a threshold beyond 600 s, visits that wait, another maximum wait), by recomputing its intervals from the facts. Grain
 * by grain, since what is recomputed meanwhile is added up from the grain before. Stopped, it begins again, and finds the
 * rows done as they should be.
 */
export async function restampAll(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  options: { settings: LiveSettings; now: () => number; isOver?: () => boolean },
): Promise<{ done: boolean }> {
  const { settings, now, isOver = () => false } = options;
  const fingerprint = thresholdsFingerprint(settings);
  for (;;) {
    if (await inTenant(db, tenantId, (tx) => beginStamping(tx, tenantId, fingerprint))) return { done: true };
    await inTenant(db, tenantId, (tx) => markUnstampable(tx, tenantId, settings));
    for (const grain of ['interval', 'hour', 'day', 'month'] as const) {
      for (let after: number | null = Number.NEGATIVE_INFINITY; after !== null; ) {
        if (isOver()) return { done: false };
        after = await restampSome(db, tenantId, settings, grain, after);
      }
    }
    for (let more = true; more; ) {
      if (isOver()) return { done: false };
      ({ more } = await recomputeDue(db, tenantId, { settings, now: now() }));
    }
    // False where rows were written under other thresholds meanwhile: once more, then.
    if (await inTenant(db, tenantId, (tx) => finishStamping(tx, tenantId, fingerprint)))
      return { done: true };
  }
}

/** Rows a transaction: recomputing waits for it. */
const ROWS_PER_ROUND = 2_000;

/** Stamps the next buckets after `after`; returns the last of them, null when there are none. */
async function restampSome(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  settings: LiveSettings,
  grain: Grain,
  after: number,
): Promise<number | null> {
  return inTenant(db, tenantId, async (tx) => {
    await lockRollUps(tx, tenantId);
    const from = after === Number.NEGATIVE_INFINITY ? '-infinity' : new Date(after).toISOString();
    const rows = await tx<QueueRow[]>`
      with next as materialized (
        select bucket from performance_trends
        where tenant_id = ${tenantId} and grain = ${grain} and bucket > ${from}::text::timestamptz
        order by bucket limit ${ROWS_PER_ROUND}
      )
      select ${tx.unsafe(queueRows.columns)} from performance_trends r
      where r.tenant_id = ${tenantId} and r.grain = ${grain} and r.bucket > ${from}::text::timestamptz
        and r.bucket <= (select max(bucket) from next)
      order by r.bucket`;
    await queueRows.upsert(tx, tenantId, restamped(rows, settings, await sectorsToCountBy(tx, tenantId)));
    return rows.at(-1)?.bucket ?? null;
  });
}

/** Those of `rows`, whole buckets, that are to be written. */
function restamped(rows: readonly QueueRow[], settings: LiveSettings, sectors: Sectors): QueueRow[] {
  const changed: QueueRow[] = [];
  const queues = new Map<number, StampedSums[]>();
  for (const row of rows) {
    if (row.queueId === '') continue;
    const before = fromQueueRow(row);
    const after = inForce(before, row.queueId, settings);
    queues.set(row.bucket, [...(queues.get(row.bucket) ?? []), after]);
    if (after !== before) changed.push(toQueueRow(keyOf(row), after, sectors));
  }
  for (const row of rows) {
    if (row.queueId !== '') continue;
    const total = totalOf(fromQueueRow(row), queues.get(row.bucket) ?? []);
    const after = toQueueRow(keyOf(row), total, sectors);
    if (STAMPED.some((field) => after[field] !== row[field])) changed.push(after);
  }
  return changed;
}

const STAMPED = [
  'thresholdSeconds',
  'shortAbandonSeconds',
  'met',
  'missed',
  'abandonedWithin',
  'short',
  'shortWithin',
  'callbackWithin',
  'otherWithin',
] as const satisfies (keyof QueueRow)[];

/** A total, with the verdicts of its queues, each under its own thresholds [SL0]. */
function totalOf({ sums }: StampedSums, queues: readonly StampedSums[]): StampedSums {
  const verdicts = emptyVerdicts();
  for (const queue of queues) addVerdicts(verdicts, queue.sums.verdicts);
  return { sums: { ...sums, verdicts }, stamp: commonStamp(queues) };
}

const keyOf = ({ grain, bucket, queueId }: QueueRow) => ({ grain, bucket, queueId });

/** Marks the intervals whose verdicts only their facts know. */
async function markUnstampable(tx: TransactionSql, tenantId: string, settings: LiveSettings): Promise<void> {
  const buckets = createBuckets(settings);
  const waiting = await tx<{ at: number; queueId: string }[]>`
    select (extract(epoch from entered_at) * 1000)::float8 as at, queue_id as "queueId" from queue_visits
    where tenant_id = ${tenantId} and outcome = 'open'`;
  const beyond = beyondExact(settings, await queueIds(tx, tenantId));
  const rows = await tx<(Stamp & { at: number; queueId: string })[]>`
    select (extract(epoch from bucket) * 1000)::float8 as at, queue_id as "queueId",
      threshold_seconds as "thresholdSeconds", short_abandon_seconds as "shortAbandonSeconds"
    from performance_trends
    where tenant_id = ${tenantId} and grain = 'interval' and queue_id = any(${beyond}::text[])`;
  const marks = new Map<string, Mark & { dueAt: number }>();
  const mark = (at: number, id: string) => {
    const bucket = buckets.startOf('interval', at);
    marks.set(`${bucket} ${id}`, { kind: 'queue', bucket, id, dueAt: 0 });
  };
  for (const { at, queueId } of waiting) mark(at, queueId);
  for (const { at, queueId, ...stamp } of rows) {
    if (!isStampedWith(stamp, thresholdsInForce(settings, queueId))) mark(at, queueId);
  }
  await markDueAt(tx, tenantId, [...marks.values()]);
}

/** Of the queues with rows, those with a threshold that histograms do not hold exactly. */
function beyondExact(settings: LiveSettings, ids: readonly string[]): string[] {
  return ids.filter((id) => {
    const { thresholdSeconds, shortAbandonSeconds } = thresholdsInForce(settings, id);
    return Math.max(thresholdSeconds, shortAbandonSeconds) > EXACT_SECONDS;
  });
}

async function queueIds(tx: TransactionSql, tenantId: string): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select distinct queue_id as id from performance_trends
    where tenant_id = ${tenantId} and grain = 'month' and queue_id <> ''`;
  return rows.map(({ id }) => id);
}
