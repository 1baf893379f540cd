import type { TransactionSql } from 'postgres';

/**
 * Tells whoever keeps answers that scores or forms have changed. The last statement of what changes them: so everybody locks
 * scores first, and nobody waits for the projector, which may be at a large day for long.
 */
export async function noteChange(tx: TransactionSql, tenantId: string): Promise<void> {
  await tx`
    insert into quality_checkpoints as q (tenant_id, changes) values (${tenantId}, 1)
    on conflict (tenant_id) do update set changes = q.changes + 1`;
}
