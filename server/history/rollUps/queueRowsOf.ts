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

/** The rows of single queues in `buckets`, but for those of `except`. */
export async function readQueuesOf(
  tx: TransactionSql,
  tenantId: string,
  grain: Grain,
  buckets: readonly number[],
  except: readonly QueueKey[],
): Promise<QueueRow[]> {
  return tx<QueueRow[]>`
    select ${tx.unsafe(queueRows.columns)} from performance_trends r
    where r.tenant_id = ${tenantId} and r.grain = ${grain} and r.bucket = any(${instants(buckets)}::timestamptz[])
      and r.queue_id <> '' and ${isNone(tx, except)}`;
}

/** The rows within `spans`, each of one queue or, under '', of their totals; but for those of `except`. */
export async function readParts(
  tx: TransactionSql,
  tenantId: string,
  grain: Grain,
  spans: readonly Span[],
  except: readonly QueueKey[],
): Promise<QueueRow[]> {
  return tx<QueueRow[]>`
    select ${tx.unsafe(queueRows.columns)} from ${spansOf(tx, spans)}
    join performance_trends r on r.tenant_id = ${tenantId} and r.grain = ${grain} and r.queue_id = s.id
      and r.bucket >= s.low and r.bucket < s.high
    where ${isNone(tx, except)}`;
}

export async function deleteQueueRows(
  tx: TransactionSql,
  tenantId: string,
  grain: Grain,
  keys: readonly QueueKey[],
): Promise<void> {
  if (keys.length === 0) return;
  await tx`
    delete from performance_trends r using ${keysOf(tx, keys)}
    where r.tenant_id = ${tenantId} and r.grain = ${grain} and r.queue_id = k.id and r.bucket = k.bucket`;
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

function isNone(tx: TransactionSql, keys: readonly QueueKey[]) {
  return tx`not exists (select from ${keysOf(tx, keys)} where k.id = r.queue_id and k.bucket = r.bucket)`;
}
