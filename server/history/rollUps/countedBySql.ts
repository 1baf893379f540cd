import type { Sql } from 'postgres';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { unpackWaits } from '../../../shared/metrics/packedWaits.ts';

/**
 * For tests: the roll-ups of a tenant counted over the facts in SQL, by no code of ours, and the same figures of the rows.
 * One queue threshold for all, zones of whole hours.
 */
export interface Expectation {
  settings: LiveSettings;
  /** Epoch ms. */
  now: number;
}

/** Local start of each grain as an instant; a repeated hour is two, being cut in UTC. */
function starts(sql: Sql, column: string, { settings }: Expectation) {
  const { timeZone, dayStartMinutes } = settings;
  const shift = `${dayStartMinutes} minutes`;
  const at = sql(column);
  return sql`(values
    ('interval', date_bin('15 minutes', ${at}, 'epoch')),
    ('hour', date_trunc('hour', ${at})),
    ('day', (date_trunc('day', ${at} at time zone ${timeZone} - ${shift}::interval) + ${shift}::interval)
      at time zone ${timeZone}),
    ('month', (date_trunc('month', ${at} at time zone ${timeZone} - ${shift}::interval) + ${shift}::interval)
      at time zone ${timeZone})
  ) as g(grain, bucket)`;
}

export async function countQueues(sql: Sql, tenantId: string, expectation: Expectation) {
  const { settings, now } = expectation;
  const at = new Date(now);
  const [t, s] = [settings.thresholdSeconds * 1_000, settings.shortAbandonSeconds * 1_000];
  const limit = `${settings.maxWaitSeconds} seconds`;
  return sql`
    with v as (
      select *, origin <> 'callback' as measured,
        case when outcome = 'open' and ${at} - entered_at > ${limit}::interval then 'lost' else outcome end as now_is,
        outcome = 'answered' and ended_at is not null and talk_ms is not null as over
      from queue_visits where tenant_id = ${tenantId}
    ), happened as (
      select entered_at as at, queue_id, v.call_id, v.nth, 'visit' as what from v
      union all select counted_at, queue_id, call_id, nth, 'ring' from agent_metrics
        where tenant_id = ${tenantId} and kind = 'missed' and queue_id <> ''
    )
    select g.grain, g.bucket, q.id as queue_id,
      count(*) filter (where now_is <> 'refused')::int as offered,
      count(*) filter (where is_outside_hours and now_is <> 'refused')::int as outside_hours,
      count(*) filter (where now_is = 'refused')::int as refused,
      count(*) filter (where now_is = 'answered')::int as answered,
      count(*) filter (where now_is = 'abandoned')::int as abandoned,
      count(*) filter (where now_is = 'timed_out')::int as timed_out,
      count(*) filter (where now_is = 'callback_requested')::int as callbacks,
      count(*) filter (where now_is = 'lost')::int as lost,
      count(*) filter (where now_is = 'open')::int as open,
      count(*) filter (where over and handled_at <= ${at})::int as handled,
      coalesce(sum(talk_ms) filter (where over and handled_at <= ${at}), 0)::int as talk_ms,
      coalesce(sum(wrap_up_ms) filter (where over and handled_at <= ${at}), 0)::int as wrap_up_ms,
      count(*) filter (where over and handled_at <= ${at} and hold_ms is not null)::int as hold_known,
      count(*) filter (where is_transferred)::int as transferred,
      count(*) filter (where what = 'ring')::int as missed_rings,
      count(*) filter (where not measured and now_is in ('open', 'lost'))::int as callback_unsettled,
      coalesce(max(wait_ms) filter (where measured and now_is not in ('open', 'lost', 'refused')), 0)::int as max_wait_ms,
      count(*) filter (where measured and now_is = 'answered' and wait_ms <= ${t})::int as met,
      count(*) filter (where measured and (
        now_is not in ('open', 'lost', 'refused') and wait_ms > ${t}
        or now_is = 'open' and ${at} - entered_at > ${`${settings.thresholdSeconds} seconds`}::interval
      ))::int as missed,
      count(*) filter (where measured and now_is = 'abandoned' and wait_ms <= ${s})::int as short,
      count(*) filter (where measured and now_is in ('timed_out', 'callback_requested'))::int as flow_outs,
      count(*) filter (where measured and now_is not in ('open', 'lost', 'refused'))::int as waits,
      count(*) filter (where now_is <> 'refused' and cardinality(earlier_queues) > 0)::int as repeats,
      count(*) filter (where now_is = 'open' or outcome = 'answered' and (
        ended_at is null or over and (handled_at is null or handled_at > ${at})
      ))::int as unsettled
    from happened h
    cross join lateral ${starts(sql, 'at', expectation)}
    cross join lateral (values (h.queue_id), ('')) as q(id)
    left join v on h.what = 'visit' and v.call_id = h.call_id and v.nth = h.nth
    group by g.grain, g.bucket, q.id order by g.grain, g.bucket, q.id`;
}

/** The rows' own figures, under the names {@link countQueues} gives them. */
export async function rowsOfQueues(sql: Sql, tenantId: string) {
  const rows = await sql`
    select grain, bucket, queue_id, offered::int, outside_hours::int, refused::int, answered::int, abandoned::int, timed_out::int,
      callbacks::int, lost::int, open::int, handled::int, talk_ms::int, wrap_up_ms::int, hold_known::int,
      transferred::int, missed_rings::int, callback_unsettled::int, max_wait_ms::int, met::int, missed::int, short::int,
      flow_outs::int, answered_waits || abandoned_waits || callback_waits || other_waits as waits,
      (select coalesce(sum((entry ->> 1)::int), 0)::int from jsonb_array_elements(repeats) as entry) as repeats,
      unsettled::int
    from performance_trends where tenant_id = ${tenantId} order by grain, bucket, queue_id`;
  return rows.map((row) => {
    let waits = 0;
    for (const count of unpackWaits(row.waits).values()) waits += count;
    return { ...row, waits };
  });
}

/** How teams spent their time: in ms by state, of every grain. */
export async function countTeams(sql: Sql, tenantId: string, expectation: Expectation) {
  const spent = (condition: ReturnType<Sql>) => sql`
    coalesce(sum(1000 * extract(epoch from ended_at - started_at)) filter (where ${condition}), 0)::int`;
  return sql`
    select grain, bucket, team as queues, ${spent(sql`state = 'talking'`)} as talking_ms,
      ${spent(sql`reason = 'outbound'`)} as outbound_ms, ${spent(sql`state = 'hold'`)} as hold_ms,
      ${spent(sql`state = 'ringing'`)} as ringing_ms, ${spent(sql`state = 'wrap_up'`)} as wrap_up_ms,
      ${spent(sql`state = 'paused'`)} as paused_ms, ${spent(sql`state = 'available'`)} as available_ms,
      ${spent(sql`reason = 'closed'`)} as closed_ms
    from agent_intervals cross join lateral ${starts(sql, 'started_at', expectation)}
    cross join lateral (values (queues), (array[''])) as of_both(team)
    where tenant_id = ${tenantId} group by grain, bucket, team order by grain, bucket, team`;
}

export async function rowsOfTeams(sql: Sql, tenantId: string) {
  return sql`
    select grain, bucket, queues, talking_ms::int, outbound_ms::int, hold_ms::int, ringing_ms::int, wrap_up_ms::int,
      paused_ms::int, available_ms::int, closed_ms::int
    from team_trends where tenant_id = ${tenantId} order by grain, bucket, queues`;
}

/** What agents did, by day and month. */
export async function countAgents(sql: Sql, tenantId: string, expectation: Expectation) {
  const at = new Date(expectation.now);
  return sql`
    with done as (
      select identity, counted_at as at, queue_id, kind, talk_ms, handled_at, ended_at, wait_ms, null as state, null::int as ms
      from agent_metrics where tenant_id = ${tenantId}
      union all select identity, started_at, '', 'piece', null, null, ended_at, null, state,
        (1000 * extract(epoch from ended_at - started_at))::int
      from agent_intervals where tenant_id = ${tenantId}
    )
    select grain, bucket, identity, q.id as queue_id, count(*) filter (where kind = 'answered')::int as answered,
      count(*) filter (where kind = 'missed')::int as missed_rings,
      count(*) filter (where talk_ms is not null and handled_at <= ${at})::int as handled,
      coalesce(sum(talk_ms) filter (where handled_at <= ${at}), 0)::int as talk_ms,
      coalesce(sum(wait_ms) filter (where kind = 'answered'), 0)::int as answered_wait_ms,
      count(*) filter (where kind = 'answered' and wait_ms is null)::int as callback_answered,
      coalesce(sum(ms) filter (where state = 'available'), 0)::int as state_available_ms,
      min(at) filter (where kind = 'piece') as first_signed_in_at,
      max(ended_at) filter (where kind = 'piece') as last_signed_in_at
    from done cross join lateral ${starts(sql, 'at', expectation)}
    cross join lateral (select distinct id from (values (queue_id), ('')) as of_both(id)) as q
    where grain in ('day', 'month') group by grain, bucket, identity, q.id order by grain, bucket, identity, q.id`;
}

export async function rowsOfAgents(sql: Sql, tenantId: string) {
  return sql`
    select grain, bucket, identity, queue_id, answered::int, missed_rings::int, handled::int, talk_ms::int,
      answered_wait_ms::int, callback_answered::int, state_available_ms::int, first_signed_in_at, last_signed_in_at
    from agent_trends where tenant_id = ${tenantId} order by grain, bucket, identity, queue_id`;
}
