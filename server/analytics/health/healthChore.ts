import { type Database, inTenant } from '../../db/connect.ts';
import type { Chore, ChoreOf } from '../../history/chores.ts';
import { type LocalDay, localDayOf } from '../../log/localDay.ts';
import { valueFor, visitRules } from '../calls/visitRules.ts';
import { recountHealth, SILENT_TALK_MS } from './recountHealth.ts';

/** A day that was taken and not recounted, since its node stopped, is due again after this. */
const TAKEN_MS = 60 * 60_000;
/** What was said just before midnight is counted a little later. */
const DAY_SETTLES_MS = 10 * 60_000;

/**
 * Recounts importer health every few minutes: of today, since silence makes no event; of days whose facts have changed; and of
 * those in which a visit has become a ghost or a talk has been silent for too long [V10].
 */
export const healthChore: Chore = {
  name: 'importer_health',
  rhythm: 'minutes',
  async run(of) {
    const { db, tenantId, settings, now, isOver } = of;
    const { timeZone, dayStartMinutes } = settings;
    // One instant for all: what becomes due while a day is counted is due in the next round, not passed over.
    const at = now();
    const recount = (day: LocalDay) => recountHealth(db, tenantId, day, settings, at);
    const today = localDayOf(at, timeZone, dayStartMinutes);
    if (at - today.start < DAY_SETTLES_MS)
      await recount(localDayOf(today.start - 1, timeZone, dayStartMinutes));
    await recount(today);
    while (!isOver()) {
      const day = await takeDue(db, tenantId, { dueAt: at, until: now() + TAKEN_MS });
      if (day === null) return;
      if (day.start !== today.start) await recount(day);
      await noteDue(of, day, at);
    }
  },
};

interface TakenDay extends LocalDay {
  /** Until when it is ours; stands as long as nothing has changed. */
  taken: string;
}

/** The latest day that is due, ours until then; both epoch ms. */
function takeDue(
  db: Database,
  tenantId: string,
  { dueAt, until }: { dueAt: number; until: number },
): Promise<TakenDay | null> {
  return inTenant(db, tenantId, async (tx) => {
    const [row] = await tx<TakenDay[]>`
      update history_days set health_due_at = ${new Date(until)}
      where tenant_id = ${tenantId} and started_at = (
        select started_at from history_days
        where tenant_id = ${tenantId} and health_due_at <= ${new Date(dueAt)} and stale_since is null
        order by started_at desc limit 1
      )
      returning (extract(epoch from started_at) * 1000)::float8 as start,
        (extract(epoch from ended_at) * 1000)::float8 as end, health_due_at::text as taken`;
    return row ?? null;
  });
}

/** When the day, counted as of `at`, is due next by time alone; unless it has changed meanwhile, and is due at once. */
async function noteDue({ db, tenantId, settings }: ChoreOf, day: TakenDay, at: number): Promise<void> {
  const { maxWaitMs } = visitRules(settings, at);
  await inTenant(db, tenantId, async (tx) => {
    const pending = await tx<{ queueId: string; since: number; waits: boolean }[]>`
      select queue_id as "queueId", outcome = 'open' as waits,
        (extract(epoch from case outcome when 'open' then entered_at else settled_at end) * 1000)::float8 as since
      from queue_visits
      where tenant_id = ${tenantId} and entered_at >= ${new Date(day.start)} and entered_at < ${new Date(day.end)}
        and (outcome = 'open' or outcome = 'answered' and ended_at is null)`;
    const due = pending.map(
      ({ queueId, since, waits }) => since + (waits ? valueFor(maxWaitMs, queueId) : SILENT_TALK_MS) + 1,
    );
    const next = Math.min(...[...due, day.end].filter((instant) => instant > at));
    await tx`
      update history_days set health_due_at = ${Number.isFinite(next) ? new Date(next) : null}
      where tenant_id = ${tenantId} and started_at = ${new Date(day.start)} and health_due_at::text = ${day.taken}`;
  });
}
