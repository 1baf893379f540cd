import { setTimeout as pause } from 'node:timers/promises';
import type { TransactionSql } from 'postgres';
import { type Database, inTenant } from '../../db/connect.ts';
import { moveVersion } from '../rollUps/stamped.ts';

/** Removes what is old of one tenant, a batch a transaction, and never more than half of the time. */
export interface Removal {
  db: Pick<Database, 'sql'>;
  tenantId: string;
  /** Rows a transaction. */
  batch: number;
  isOver: () => boolean;
}

/** Does `step` in transactions of the tenant until one removes fewer rows than a batch; answers how many went. */
async function inBatches(removal: Removal, step: (tx: TransactionSql) => Promise<number>): Promise<number> {
  const { db, tenantId, batch, isOver } = removal;
  let removed = 0;
  while (!isOver()) {
    const began = performance.now();
    const rows = await inTenant(db, tenantId, step);
    removed += rows;
    if (rows < batch) break;
    await pause(performance.now() - began);
  }
  return removed;
}

/** Events recorded before then: the oldest numbers, so that the rest is still without a gap [L1]. */
export function removeEvents(removal: Removal, before: number): Promise<number> {
  return inBatches(removal, async (tx) => {
    const [row] = await tx<{ rows: number }[]>`
      select forget_events(${new Date(before)}, ${removal.batch}) as rows`;
    return row?.rows ?? 0;
  });
}

/**
 * Keys of events that are gone. They are found by going through all keys of the tenant, which is done only when the log
 * begins later than when they were last gone through (`keysFrom`). Answers from which number on keys are kept now.
 */
export async function removeKeys(
  { db, tenantId, batch, isOver }: Removal,
  keysFrom: number,
): Promise<{ removed: number; keptFrom: number }> {
  let removed = 0;
  let keptFrom = keysFrom;
  for (let after: string | null = null; ; ) {
    const began = performance.now();
    const [row]: { key: string | null; from: number; rows: number }[] = await inTenant(
      db,
      tenantId,
      (tx) => tx<{ key: string | null; from: number; rows: number }[]>`
        select last_key as key, kept_from::float8 as from, forgotten as rows from forget_event_keys(${after}, ${batch})`,
    );
    if (!row) break;
    // What goes from the log meanwhile is for the next time.
    if (after === null) keptFrom = row.from;
    removed += row.rows;
    after = row.key;
    if (after === null || keptFrom <= keysFrom) break;
    await pause(performance.now() - began);
    // Not through to the end: nothing is noted.
    if (isOver()) return { removed, keptFrom: keysFrom };
  }
  return { removed, keptFrom: Math.max(keptFrom, keysFrom) };
}

/** Visits, legs and intervals from before then, and what was noted of their days. */
export async function removeFacts(removal: Removal, before: number): Promise<number> {
  const at = new Date(before);
  let removed = 0;
  for (const [table, column] of [
    ['queue_visits', 'entered_at'],
    ['agent_intervals', 'started_at'],
    ['history_days', 'started_at'],
    ['reconciliations', 'started_at'],
  ] as const) {
    removed += await inBatches(removal, (tx) =>
      removeSome(tx, table, tx`${tx(column)} < ${at} limit ${removal.batch}`),
    );
  }
  for (const identity of await distinct(removal, 'agent_metrics', 'identity')) {
    removed += await inBatches(removal, (tx) =>
      removeSome(
        tx,
        'agent_metrics',
        tx`identity = ${identity} and counted_at < ${at} limit ${removal.batch}`,
      ),
    );
  }
  return removed;
}

/** Roll-ups of every grain from before then. */
export async function removeRollups(removal: Removal, before: number): Promise<number> {
  const at = new Date(before);
  let removed = 0;
  for (const table of ['performance_trends', 'team_trends'] as const) {
    for (const grain of ['interval', 'hour', 'day', 'month']) {
      removed += await inBatches(removal, (tx) =>
        removeSome(tx, table, tx`grain = ${grain} and bucket < ${at} limit ${removal.batch}`),
      );
    }
  }
  for (const grain of ['day', 'month']) {
    for (const queue of await distinct(removal, 'agent_trends', 'queue_id', grain)) {
      removed += await inBatches(removal, (tx) =>
        removeSome(
          tx,
          'agent_trends',
          tx`grain = ${grain} and queue_id = ${queue} and bucket < ${at} limit ${removal.batch}`,
        ),
      );
    }
  }
  if (removed > 0) await inTenant(removal.db, removal.tenantId, (tx) => moveVersion(tx, removal.tenantId));
  return removed;
}

/** What is said beside figures of days that are gone, and what days are no longer counted from. */
export async function removeHealth(
  removal: Removal,
  { days, counts }: { days: string; counts: number },
): Promise<void> {
  const said = await inBatches(removal, (tx) =>
    removeSome(tx, 'importer_health', tx`day < ${days}::text::date limit ${removal.batch}`),
  );
  if (said > 0) await inTenant(removal.db, removal.tenantId, (tx) => moveVersion(tx, removal.tenantId));
  await inBatches(removal, (tx) =>
    removeSome(tx, 'ingest_counts', tx`bucket < ${new Date(counts)} limit ${removal.batch}`),
  );
}

async function removeSome(
  tx: TransactionSql,
  table: string,
  old: ReturnType<TransactionSql>,
): Promise<number> {
  const result = await tx`
    delete from ${tx(table)} where ctid = any (array(
      select ctid from ${tx(table)} where tenant_id = current_setting('app.tenant_id')::uuid and ${old}))`;
  return result.count;
}

/** The values of an index's next column, each found by itself: no time column comes before it there. */
async function distinct(
  { db, tenantId }: Removal,
  table: string,
  column: string,
  grain?: string,
): Promise<string[]> {
  const rows = await inTenant(db, tenantId, (tx) => {
    const within = tx`tenant_id = ${tenantId} ${grain === undefined ? tx`` : tx`and grain = ${grain}`}`;
    return tx<{ value: string }[]>`
      with recursive found as (
        (select ${tx(column)} as value from ${tx(table)} where ${within} order by ${tx(column)} limit 1)
        union all
        select (select ${tx(column)} from ${tx(table)} where ${within} and ${tx(column)} > found.value
          order by ${tx(column)} limit 1)
        from found where found.value is not null
      )
      select value from found where value is not null`;
  });
  return rows.map(({ value }) => value);
}
