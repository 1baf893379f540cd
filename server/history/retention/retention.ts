import type { Logger } from 'pino';
import { type Database, inTenant } from '../../db/connect.ts';
import { keptSince } from '../../db/keptSince.ts';
import { moveMarks, readMarks } from './marks.ts';
import { type Removal, removeEvents, removeFacts, removeKeys, removeRollups } from './removal.ts';

/** What one run has removed: months of the log whole, and rows. */
export interface Removed {
  partitions: string[];
  events: number;
  keys: number;
  facts: number;
  rollups: number;
}

/** Rows a transaction: some tens of milliseconds. */
const BATCH = 5_000;

interface Terms {
  time_zone: string;
  day_start_minutes: number;
  event_retention_months: number | null;
  fact_retention_months: number | null;
  rollup_retention_months: number | null;
}

/**
 * Removes what has been kept for longer than it is to be, for whoever does it once a night. `eventMonths` is the
 * installation's term for events, null to keep them: months of the log that ended before it are dropped whole. A
 * tenant's own terms for events, facts and roll-ups take rows, a batch at a time. An event is kept for its term from when
 * it was recorded, a fact from when it took place. Whatever fails is logged, and is the next run's to do: nothing that was
 * begun has to be finished.
 */
export async function runRetention(
  db: Pick<Database, 'sql'>,
  now: number,
  log: Logger,
  options: { eventMonths: number | null; signal?: AbortSignal; batch?: number },
): Promise<Removed> {
  const { eventMonths, signal = new AbortController().signal, batch = BATCH } = options;
  const removed: Removed = { partitions: [], events: 0, keys: 0, facts: 0, rollups: 0 };
  const tenants = await db.sql<{ id: string }[]>`select tenant_ids() as id`;
  if (eventMonths !== null) {
    const before = keptSince(now, eventMonths);
    for (const { id } of tenants) await moveMarks(db, id, { eventsSince: before });
    try {
      removed.partitions = await dropMonths(db, before, signal);
    } catch (error) {
      // Readers that held the log for longer than the lock is waited for.
      log.warn({ err: error }, 'retention:months_not_dropped');
    }
  }
  for (const { id: tenantId } of tenants) {
    if (signal.aborted) break;
    try {
      await removeOfTenant({ db, tenantId, batch, signal }, now, removed);
    } catch (error) {
      log.warn({ err: error, tenantId }, 'retention:failed');
    }
  }
  log.info(removed, 'retention:done');
  return removed;
}

async function dropMonths(db: Pick<Database, 'sql'>, before: number, signal: AbortSignal): Promise<string[]> {
  const dropped: string[] = [];
  while (!signal.aborted) {
    const [row] = await db.sql<{ step: string | null }[]>`
      select drop_event_partitions(${new Date(before)}) as step`;
    if (!row?.step) break;
    if (row.step.startsWith('dropped ')) dropped.push(row.step.slice('dropped '.length));
  }
  return dropped;
}

/** Each mark is moved before anything goes: whoever reads it in between leaves alone what is about to go. */
async function removeOfTenant(removal: Removal, now: number, removed: Removed): Promise<void> {
  const { db, tenantId } = removal;
  const [terms] = await inTenant(
    db,
    tenantId,
    (tx) => tx<Terms[]>`
      select time_zone, day_start_minutes, event_retention_months, fact_retention_months, rollup_retention_months
      from settings where tenant_id = ${tenantId}`,
  );
  // Deleted meanwhile: its log goes with it.
  if (!terms) return;
  const since = (months: number): number => keptSince(now, months, terms.time_zone, terms.day_start_minutes);
  if (terms.event_retention_months !== null) {
    const before = since(terms.event_retention_months);
    await moveMarks(db, tenantId, { eventsSince: before });
    removed.events += await removeEvents(removal, before);
  }
  const { keysFrom } = await readMarks(db, tenantId);
  const keys = await removeKeys(removal, keysFrom);
  removed.keys += keys.removed;
  if (keys.keptFrom > keysFrom) await moveMarks(db, tenantId, { keysFrom: keys.keptFrom });
  if (terms.fact_retention_months !== null) {
    const before = since(terms.fact_retention_months);
    await moveMarks(db, tenantId, { factsSince: before });
    removed.facts += await removeFacts(removal, before);
  }
  if (terms.rollup_retention_months !== null) {
    const before = since(terms.rollup_retention_months);
    await moveMarks(db, tenantId, { rollupsSince: before });
    removed.rollups += await removeRollups(removal, before);
  }
}
