import { DateTime } from 'luxon';
import type { TransactionSql } from 'postgres';
import type { HealthKind } from '../../../shared/contract/importerHealth.ts';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { marksIn } from '../../history/retention/marks.ts';
import { moveVersion } from '../../history/rollUps/stamped.ts';
import type { LocalDay } from '../../log/localDay.ts';
import { ghostsBefore } from '../calls/visitFilter.ts';
import { visitRules } from '../calls/visitRules.ts';
import { WARNED_KINDS } from './health.ts';
import { readGaps } from './silences.ts';

/** So many of one kind; instants as PostgreSQL or `Date` write them. */
interface Counted {
  source: string;
  queue_id: string;
  kind: HealthKind;
  count: number;
  first_at: Date;
  last_at: Date;
  example: string | null;
}

/** A source's clock, or the way to us, is that much off before it is said. */
const AHEAD = '2 seconds';
const BEHIND = '10 seconds';
/** Too few in an hour say nothing of a clock; what comes later than this was not sent live. */
const BEHIND_SAMPLE = 20;
const LIVE_WITHIN = '1 hour';
export const SILENT_TALK_MS = 12 * 3_600_000;
/** Sign-ins are looked for as far back as a day's fold reads the log [L14]. */
const SIGN_IN_MS = 48 * 3_600_000;
const EXAMPLE_LENGTH = 200;

/**
 * Counts what sources told of one local day, anew, from log, facts and what ingest noted, and puts it in the place of what
 * was counted before. Two at once leave the later one's counts. A day of which log or facts
 * are gone stays as it was counted.
 */
export async function recountHealth(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  day: LocalDay,
  settings: LiveSettings,
  now: number,
): Promise<void> {
  const date = DateTime.fromMillis(day.start, { zone: settings.timeZone }).toISODate() ?? '';
  await inTenant(db, tenantId, async (tx) => {
    const { eventsSince, factsSince } = await marksIn(tx, tenantId);
    if (day.start < Math.max(eventsSince, factsSince)) return;
    const counted = [
      ...(await countLog(tx, tenantId, day)),
      ...(await countFacts(tx, tenantId, day, settings, now)),
      ...(await countIngest(tx, tenantId, day)),
      ...gapRows(
        await readGaps(
          tx,
          tenantId,
          { ...day, date },
          { limitMs: settings.sourceSilentSeconds * 1_000, zone: settings.timeZone, now },
        ),
      ),
    ];
    await tx`select pg_advisory_xact_lock(hashtextextended(${`callboard.health.${tenantId}.${date}`}, 0))`;
    const before = await tx<Counted[]>`
      delete from importer_health where tenant_id = ${tenantId} and day = ${date}::date
      returning source, queue_id, kind, count::float8 as count, first_at, last_at, example`;
    if (warningsIn(before) !== warningsIn(counted)) await moveVersion(tx, tenantId);
    if (counted.length === 0) return;
    await tx`
      insert into importer_health (tenant_id, day, source, queue_id, kind, count, first_at, last_at, example)
      select ${tenantId}, ${date}::date, source, queue_id, kind, count, first_at, last_at, left(example, ${EXAMPLE_LENGTH})
      from jsonb_to_recordset(${JSON.stringify(counted)}::text::jsonb) as row (
        source text, queue_id text, kind text, count bigint, first_at timestamptz, last_at timestamptz, example text)`;
  });
}

/** What of it is said beside figures, and beside those of which queues, as a text to compare. */
function warningsIn(rows: readonly Counted[]): string {
  return rows
    .filter(({ kind }) => kind === 'visits' || WARNED_KINDS.includes(kind))
    .map(({ source, queue_id, kind, count, first_at, last_at }) =>
      JSON.stringify([
        ...[source, queue_id, kind],
        // How many visits there are is no warning; that there are some says whom the source's warnings concern.
        ...(kind === 'visits' ? [] : [count, +new Date(first_at), +new Date(last_at)]),
      ]),
    )
    .sort()
    .join();
}

function countLog(tx: TransactionSql, tenantId: string, day: LocalDay): Promise<Counted[]> {
  const ofDay = tx`
    tenant_id = ${tenantId} and occurred_at >= ${new Date(day.start)} and occurred_at < ${new Date(day.end)}`;
  return tx<Counted[]>`
    select source, '' as queue_id, told.kind, count(*)::float8 as count, min(occurred_at) as first_at,
      max(occurred_at) as last_at, min(told.example) as example
    from call_events as e cross join lateral (
      select 'events' as kind, null as example
      union all select 'restart', e.body ->> 'text' where e.kind = 'source.restarted'
      union all select 'note', e.body ->> 'text' where e.kind = 'source.note'
      union all select 'clock_ahead', e.call_id
        where e.import_id is null and e.occurred_at > e.recorded_at + ${AHEAD}::text::interval
    ) as told
    where ${ofDay}
    group by source, told.kind
    union all
    select source, '', 'clock_behind', sum(events), min(first_at), max(last_at),
      round(min(extract(epoch from least_delay)))::text || ' s'
    from (
      select source, count(*) as events, min(occurred_at) as first_at, max(occurred_at) as last_at,
        min(recorded_at - occurred_at) as least_delay,
        max(recorded_at) - min(recorded_at) as came_within, max(occurred_at) - min(occurred_at) as occurred_within
      from call_events
      where ${ofDay} and import_id is null and recorded_at - occurred_at < ${LIVE_WITHIN}::text::interval
      group by source, date_bin('1 hour', occurred_at, 'epoch')
    ) as hours
    where events >= ${BEHIND_SAMPLE} and least_delay > ${BEHIND}::text::interval
      -- What was left out and told at one go afterwards came late by no clock: that comes as slowly as it occurs.
      and came_within >= occurred_within / 2
    group by source
    union all
    select source, '', 'inferred_agent', count(*), min(first_at), max(last_at), min(agent_id)
    from (
      select source, agent_id, min(occurred_at) as first_at, max(occurred_at) as last_at
      from call_events where ${ofDay} and kind = 'call.answered' and agent_id is not null
      group by source, agent_id
    ) as answering
    where not exists (
      select from call_events as e
      where e.tenant_id = ${tenantId} and e.agent_id = answering.agent_id and e.kind = 'agent.signed_in'
        and e.occurred_at >= ${new Date(day.start - SIGN_IN_MS)} and e.occurred_at < ${new Date(day.end)}
    )
    group by source`;
}

function countFacts(
  tx: TransactionSql,
  tenantId: string,
  day: LocalDay,
  settings: LiveSettings,
  now: number,
): Promise<Counted[]> {
  const ghosts = ghostsBefore(tx, visitRules(settings, now));
  return tx<Counted[]>`
    select source, queue_id, told.kind, count(*)::float8 as count, min(entered_at) as first_at,
      max(entered_at) as last_at, min(told.example) as example
    from queue_visits as v cross join lateral (
      select 'visits' as kind, null as example
      union all select 'ghost', v.call_id where v.outcome = 'open' and v.entered_at < ${ghosts}
      union all select 'silent_talk', v.call_id
        where v.outcome = 'answered' and v.ended_at is null and v.settled_at < ${new Date(now - SILENT_TALK_MS)}
      union all select 'lost', v.call_id where v.outcome = 'lost'
      union all select 'inferred_visit', v.call_id where v.is_inferred
      union all select 'wait_mismatch', v.call_id
        where v.outcome not in ('open', 'lost', 'refused') and not v.is_inferred
          and abs(extract(epoch from v.settled_at - v.entered_at) * 1000 - v.wait_ms) > 2000
    ) as told
    where tenant_id = ${tenantId} and entered_at >= ${new Date(day.start)} and entered_at < ${new Date(day.end)}
    group by source, queue_id, told.kind`;
}

/** By when they came, since what was not taken in has no day of its own. */
function countIngest(tx: TransactionSql, tenantId: string, day: LocalDay): Promise<Counted[]> {
  const [start, end] = [new Date(day.start), new Date(day.end)];
  return tx<Counted[]>`
    select source, '' as queue_id, kind, sum(count)::float8 as count, min(first_at) as first_at,
      max(last_at) as last_at, min(example) as example
    from (
      select source, kind, count, first_at, last_at, null as example from ingest_counts
      where tenant_id = ${tenantId} and bucket >= ${start} and bucket < ${end}
      union all
      select source, told.kind, told.count, started_at, coalesce(finished_at, started_at), null
      from imports cross join lateral (
        values ('duplicate', duplicates), ('warning', warnings), ('rejection', rejected)
      ) as told (kind, count)
      where tenant_id = ${tenantId} and started_at >= ${start} and started_at < ${end} and told.count > 0
      union all
      -- Those of an import are counted by it, and kept up to a bound: here they only give an example.
      select source, 'rejection', count(*) filter (where import_id is null), min(created_at), max(created_at),
        min(field || ': ' || message)
      from ingest_rejections
      where tenant_id = ${tenantId} and created_at >= ${start} and created_at < ${end}
      group by source
    ) as noted
    group by source, kind having sum(count) > 0`;
}

function gapRows(gaps: readonly { source: string; from: number; to: number }[]): Counted[] {
  return [...new Set(gaps.map(({ source }) => source))].map((source) => {
    const own = gaps.filter((gap) => gap.source === source);
    const longest = Math.max(...own.map(({ from, to }) => to - from));
    return {
      source,
      queue_id: '',
      kind: 'gap',
      count: own.length,
      first_at: new Date(Math.min(...own.map(({ from }) => from))),
      last_at: new Date(Math.max(...own.map(({ to }) => to))),
      example: `${Math.round(longest / 60_000)} min`,
    };
  });
}
