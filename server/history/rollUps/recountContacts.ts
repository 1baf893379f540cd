import type { TransactionSql } from 'postgres';
import { UNASSIGNED_SECTOR } from '../../../shared/contract/settings.ts';
import { fingerprintOf, type Sectors } from '../../../shared/metrics/contacts.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { lockRollUps } from './dirty.ts';

/**
 * First contacts are counted by the sectors queues are in now [H4] [T9]; where a queue has moved, those of its sectors are counted
 * again, from as far back as there are facts; and as far back as there are rows, which calls had been in the same sector before
 * (repeatsWithin.ts). `projection_checkpoints.sectors` says by which sectors they are:
 *
 *   a fingerprint     all are counted by them
 *   `~` fingerprint   what they change is marked and not recomputed yet
 *   ''                nobody knows
 */

/**
 * The sectors queues are in now, for a round that counts by them; it has the lock of roll-ups. In the database, and not by settings
 * somebody has read; and where they are others than rows were counted by, what that changes is marked with it: a move that is
 * taken back again is seen by nobody else.
 */
export async function sectorsToCountBy(tx: TransactionSql, tenantId: string): Promise<Sectors> {
  const sectors = await readSectors(tx, tenantId);
  const before = await countedBy(tx, tenantId);
  if (before !== '') await markMoved(tx, tenantId, before, sectors);
  return sectors;
}

/** Asked when no bucket was left that is due: marks what is to be counted again, and answers whether that is so. */
export async function recountContacts(
  db: Pick<Database, 'sql'>,
  tenantId: string,
): Promise<{ more: boolean }> {
  return inTenant(db, tenantId, async (tx) => {
    const isCounted = async (sectors: Sectors) => (await countedBy(tx, tenantId)) === fingerprintOf(sectors);
    if (await isCounted(await readSectors(tx, tenantId))) return { more: false };
    await lockRollUps(tx, tenantId);
    const sectors = await readSectors(tx, tenantId);
    const more = await markMoved(tx, tenantId, await countedBy(tx, tenantId), sectors);
    if (!more) await say(tx, tenantId, fingerprintOf(sectors));
    return { more };
  });
}

/** Says that all there is to count again is marked, as it is after everything was: it is not marked once more when that is done. */
export async function contactsMarked(tx: TransactionSql, tenantId: string): Promise<void> {
  await say(tx, tenantId, `~${fingerprintOf(await readSectors(tx, tenantId))}`);
}

async function readSectors(tx: TransactionSql, tenantId: string): Promise<Sectors> {
  const rows = await tx<{ id: string; sectorId: string }[]>`
    select id, sector_id as "sectorId" from queues where tenant_id = ${tenantId}`;
  return new Map(rows.map(({ id, sectorId }) => [id, sectorId]));
}

/** What `projection_checkpoints.sectors` says. */
async function countedBy(tx: TransactionSql, tenantId: string): Promise<string> {
  const [row] = await tx<{ sectors: string }[]>`
    select sectors from projection_checkpoints where tenant_id = ${tenantId}`;
  return row?.sectors ?? '';
}

async function say(tx: TransactionSql, tenantId: string, sectors: string): Promise<void> {
  await tx`
    insert into projection_checkpoints (tenant_id, version, sectors) values (${tenantId}, 1, ${sectors})
    on conflict (tenant_id) do update set version = projection_checkpoints.version + 1, sectors = excluded.sectors`;
}

/** Marks what is counted otherwise by `sectors` than by those of `before`, and says so; false where that is counted or marked already. */
async function markMoved(
  tx: TransactionSql,
  tenantId: string,
  before: string,
  sectors: Sectors,
): Promise<boolean> {
  const wanted = fingerprintOf(sectors);
  const from = before.replace(/^~/, '');
  if (from === wanted) return false;
  const moved = movedQueues(from, wanted, sectors);
  // In the order of time, and after whatever happens now.
  await tx`
    insert into dirty_buckets (tenant_id, kind, bucket, id, due_at)
    select ${tenantId}, 'queue', t.bucket, t.queue_id, t.bucket + interval '1 millisecond'
    from performance_trends t
    where t.tenant_id = ${tenantId} and t.grain = 'interval'
      and ${moved === null ? tx`t.queue_id <> ''` : tx`t.queue_id = any(${moved}::text[])`}
      and (t.answered > 0 and t.bucket >= coalesce((select facts_since from retention_marks where tenant_id = ${tenantId}), '-infinity')
        or t.repeats <> '[]' or t.contact_repeats <> '[]')
    order by t.bucket, t.queue_id
    on conflict (tenant_id, kind, bucket, id) do update set due_at = least(dirty_buckets.due_at, excluded.due_at)`;
  await say(tx, tenantId, `~${wanted}`);
  return true;
}

/** The queues of every sector that a queue has left or come to; null: any may be among them. */
function movedQueues(before: string, wanted: string, queues: Sectors): string[] | null {
  if (before === '') return null;
  const then = new Map(JSON.parse(before) as [string, string][]); // Both are fingerprints.
  const now = new Map(JSON.parse(wanted) as [string, string][]);
  const sectors = new Set<string>();
  for (const id of new Set([...then.keys(), ...now.keys()])) {
    const [from, to] = [then.get(id) ?? UNASSIGNED_SECTOR, now.get(id) ?? UNASSIGNED_SECTOR];
    if (from !== to) sectors.add(from).add(to);
  }
  const isConcerned = (id: string) =>
    sectors.has(then.get(id) ?? UNASSIGNED_SECTOR) || sectors.has(now.get(id) ?? UNASSIGNED_SECTOR);
  return [...new Set([...queues.keys(), ...then.keys()])].filter(isConcerned);
}
