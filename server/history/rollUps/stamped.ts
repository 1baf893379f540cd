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

/** Answers that are kept elsewhere hold no more, though no row was written. */
export async function moveVersion(tx: TransactionSql, tenantId: string): Promise<void> {
  await tx`update projection_checkpoints set version = version + 1 where tenant_id = ${tenantId}`;
}

/** True where all rows are stamped so already; else says that they are being stamped. */
export async function beginStamping(
  tx: TransactionSql,
  tenantId: string,
  fingerprint: string,
): Promise<boolean> {
  // Asked after every round: as a rule there is nothing to do, and nothing to write.
  const [before] = await tx<{ stamped: string }[]>`
    select stamped from projection_checkpoints where tenant_id = ${tenantId}`;
  if (before?.stamped === fingerprint) return true;
  const [row] = await tx<{ stamped: string }[]>`
    insert into projection_checkpoints as c (tenant_id, stamped) values (${tenantId}, ${inProgress(fingerprint)})
    on conflict (tenant_id) do update
    set stamped = case when c.stamped = ${fingerprint} then c.stamped else excluded.stamped end
    returning stamped`;
  return row?.stamped === fingerprint;
}

/** False where rows have been written under other thresholds since {@link beginStamping}. */
export async function finishStamping(
  tx: TransactionSql,
  tenantId: string,
  fingerprint: string,
): Promise<boolean> {
  const { count } = await tx`
    update projection_checkpoints set stamped = ${fingerprint}, version = version + 1
    where tenant_id = ${tenantId} and stamped = ${inProgress(fingerprint)}`;
  return count === 1;
}
