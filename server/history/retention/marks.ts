import type { TransactionSql } from 'postgres';
import { type Database, inTenant } from '../../db/connect.ts';

/**
 * How far back there is everything of a tenant, in epoch ms; 0 where nothing was ever removed. A mark is moved before
 * anything is removed, and never goes back, also when a term is made longer. Whoever makes facts of events, or roll-ups
 * of facts, must leave alone what reaches back further: it would be made of less than it was.
 */
export interface RetentionMarks {
  /** An event that occurred since then is in the log, if it ever was. */
  eventsSince: number;
  factsSince: number;
  rollupsSince: number;
  /** Keys of events numbered below are gone. */
  keysFrom: number;
}

export function readMarks(db: Pick<Database, 'sql'>, tenantId: string): Promise<RetentionMarks> {
  return inTenant(db, tenantId, (tx) => marksIn(tx, tenantId));
}

/** Until the transaction ends they are not moved: what it writes is there before anything is removed. */
export async function marksIn(tx: TransactionSql, tenantId: string): Promise<RetentionMarks> {
  const [row] = await tx<RetentionMarks[]>`
    select (extract(epoch from events_since) * 1000)::float8 as "eventsSince",
      (extract(epoch from facts_since) * 1000)::float8 as "factsSince",
      (extract(epoch from rollups_since) * 1000)::float8 as "rollupsSince", keys_from::float8 as "keysFrom"
    from retention_marks where tenant_id = ${tenantId} for share`;
  return row ?? { eventsSince: 0, factsSince: 0, rollupsSince: 0, keysFrom: 1 };
}

/** The marks that terms move. */
export type MovableMarks = 'eventsSince' | 'factsSince' | 'rollupsSince';

/** Moves what is named forward; what stands further already stays. */
export async function moveMarks(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  marks: Partial<RetentionMarks>,
): Promise<void> {
  const { eventsSince = 0, factsSince = 0, rollupsSince = 0, keysFrom = 1 } = marks;
  await inTenant(
    db,
    tenantId,
    (tx) => tx`
      insert into retention_marks as known (tenant_id, events_since, facts_since, rollups_since, keys_from)
      select id, ${new Date(eventsSince)}, ${new Date(factsSince)}, ${new Date(rollupsSince)}, ${keysFrom}
      from tenants where id = ${tenantId}
      on conflict (tenant_id) do update set
        events_since = greatest(known.events_since, excluded.events_since),
        facts_since = greatest(known.facts_since, excluded.facts_since),
        rollups_since = greatest(known.rollups_since, excluded.rollups_since),
        keys_from = greatest(known.keys_from, excluded.keys_from)`,
  );
}
