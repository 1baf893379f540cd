import type { Sql } from 'postgres';
import { withoutIndexes } from '../../server/db/withoutIndexes.ts';

/**
 * Facts of a call centre's 53 weeks made by the database, in the order of time in which the projector would have written them:
 * 40 queues of very different size in eight sectors; weekends quieter, days that swell until two in the afternoon; waits and
 * talks with long tails; one visit in twenty the second of its call. Of 800 agents as many are on duty each day as its calls
 * need, serve five queues and change state twice a quarter of an hour. The same at every run. As the owner, for an empty tenant.
 */
export const START = Date.UTC(2024, 11, 30); // A Monday; all of 2025 lies within.
export const WEEKS = 53;
export const QUEUES = 40;
export const AGENTS = 800;

/** Visits an agent sees to in a shift. */
const VISITS_A_SHIFT = 44;

export async function makeFacts(
  ownerSql: Sql,
  tenantId: string,
  visits: number,
  /** A Monday. */
  start: number = START,
): Promise<void> {
  await ownerSql`
    insert into sectors (tenant_id, id, name) select ${tenantId}, 'sector-' || n, 'Sector ' || n from generate_series(0, 7) n`;
  await ownerSql`
    insert into queues (tenant_id, id, name, sector_id) select ${tenantId}, 'queue-' || n, 'Queue ' || n, 'sector-' || n % 8
    from generate_series(0, ${QUEUES - 1}::int) n`;
  await ownerSql`
    insert into agent_names (tenant_id, name, rank) select ${tenantId}, 'agent-' || n, 0
    from generate_series(0, ${AGENTS - 1}::int) n`;
  const onDuty = Math.max(1, Math.min(AGENTS, Math.ceil(visits / WEEKS / 5 / VISITS_A_SHIFT)));
  const make = { queue_visits: makeVisits, agent_metrics: makeLegs, agent_intervals: makePieces };
  for (const [table, rows] of Object.entries(make))
    await withoutIndexes(ownerSql, table, () => rows(ownerSql, tenantId, { visits, onDuty, start }));
}

interface Size {
  visits: number;
  onDuty: number;
  start: number;
}

/** A number of [0, 1) that depends on the visit and on what it is for, and on nothing else. */
const dice = (sql: Sql, seed: number, of = 'n') =>
  sql`((hashint8extended(${sql(of)}, ${seed}) & 1073741823) / 1073741824.0::float8)`;

/** Fractions of a week become days, of which the last two hold a third as much; fractions of a day, hours around two o'clock. */
async function makeVisits(sql: Sql, tenantId: string, { visits, onDuty, start }: Size): Promise<void> {
  const wait = sql`(case when ${dice(sql, 3)} < 0.02 then 400000 else 25000 end * -ln(1 - ${dice(sql, 4)}))::bigint`;
  await sql`
    insert into queue_visits (
      tenant_id, entered_at, call_id, nth, queue_id, source, caller, origin, outcome, settled_at, wait_ms, identity, ended_at,
      talk_ms, hold_ms, wrap_up_ms, handled_at, is_transferred, is_completed, is_inferred, is_called_back, earlier_queues)
    select ${tenantId}, entered_at, case when is_second then n - 1 else n end || '.' || n / 20 % 97, case when is_second then 2 else 1 end,
      queue_id, 'asterisk', caller, 'inbound', outcome, settled_at, wait_ms, identity, settled_at + talk_ms * interval '1 ms',
      talk_ms, hold_ms, wrap_up_ms, settled_at + (talk_ms + wrap_up_ms) * interval '1 ms', coalesce(talk_ms % 20 = 0, false),
      coalesce(talk_ms % 20 > 0, false), false, false, case when is_second then array[queue_before] else '{}' end
    from (
      select placed.*, outcome, entered_at + wait_ms * interval '1 ms' as settled_at,
        case when outcome = 'answered' then 'agent-' || (day * 37 + floor(${dice(sql, 5)} * ${onDuty}::int)::int) % ${AGENTS}::int end as identity,
        case when outcome = 'answered' then 1000 + (200000 * -ln(1 - ${dice(sql, 6)}))::bigint end as talk_ms,
        case when outcome = 'answered' then floor(30000 * ${dice(sql, 7)})::bigint end as wrap_up_ms,
        case when outcome = 'answered' and ${dice(sql, 8)} < 0.2 then 500::bigint end as hold_ms
      from (
        select n, day, ${new Date(start)}::timestamptz + day * interval '1 day' + floor(1000 * (28800 + 43200 * share)) * interval '1 ms' as entered_at,
          'queue-' || floor(${QUEUES}::int * power(${dice(sql, 1)}, 2)) as queue_id,
          'queue-' || floor(${QUEUES}::int * power(${dice(sql, 1, 'before')}, 2)) as queue_before,
          ${dice(sql, 2)} as rolled, ${wait} as wait_ms,
          n % 20 = 0 and day = day_before as is_second,
          case when ${dice(sql, 9)} < 0.1 then 'anonymous'
            else to_hex((${dice(sql, 10)} * 4e9)::bigint) || 'abcdefgh…' || lpad((${dice(sql, 11)} * 9999)::int::text, 4, '0') end as caller
        from (
          select n, before, day, case when u < 0.5 then sqrt(u / 2) else 1 - sqrt((1 - u) / 2) end as share,
            lag(day) over (order by n) as day_before
          from (
            select n, n - 1 as before, (week * 7 + case when w < 5 then floor(w) else 5 + floor((w - 5) / 0.35) end)::int as day,
              case when w < 5 then w - floor(w) else (w - 5) / 0.35 - floor((w - 5) / 0.35) end as u
            from (
              select n, floor((n - 1) * ${WEEKS}::float8 / ${visits}::float8)::int as week,
                5.7 * ((n - 1) * ${WEEKS}::float8 / ${visits}::float8 - floor((n - 1) * ${WEEKS}::float8 / ${visits}::float8)) as w
              from generate_series(1, ${visits}::bigint) n
            ) as weeks
          ) as days
        ) as hours
      ) as placed
      cross join lateral (select case when rolled < 0.86 then 'answered' when rolled < 0.95 then 'abandoned' when rolled < 0.98 then 'timed_out'
        when rolled < 0.985 then 'no_agents' when rolled < 0.99 then 'overflowed' when n % 20 > 0 and n % 20 < 19 and rolled > 0.9998 then 'refused'
        else 'key_exit' end as outcome) as judged
    ) as made`;
}

/** What was answered; and one visit in thirty rang at somebody who did not take it. */
async function makeLegs(sql: Sql, tenantId: string): Promise<void> {
  await sql`
    insert into agent_metrics (
      tenant_id, identity, counted_at, call_id, kind, nth, queue_id, started_at, ended_at, wait_ms, talk_ms, hold_ms, wrap_up_ms,
      handled_at, is_transferred, is_completed)
    select tenant_id, identity, entered_at, call_id, 'answered', nth, queue_id, settled_at, ended_at, wait_ms, talk_ms, hold_ms,
      wrap_up_ms, handled_at, is_transferred, is_completed
    from queue_visits where tenant_id = ${tenantId} and outcome = 'answered'`;
  await sql`
    insert into agent_metrics (
      tenant_id, identity, counted_at, call_id, kind, nth, queue_id, started_at, ended_at, is_transferred, is_completed)
    select tenant_id, 'agent-' || (substr(identity, 7)::int + 1) % ${AGENTS}::int, entered_at, call_id, 'missed', nth, queue_id, entered_at,
      entered_at, false, false
    from queue_visits where tenant_id = ${tenantId} and outcome = 'answered' and wait_ms % 30 = 0`;
}

/** A shift from eight to four, or from noon to eight: of each quarter of an hour one part in one state, the rest in the next. */
async function makePieces(sql: Sql, tenantId: string, { onDuty, start }: Size): Promise<void> {
  await sql`
    insert into agent_intervals (tenant_id, identity, started_at, ended_at, state, reason, call_id, queues)
    select ${tenantId}, 'agent-' || agent, began + case when part = 0 then interval '0' else cut end,
      began + case when part = 0 then cut else interval '15 minutes' end,
      case when part = 0 then 'talking' else (array['available', 'wrap_up', 'paused', 'hold'])[1 + (day + quarter + agent) % 4] end,
      case when part = 0 then 'inbound' end, null,
      array['queue-' || agent % 8, 'queue-' || 8 + agent % 8, 'queue-' || 16 + agent % 8, 'queue-' || 24 + agent % 8, 'queue-' || 32 + agent % 8]
    from (
      select day, quarter, agent, ${new Date(start)}::timestamptz + day * interval '1 day' + interval '8 hours' + quarter * interval '15 minutes' as began,
        (60 + (agent * 31 + quarter * 7 + day) % 800) * interval '1 second' as cut
      from generate_series(0, ${WEEKS * 7 - 1}::int) day, generate_series(0, 47) quarter,
        lateral (select (day * 37 + n) % ${AGENTS}::int as agent, n from generate_series(0, ${onDuty - 1}::int) n) as duty
      where quarter >= 16 * (n % 2) and quarter < 32 + 16 * (n % 2)
    ) as shifts, generate_series(0, 1) as part`;
}
