import type { TransactionSql } from 'postgres';
import type { Grain } from './buckets.ts';
import type { Span } from './facts.ts';
import { type QueueRow, queueRows } from './queueRow.ts';
import { arrayOf, instants } from './table.ts';

/** Rows of `performance_trends`, many buckets at once. */

export interface QueueKey {
  /** Epoch ms. */
  bucket: number;
  queueId: string;
}

/** Which rows of single queues there are in `buckets`. */
export async function keysIn(
  tx: TransactionSql,
  tenantId: string,
  grain: Grain,
  buckets: readonly number[],
): Promise<QueueKey[]> {
  return tx<QueueKey[]>`
    select (extract(epoch from b.bucket) * 1000)::float8 as bucket, r.queue_id as "queueId"
    from unnest(${instants(buckets)}::timestamptz[]) as b(bucket) cross join lateral (
      select queue_id from performance_trends
      where tenant_id = ${tenantId} and grain = ${grain} and bucket = b.bucket and queue_id <> '' offset 0
    ) r`;
}

/** Which rows there are within `spans`, each of one queue or, under '', of their totals. */
export async function keysWithin(
  tx: TransactionSql,
  tenantId: string,
  grain: Grain,
  spans: readonly Span[],
): Promise<QueueKey[]> {
  return tx<QueueKey[]>`
    select (extract(epoch from r.bucket) * 1000)::float8 as bucket, s.id as "queueId"
    from ${spansOf(tx, spans)} cross join lateral (
      select bucket from performance_trends
      where tenant_id = ${tenantId} and grain = ${grain} and queue_id = s.id and bucket >= s.low and bucket < s.high
      offset 0
    ) r`;
}

export async function readQueueRows(
  tx: TransactionSql,
  tenantId: string,
  grain: Grain,
  keys: readonly QueueKey[],
): Promise<QueueRow[]> {
  if (keys.length === 0) return [];
  return tx<QueueRow[]>`
    select ${tx.unsafe(queueRows.columns)} from ${keysOf(tx, keys)} cross join lateral (
      select * from performance_trends
      where tenant_id = ${tenantId} and grain = ${grain} and queue_id = k.id and bucket = k.bucket offset 0
    ) r`;
}

export async function deleteQueueRows(
  tx: TransactionSql,
  tenantId: string,
  grain: Grain,
  keys: readonly QueueKey[],
): Promise<void> {
  if (keys.length === 0) return;
  await tx`
    delete from performance_trends where tenant_id = ${tenantId} and ctid = any (array(
      select r.ctid from ${keysOf(tx, keys)} cross join lateral (
        select ctid from performance_trends
        where tenant_id = ${tenantId} and grain = ${grain} and queue_id = k.id and bucket = k.bucket offset 0
      ) r
    ))`;
}

/** A `from` item: `s(id, low, high, n)`, n from 1. */
export function spansOf(tx: TransactionSql, spans: readonly Span[]) {
  return tx`unnest(
    ${arrayOf(spans.map(({ id }) => id))}::text[], ${instants(spans.map(({ start }) => start))}::timestamptz[],
    ${instants(spans.map(({ end }) => end))}::timestamptz[]
  ) with ordinality as s(id, low, high, n)`;
}

function keysOf(tx: TransactionSql, keys: readonly QueueKey[]) {
  return tx`unnest(
    ${arrayOf(keys.map(({ queueId }) => queueId))}::text[], ${instants(keys.map(({ bucket }) => bucket))}::timestamptz[]
  ) as k(id, bucket)`;
}
