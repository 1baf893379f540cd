import type { TransactionSql } from 'postgres';
import { totalContacts } from '../../../shared/metrics/contacts.ts';
import { totalRepeats } from '../../../shared/metrics/repeats.ts';
import { thresholdsInForce } from '../../../shared/metrics/thresholds.ts';
import { sumVisits } from '../../../shared/metrics/visitSums.ts';
import { createBreath } from './breath.ts';
import type { Grain } from './buckets.ts';
import { readContacts } from './contacts.ts';
import type { Mark } from './dirty.ts';
import { readMissedRings, readVisits, type Span } from './facts.ts';
import {
  fromQueueRow,
  inForce,
  isEmpty,
  mergeStamped,
  type QueueRow,
  queueRows,
  type StampedSums,
  toQueueRow,
} from './queueRow.ts';
import { deleteQueueRows, keysIn, keysWithin, type QueueKey, readQueueRows } from './queueRowsOf.ts';
import { markedSpans, type Round } from './round.ts';

/** What a round of recomputing knows of one grain, by bucket and queue; null: there is nothing left in it. */
type Computed = Map<number, Map<string, StampedSums | null>>;

/**
 * Recomputes intervals of queues from the facts, or, where those are gone, takes them as they are; then from those the total of each interval, and then hours, days and
 * months, each from the rows of the grain before. Returns the marks of what will change by time alone.
 */
export async function recomputeQueues(
  tx: TransactionSql,
  round: Round,
  marks: readonly Mark[],
): Promise<(Mark & { dueAt: number })[]> {
  const intervals: Computed = new Map();
  const due = await computeIntervals(tx, round, marks, intervals);
  await computeTotals(tx, round, intervals);
  await write(tx, round, 'interval', intervals);
  let finer: Grain = 'interval';
  let computed = intervals;
  for (const grain of ['hour', 'day', 'month'] as const) {
    computed = await computeFrom(tx, round, finer, computed, grain);
    await write(tx, round, grain, computed);
    finer = grain;
  }
  return due;
}

async function computeIntervals(
  tx: TransactionSql,
  round: Round,
  marks: readonly Mark[],
  into: Computed,
): Promise<(Mark & { dueAt: number })[]> {
  const { tenantId, settings, buckets, now, factsSince } = round;
  const all = markedSpans(marks, 'interval', buckets);
  const spans = all.filter(({ start }) => start >= factsSince);
  const fixed = all
    .filter(({ start }) => start < factsSince)
    .map(({ id, start }) => ({ queueId: id, bucket: start }));
  for (const { bucket, queueId } of fixed) put(into, bucket, queueId, null);
  for (const row of await readQueueRows(tx, tenantId, 'interval', fixed))
    put(into, row.bucket, row.queueId, read(row, round));
  const days = spans.map(({ start }) => buckets.startOf('day', start));
  const [visits, missed, contacts] = await Promise.all([
    readVisits(tx, tenantId, spans),
    readMissedRings(tx, tenantId, spans),
    readContacts(tx, tenantId, spans, days),
  ]);
  const due: (Mark & { dueAt: number })[] = [];
  const breath = createBreath();
  for (const [i, { id, start }] of spans.entries()) {
    await breath();
    const t = thresholdsInForce(settings, id);
    const { sums, dueAt } = sumVisits(visits[i] ?? [], missed[i] ?? 0, t, now);
    sums.contacts = contacts[i] ?? sums.contacts;
    const { thresholdSeconds, shortAbandonSeconds } = t;
    const stamp = { thresholdSeconds, shortAbandonSeconds };
    put(into, start, id, isEmpty(sums) ? null : { sums, stamp });
    if (dueAt !== null) due.push({ kind: 'queue', bucket: start, id, dueAt });
  }
  return due;
}

/** The row of all queues, under '', of every interval there is news of. */
async function computeTotals(tx: TransactionSql, round: Round, intervals: Computed): Promise<void> {
  const parts = new Map<number, StampedSums[]>();
  const { tenantId } = round;
  const there = await keysIn(tx, tenantId, 'interval', [...intervals.keys()]);
  for (const row of await readQueueRows(tx, tenantId, 'interval', unknown(there, intervals)))
    listOf(parts, row.bucket).push(read(row, round));
  const breath = createBreath();
  for (const [bucket, queues] of intervals) {
    await breath();
    const list = listOf(parts, bucket);
    for (const row of queues.values()) if (row !== null) list.push(row);
    const total = mergeStamped(list);
    if (total !== null) {
      total.sums.repeats = totalRepeats(total.sums.repeats);
      total.sums.contacts = totalContacts(total.sums.contacts);
    }
    queues.set('', total);
  }
}

/** The buckets of `grain` that hold what was computed of the finer grain, from all there is of that. */
async function computeFrom(
  tx: TransactionSql,
  round: Round,
  finer: Grain,
  computed: Computed,
  grain: Grain,
): Promise<Computed> {
  const { buckets, tenantId } = round;
  const parts = new Map<number, Map<string, StampedSums[]>>();
  for (const [bucket, queues] of computed) {
    const start = buckets.startOf(grain, bucket);
    const wider = parts.get(start) ?? new Map<string, StampedSums[]>();
    parts.set(start, wider);
    for (const [id, row] of queues) {
      const list = listOf(wider, id);
      if (row !== null) list.push(row);
    }
  }
  const spans = [...parts].flatMap(([start, queues]) =>
    [...queues.keys()].map((id): Span => ({ id, start, end: buckets.endOf(grain, start) })),
  );
  const there = await keysWithin(tx, tenantId, finer, spans);
  const breath = createBreath();
  for (const row of await readQueueRows(tx, tenantId, finer, unknown(there, computed))) {
    await breath();
    parts.get(buckets.startOf(grain, row.bucket))?.get(row.queueId)?.push(read(row, round));
  }
  const result: Computed = new Map();
  for (const [start, queues] of parts) {
    for (const [id, list] of queues) {
      await breath();
      put(result, start, id, mergeStamped(list));
    }
  }
  return result;
}

/** A row read, under the thresholds in force. */
function read(row: QueueRow, { settings }: Round): StampedSums {
  return inForce(fromQueueRow(row), row.queueId, settings);
}

async function write(
  tx: TransactionSql,
  { tenantId, sectors }: Round,
  grain: Grain,
  computed: Computed,
): Promise<void> {
  const rows: QueueRow[] = [];
  const gone: QueueKey[] = [];
  const breath = createBreath();
  for (const [bucket, queues] of computed) {
    await breath();
    for (const [queueId, row] of queues) {
      if (row === null) gone.push({ bucket, queueId });
      else rows.push(toQueueRow({ grain, bucket, queueId }, row, sectors));
    }
  }
  await queueRows.upsert(tx, tenantId, rows);
  await deleteQueueRows(tx, tenantId, grain, gone);
}

/** The keys of rows that this round has not computed itself. */
function unknown(keys: readonly QueueKey[], computed: Computed): QueueKey[] {
  return keys.filter(({ bucket, queueId }) => computed.get(bucket)?.has(queueId) !== true);
}

function put(into: Computed, bucket: number, id: string, row: StampedSums | null): void {
  const queues = into.get(bucket) ?? new Map<string, StampedSums | null>();
  into.set(bucket, queues.set(id, row));
}

function listOf<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
