import type { TransactionSql } from 'postgres';
import { type Database, inTenant } from '../db/connect.ts';
import { BUILD_REACH_MS } from '../log/build.ts';
import type { LocalDay } from '../log/localDay.ts';
import { claimFold, type FoldClaim } from './checkpoint.ts';
import { marksIn } from './retention/marks.ts';

/** Which local days of a tenant have been folded, and which of them have to be folded again. */

/** What is known of a day before its log is read. */
export interface DayNote {
  /** What it is stale by; '' where it is not. */
  mark: string;
  /** How far back there is everything: what is made of the log holds only as long as this stands still, see {@link keptMark}. */
  kept: string;
  /** Less is left than its facts were made of, or the facts are gone: what there is stays. */
  isFixed: boolean;
}

export function readNote(db: Database, tenantId: string, day: LocalDay): Promise<DayNote> {
  const [start, end] = [new Date(day.start), new Date(day.end)];
  return inTenant(db, tenantId, async (tx) => {
    const kept = await keptMark(tx, tenantId);
    const [row] = await tx<Omit<DayNote, 'kept'>[]>`
      select
        coalesce((
          select stale_since::text from history_days where tenant_id = ${tenantId} and started_at = ${start}
        ), '') as mark,
        exists (
          select from retention_marks m
          where m.tenant_id = ${tenantId} and (
            m.facts_since > ${start} or m.events_since > ${new Date(day.start - BUILD_REACH_MS)} and exists (
              select from history_days d
              where d.tenant_id = ${tenantId} and d.started_at >= ${start} and d.started_at < ${end} and d.fold <> ''))
        ) as "isFixed"`;
    if (!row) throw new Error('history: a select without a row');
    return { ...row, kept };
  });
}

/** Stands still until the transaction ends. */
export async function keptMark(tx: TransactionSql, tenantId: string): Promise<string> {
  const { eventsSince, factsSince } = await marksIn(tx, tenantId);
  return `${eventsSince}/${factsSince}`;
}

/**
 * Notes that a day's facts are what folding under `fold` gives; it is stale no more, unless it became so after `mark` was read:
 * then the log may say something else by now.
 */
export async function noteFolded(
  tx: TransactionSql,
  tenantId: string,
  day: LocalDay,
  fold: string,
  mark: string,
): Promise<void> {
  await dropOthers(tx, tenantId, day);
  await tx`
    insert into history_days (tenant_id, started_at, ended_at, fold)
    values (${tenantId}, ${new Date(day.start)}, ${new Date(day.end)}, ${fold})
    on conflict (tenant_id, started_at)
    do update set ended_at = excluded.ended_at, fold = excluded.fold, health_due_at = '-infinity',
      revision = history_days.revision + 1,
      stale_since = case when history_days.stale_since::text <> ${mark} then history_days.stale_since end`;
}

/** Notes that facts of these days have changed: what is said of how well they were told is to be counted again. */
export async function noteChanged(
  tx: TransactionSql,
  tenantId: string,
  days: readonly LocalDay[],
): Promise<void> {
  if (days.length === 0) return;
  const starts = days.map(({ start }) => new Date(start).toISOString());
  await tx`
    update history_days set health_due_at = '-infinity'
    where tenant_id = ${tenantId} and started_at = any(${starts}::text[]::timestamptz[])
      and health_due_at is distinct from '-infinity'`;
}

/** Facts of a day went or came: what was proven of it [R1] is to be proven again. */
export async function noteWritten(tx: TransactionSql, tenantId: string, day: LocalDay): Promise<void> {
  await tx`
    update history_days set revision = revision + 1
    where tenant_id = ${tenantId} and started_at = ${new Date(day.start)}`;
}

/** Notes that a day's facts stay what they are; of one whose facts are gone nothing is noted any more. */
export async function noteFixed(
  tx: TransactionSql,
  tenantId: string,
  day: LocalDay,
  fold: string,
): Promise<void> {
  await dropOthers(tx, tenantId, day);
  const { factsSince } = await marksIn(tx, tenantId);
  if (day.start < factsSince)
    await tx`delete from history_days where tenant_id = ${tenantId} and started_at = ${new Date(day.start)}`;
  else
    await tx`
      insert into history_days (tenant_id, started_at, ended_at, fold)
      values (${tenantId}, ${new Date(day.start)}, ${new Date(day.end)}, ${fold})
      on conflict (tenant_id, started_at)
      do update set ended_at = excluded.ended_at, fold = excluded.fold, stale_since = null`;
}

/** Days of another zone or start of day that began within this one. */
async function dropOthers(tx: TransactionSql, tenantId: string, day: LocalDay): Promise<void> {
  await tx`
    delete from history_days
    where tenant_id = ${tenantId} and started_at > ${new Date(day.start)} and started_at < ${new Date(day.end)}`;
}

/** Days to fold (again): they are, the latest first, when the log has been read to its end. */
export async function markStale(
  tx: TransactionSql,
  tenantId: string,
  days: readonly LocalDay[],
): Promise<void> {
  for (const day of days) {
    await tx`
      insert into history_days (tenant_id, started_at, ended_at, fold, stale_since)
      values (${tenantId}, ${new Date(day.start)}, ${new Date(day.end)}, '', clock_timestamp())
      on conflict (tenant_id, started_at) do update set stale_since = coalesce(history_days.stale_since, clock_timestamp())`;
  }
}

/** Whether days have been begun, as their starts (epoch ms). */
export async function begunDays(
  tx: TransactionSql,
  tenantId: string,
  days: readonly LocalDay[],
): Promise<Set<number>> {
  const starts = days.map(({ start }) => new Date(start).toISOString());
  const rows = await tx<{ start: number }[]>`
    select (extract(epoch from started_at) * 1000)::float8 as start from history_days
    where tenant_id = ${tenantId} and started_at = any(${starts}::text[]::timestamptz[])`;
  return new Set(rows.map(({ start }) => start));
}

/** Whether a day's facts are what folding it under `fold` gives. */
export async function isFolded(
  tx: TransactionSql,
  tenantId: string,
  day: LocalDay,
  fold: string,
): Promise<boolean> {
  const rows = await tx`
    select from history_days
    where tenant_id = ${tenantId} and started_at = ${new Date(day.start)} and fold = ${fold} and stale_since is null`;
  return rows.length > 0;
}

/** Whether any of these calls has a visit that entered on the day. */
export async function haveVisits(
  tx: TransactionSql,
  tenantId: string,
  callIds: readonly string[],
  day: LocalDay,
): Promise<boolean> {
  const rows = await tx`
    select from queue_visits
    where tenant_id = ${tenantId} and call_id = any(${callIds}) and entered_at >= ${new Date(day.start)}
      and entered_at < ${new Date(day.end)} limit 1`;
  return rows.length > 0;
}

/** The latest stale day; null where there is none. */
export function nextStale(db: Database, tenantId: string): Promise<LocalDay | null> {
  return inTenant(db, tenantId, async (tx) => {
    const [row] = await tx<LocalDay[]>`
      select (extract(epoch from started_at) * 1000)::float8 as start,
        (extract(epoch from ended_at) * 1000)::float8 as end
      from history_days where tenant_id = ${tenantId} and stale_since is not null
      order by started_at desc limit 1`;
    return row ?? null;
  });
}

/** From here on this fold alone writes facts, and every day that was folded by another is stale. Answers how many became so. */
export function markOutdated(db: Database, tenantId: string, claim: FoldClaim): Promise<number> {
  return inTenant(db, tenantId, async (tx) => {
    await claimFold(tx, tenantId, claim);
    const { count } = await tx`
      update history_days set stale_since = clock_timestamp()
      where tenant_id = ${tenantId} and fold <> ${claim.foldName} and stale_since is null`;
    return count;
  });
}

/**
 * Days that follow from others without an event of their own: agents were there when the day before ended. Begun by `now`
 * (epoch ms).
 */
export function unbegunDays(db: Database, tenantId: string, now: number): Promise<number[]> {
  return inTenant(db, tenantId, async (tx) => {
    const rows = await tx<{ start: number }[]>`
      select (extract(epoch from day.ended_at) * 1000)::float8 as start from history_days day
      where day.tenant_id = ${tenantId} and day.stale_since is null and day.ended_at <= ${new Date(now)}
        and not exists (
          select from history_days next where next.tenant_id = ${tenantId} and next.started_at = day.ended_at
        )
        and exists (
          select from agent_intervals piece
          where piece.tenant_id = ${tenantId} and piece.started_at >= day.ended_at - interval '15 minutes'
            and piece.started_at < day.ended_at and coalesce(piece.ended_at, day.ended_at) = day.ended_at
        )`;
    return rows.map(({ start }) => start);
  });
}

/** Days with pieces that still run though their quarter of an hour, or the day, has ended by `now` (epoch ms). */
export function overrunDays(db: Database, tenantId: string, now: number): Promise<number[]> {
  return inTenant(db, tenantId, async (tx) => {
    const rows = await tx<{ start: number }[]>`
      select distinct (extract(epoch from started_at) * 1000)::float8 as start from agent_intervals
      where tenant_id = ${tenantId} and ended_at is null
        and started_at < to_timestamp(floor(extract(epoch from ${new Date(now)}::timestamptz) / 900) * 900)`;
    return rows.map(({ start }) => start);
  });
}
