import type { TransactionSql } from 'postgres';
import { type Database, inTenant } from '../db/connect.ts';
import type { Cursor } from '../log/readLog.ts';

/**
 * How far a tenant's log has been taken into history. Moved by compare-and-set in the transaction that writes what follows
 * from it, so that nothing is written twice, whoever believes to be the leader.
 */
export class CheckpointMoved extends Error {
  constructor(why = 'somebody else has moved the checkpoint') {
    super(`history: ${why}`);
  }
}

/** Where the projection stands, and the last event taken in. A tenant's first is made. */
export function readCheckpoint(db: Database, tenantId: string): Promise<Cursor> {
  return inTenant(db, tenantId, async (tx) => {
    const select = tx<{ seq: number; recorded_at: number }[]>`
      select seq::float8, (extract(epoch from recorded_at) * 1000)::float8 as recorded_at
      from projection_checkpoints where tenant_id = ${tenantId}`;
    const [found] = await select;
    if (found) return { seq: found.seq, recordedAt: found.recorded_at };
    await tx`insert into projection_checkpoints (tenant_id) values (${tenantId}) on conflict do nothing`;
    return { seq: 0, recordedAt: 0 };
  });
}

/** Under which settings a projector folds: their version, and the name of what of them makes facts what they are. */
export interface FoldClaim {
  version: number;
  foldName: string;
}

/**
 * From here on facts are written by folds of this name alone: whoever goes on under another, a leader deposed without knowing, is refused
 * by {@link moveCheckpoint}. What he had written by then is there to be marked. Throws {@link CheckpointMoved} where somebody
 * knows later settings.
 */
export async function claimFold(
  tx: TransactionSql,
  tenantId: string,
  { version, foldName }: FoldClaim,
): Promise<void> {
  const { count } = await tx`
    insert into projection_checkpoints as known (tenant_id, fold, fold_version) values (${tenantId}, ${foldName}, ${version})
    on conflict (tenant_id) do update set fold = excluded.fold, fold_version = excluded.fold_version
      where known.fold_version <= excluded.fold_version`;
  if (count === 0) throw new CheckpointMoved('somebody else folds under later settings');
}

/** The first statement of whoever writes facts: locks the checkpoint and moves it. Throws {@link CheckpointMoved}. */
export async function moveCheckpoint(
  tx: TransactionSql,
  tenantId: string,
  foldName: string,
  from: Cursor,
  to: Cursor,
): Promise<void> {
  const { count } = await tx`
    update projection_checkpoints
    set seq = ${to.seq}, recorded_at = ${new Date(to.recordedAt)}, updated_at = clock_timestamp()
    where tenant_id = ${tenantId} and seq = ${from.seq} and fold = ${foldName}`;
  if (count === 0) throw new CheckpointMoved();
}

/** How often events were taken back; asked after {@link moveCheckpoint} it stands still until the transaction ends. */
export async function logEpochOf(tx: TransactionSql, tenantId: string): Promise<number | null> {
  const [row] = await tx<{ epoch: number }[]>`
    select log_epoch::float8 as epoch from settings where tenant_id = ${tenantId}`;
  return row?.epoch ?? null;
}
