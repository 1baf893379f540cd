import type { TransactionSql } from 'postgres';

/** Tells whoever keeps answers of history that they hold no more. The last statement of what writes: the projector locks it first. */
export async function moveVersion(tx: TransactionSql, tenantId: string): Promise<void> {
  await tx`
    insert into projection_checkpoints as c (tenant_id, version) values (${tenantId}, 1)
    on conflict (tenant_id) do update set version = c.version + 1`;
}
