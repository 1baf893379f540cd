import type { TransactionSql } from 'postgres';

/**
 * `projection_checkpoints.stamped`, the thresholds that every row is stamped with:
 *
 *   a fingerprint     all rows are
 *   `~` fingerprint   rows are being stamped with it, and none has been written with another since that began
 *   ''                nobody knows
 *
 * Readers compare it with the fingerprint of the settings in force, and take verdicts from histograms while it differs.
 */

export const inProgress = (fingerprint: string) => `~${fingerprint}`;

/** After rows were written under thresholds of this fingerprint: what is kept of roll-ups elsewhere no longer holds. */
export async function rowsWritten(tx: TransactionSql, tenantId: string, fingerprint: string): Promise<void> {
  const same = [fingerprint, inProgress(fingerprint)];
  await tx`
    insert into projection_checkpoints as c (tenant_id, version) values (${tenantId}, 1)
    on conflict (tenant_id) do update set version = c.version + 1,
      stamped = case when c.stamped = any(${same}::text[]) then c.stamped else '' end`;
}
