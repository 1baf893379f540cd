import type { TransactionSql } from 'postgres';
import { arrayOf, instants } from './table.ts';

/**
 * What has to be recomputed. A mark is written with the facts it is about, and taken in the transaction that recomputes: who
 * writes facts meanwhile and marks the same bucket waits for that transaction, and its mark stays.
 *
 * Order of locks, so that none waits for the other in a circle: the tenant's checkpoint first, then marks. The projector
 * moves the checkpoint before it marks, and whoever recomputes holds it.
 */
export interface Mark {
  kind: 'queue' | 'team' | 'agent';
  /** Start of an interval or, of an agent, of a local day; epoch ms. */
  bucket: number;
  /** A queue, an agent's identity, or '' for the teams of an interval. */
  id: string;
}

/**
 * One at a time recomputes a tenant's roll-ups, until its transaction ends: an hour is added up from intervals, and of two
 * who each see only their own the later would undo the other.
 */
export async function lockRollUps(tx: TransactionSql, tenantId: string): Promise<void> {
  const lock = () => tx`select from projection_checkpoints where tenant_id = ${tenantId} for no key update`;
  if ((await lock()).count > 0) return;
  await tx`insert into projection_checkpoints (tenant_id) values (${tenantId}) on conflict do nothing`;
  await lock();
}

/** Takes up to `limit` marks due at `now` (epoch ms), the longest due first; those that somebody is writing stay. */
export async function takeDue(
  tx: TransactionSql,
  tenantId: string,
  now: number,
  limit: number,
): Promise<Mark[]> {
  // Materialised: as a part of the `delete` the planner may run the `select` several times, and take more than `limit`.
  return tx<Mark[]>`
    with due as materialized (
      select kind, bucket, id from dirty_buckets
      where tenant_id = ${tenantId} and due_at <= ${new Date(now)}
      order by due_at limit ${limit} for update skip locked
    )
    delete from dirty_buckets d using due
    where d.tenant_id = ${tenantId} and d.kind = due.kind and d.bucket = due.bucket and d.id = due.id
    returning d.kind, (extract(epoch from d.bucket) * 1000)::float8 as bucket, d.id`;
}

/** Marks buckets that change by time alone; one that is marked for earlier stays so. */
export async function markDueAt(
  tx: TransactionSql,
  tenantId: string,
  marks: readonly (Mark & { dueAt: number })[],
): Promise<void> {
  if (marks.length === 0) return;
  await tx`
    insert into dirty_buckets (tenant_id, kind, bucket, id, due_at)
    select ${tenantId}, m.kind, m.bucket, m.id, m.due_at
    from unnest(
      ${arrayOf(marks.map(({ kind }) => kind))}::text[], ${instants(marks.map(({ bucket }) => bucket))}::timestamptz[],
      ${arrayOf(marks.map(({ id }) => id))}::text[], ${instants(marks.map(({ dueAt }) => dueAt))}::timestamptz[]
    ) as m(kind, bucket, id, due_at)
    on conflict (tenant_id, kind, bucket, id)
    do update set due_at = least(dirty_buckets.due_at, excluded.due_at)`;
}
