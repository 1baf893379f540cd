import { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { type Database, inTenant } from '../../db/connect.ts';
import { BUILD_REACH_MS } from '../../log/build.ts';
import { keptSince } from '../../log/keptSince.ts';
import type { Chore } from '../chores.ts';
import { type MovableMarks, moveMarks, readMarks } from './marks.ts';
import {
  type Removal,
  removeEvents,
  removeFacts,
  removeHealth,
  removeKeys,
  removeRollups,
} from './removal.ts';

/** Rows that one run has removed of a tenant. */
export interface Removed {
  events: number;
  keys: number;
  facts: number;
  rollups: number;
}

/** Rows a transaction: some tens of milliseconds. */
const BATCH = 5_000;
const DAY_MS = 86_400_000;

interface Terms {
  time_zone: string;
  day_start_minutes: number;
  event_retention_months: number | null;
  fact_retention_months: number | null;
  rollup_retention_months: number | null;
}

/**
 * Removes every night what has been kept for longer than it is to be. `eventMonths` is the installation's term for events, null
 * to keep them: months of the log that ended before it are dropped whole, with the first tenant's night of a UTC day.
 */
export function retentionChore(eventMonths: number | null): Chore {
  let monthsDroppedOn: number | null = null;
  return {
    name: 'retention',
    rhythm: 'nightly',
    async run({ db, tenantId, now, log, isOver }) {
      const today = Math.floor(now() / DAY_MS);
      if (eventMonths !== null && monthsDroppedOn !== today) {
        const dropped = await forgetMonths(db, { eventMonths, now: now(), log, isOver });
        if (dropped.length > 0) log.info({ dropped }, 'retention:months_dropped');
        monthsDroppedOn = today;
      }
      const removed = await forgetOld(db, tenantId, { now: now(), log, isOver });
      if (Object.values(removed).some((rows) => rows > 0)) log.info(removed, 'retention:done');
    },
  };
}

interface Options {
  now: number;
  log: Logger;
  isOver: () => boolean;
}

/** Drops the months of the log that nobody is to have any more; answers their tables. What fails is the next run's to do. */
export async function forgetMonths(
  db: Pick<Database, 'sql'>,
  { eventMonths, now, log, isOver }: Options & { eventMonths: number },
): Promise<string[]> {
  const before = keptSince(now, eventMonths);
  const tenants = await db.sql<{ id: string }[]>`select tenant_ids() as id`;
  for (const { id } of tenants) {
    if (!(await isTakenIn(db, id, before))) {
      log.warn({ tenantId: id }, 'retention:history_behind');
      return [];
    }
    await moveMarks(db, id, { eventsSince: before });
  }
  const dropped: string[] = [];
  try {
    while (!isOver()) {
      const [row] = await db.sql<{ step: string | null }[]>`
        select drop_event_partitions(${new Date(before)}) as step`;
      if (!row?.step) break;
      if (row.step.startsWith('dropped ')) dropped.push(row.step.slice('dropped '.length));
    }
  } catch (error) {
    // Readers that held the log for longer than the lock is waited for.
    log.warn({ err: error }, 'retention:months_not_dropped');
  }
  return dropped;
}

/**
 * Removes what is older than a tenant's own terms, a batch at a time. An event is kept for its term from when it was recorded, a
 * fact from when it took place. Each mark is moved before anything goes: whoever reads it in between leaves alone what is
 * about to go; and nothing goes of which something is still to be made. Nothing that was begun has to be finished.
 */
export async function forgetOld(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  { now, log, isOver, batch = BATCH }: Options & { batch?: number },
): Promise<Removed> {
  const removal: Removal = { db, tenantId, batch, isOver };
  const removed: Removed = { events: 0, keys: 0, facts: 0, rollups: 0 };
  const [terms] = await inTenant(
    db,
    tenantId,
    (tx) => tx<Terms[]>`
      select time_zone, day_start_minutes, event_retention_months, fact_retention_months, rollup_retention_months
      from settings where tenant_id = ${tenantId}`,
  );
  // Deleted meanwhile: its log goes with it.
  if (!terms) return removed;
  const move = async (mark: MovableMarks, months: number | null): Promise<number | null> => {
    if (months === null) return null;
    const before = keptSince(now, months, terms.time_zone, terms.day_start_minutes);
    const isReady =
      mark === 'rollupsSince' ||
      ((await isTakenIn(db, tenantId, before)) &&
        (mark === 'eventsSince' || (await isCounted(db, tenantId, before))));
    if (!isReady) {
      log.warn({ mark }, 'retention:history_behind');
      return null;
    }
    await moveMarks(db, tenantId, { [mark]: before });
    return before;
  };
  const events = await move('eventsSince', terms.event_retention_months);
  if (events !== null) removed.events = await removeEvents(removal, events);
  const { keysFrom } = await readMarks(db, tenantId);
  const keys = await removeKeys(removal, keysFrom);
  removed.keys = keys.removed;
  if (keys.keptFrom > keysFrom) await moveMarks(db, tenantId, { keysFrom: keys.keptFrom });
  const facts = await move('factsSince', terms.fact_retention_months);
  if (facts !== null) removed.facts = await removeFacts(removal, facts);
  const rollups = await move('rollupsSince', terms.rollup_retention_months);
  if (rollups !== null) removed.rollups = await removeRollups(removal, rollups);
  const marks = await readMarks(db, tenantId);
  const dateOf = (instant: number) =>
    DateTime.fromMillis(instant, { zone: terms.time_zone }).toISODate() ?? '-infinity';
  await removeHealth(removal, {
    days: dateOf(marks.rollupsSince),
    counts: Math.max(marks.eventsSince, marks.factsSince),
  });
  return removed;
}

/** Whether history has taken in every event recorded before then, and folds no day again that reads them. */
function isTakenIn(db: Pick<Database, 'sql'>, tenantId: string, before: number): Promise<boolean> {
  return inTenant(db, tenantId, async (tx) => {
    const rows = await tx`
      select from event_heads h left join projection_checkpoints c using (tenant_id)
      where h.tenant_id = ${tenantId}
        and (coalesce(c.seq, 0) >= h.seq or c.seq > 0 and c.recorded_at >= ${new Date(before)})
        and not exists (
          select from history_days d
          where d.tenant_id = ${tenantId} and d.stale_since is not null
            and d.started_at < ${new Date(before + BUILD_REACH_MS)}
        )`;
    return rows.length > 0;
  });
}

/** Whether everything that took place before then is in the roll-ups. */
function isCounted(db: Pick<Database, 'sql'>, tenantId: string, before: number): Promise<boolean> {
  return inTenant(db, tenantId, async (tx) => {
    const rows = await tx`
      select from dirty_buckets where tenant_id = ${tenantId} and bucket < ${new Date(before)} limit 1`;
    return rows.length === 0;
  });
}
