import type { TransactionSql } from 'postgres';
import { type Database, inTenant } from '../db/connect.ts';
import { silent, until } from '../live/testing.ts';
import { readHead } from '../log/readLog.ts';
import { type Afterwards, type Projector, startProjector } from './projector.ts';

/** What the tests of history share: a projector at a chosen instant, and all there is to read of a tenant's history. */

export function startTestProjector(
  db: Database,
  tenantId: string,
  options: { now: () => number; afterwards?: Afterwards },
): Projector {
  const { now, afterwards = async () => false } = options;
  return startProjector({ db, tenantId, log: silent, now, afterwards, intervals: { pollMs: 20 } });
}

/** Resolves once the whole log is in the facts and no day is stale; `limitMs` for a log of many days. */
export async function untilProjected(
  db: Database,
  tenantId: string,
  projector: Projector,
  limitMs?: number,
): Promise<void> {
  const { seq } = await readHead(db, tenantId);
  await until(
    async () => {
      projector.wake();
      if (projector.status().seq < seq) return false;
      const [row] = await inTenant(
        db,
        tenantId,
        (tx) => tx<{ stale: number; seq: number }[]>`
        select seq::float8,
          (select count(*)::integer from history_days where tenant_id = ${tenantId} and stale_since is not null) as stale
        from projection_checkpoints where tenant_id = ${tenantId}`,
      );
      return row !== undefined && row.seq >= seq && row.stale === 0;
    },
    'the log is in the facts',
    limitMs,
  );
}

const TABLES = [
  ...(['queue_visits', 'agent_metrics', 'agent_intervals', 'agent_names'] as const),
  ...(['performance_trends', 'agent_trends', 'team_trends'] as const),
];

/** Every fact of a tenant and every row of what they add up to, without what tells only when it was written. */
export function wholeHistory(db: Database, tenantId: string): Promise<Record<string, string[]>> {
  return inTenant(db, tenantId, async (tx) => {
    const tables: Record<string, string[]> = {};
    for (const table of TABLES) tables[table] = await rowsOf(tx, table);
    return tables;
  });
}

async function rowsOf(tx: TransactionSql, table: string): Promise<string[]> {
  const rows = await tx<{ row: string }[]>`
    select (to_jsonb(fact) - 'tenant_id' - 'stale_since')::text as row from ${tx(table)} as fact order by 1`;
  return rows.map(({ row }) => row);
}
