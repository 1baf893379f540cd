-- Two materialised views of days that are over, for a front page that shows many at once [L10]. They have no row security: the
-- runtime role cannot read them but through functions that filter by the tenant. They are made of rows of every tenant, which
-- the owner sees by the policy `scorecards`, as long as it refreshes them and no longer.
do $$
declare
  source text;
begin
  foreach source in array array['settings', 'queues', 'performance_trends', 'agent_trends'] loop
    execute format(
      'create policy scorecards on %I for select to current_role using (current_setting(''app.refreshing'', true) = ''scorecards'')',
      source
    );
  end loop;
end
$$;

-- What each agent did, in all queues together, in the last 7 and the last 30 local days that are over: sums, as agent_trends has them.
create materialized view agent_scorecard as
select a.tenant_id, p.days, a.identity, (l.today - p.days)::date as first_day, l.today - 1 as last_day,
  sum(a.answered)::bigint as answered, sum(a.handled)::bigint as handled, sum(a.transferred)::bigint as transferred,
  sum(a.completed)::bigint as completed, sum(a.missed_rings)::bigint as missed_rings, sum(a.outbound)::bigint as outbound,
  sum(a.answered_wait_ms)::bigint as answered_wait_ms, sum(a.talk_ms)::bigint as talk_ms, sum(a.hold_ms)::bigint as hold_ms,
  sum(a.hold_known)::bigint as hold_known, sum(a.wrap_up_ms)::bigint as wrap_up_ms,
  sum(a.state_talking_ms)::bigint as state_talking_ms, sum(a.state_outbound_ms)::bigint as state_outbound_ms,
  sum(a.state_hold_ms)::bigint as state_hold_ms, sum(a.state_ringing_ms)::bigint as state_ringing_ms,
  sum(a.state_wrap_up_ms)::bigint as state_wrap_up_ms, sum(a.state_paused_ms)::bigint as state_paused_ms,
  sum(a.state_available_ms)::bigint as state_available_ms
from settings s
cross join lateral (
  select ((now() at time zone s.time_zone) - make_interval(mins => s.day_start_minutes))::date as today
) l
cross join (values (7), (30)) as p(days)
-- Where a day begins is known to an hour only: of a midnight that is shown twice SQL takes the second, we the first.
cross join lateral (
  select (l.today - p.days + make_interval(mins => s.day_start_minutes)) at time zone s.time_zone - interval '2 hours' as since,
    (l.today + make_interval(mins => s.day_start_minutes)) at time zone s.time_zone - interval '2 hours' as until
) r
join agent_trends a on a.tenant_id = s.tenant_id and a.grain = 'day' and a.queue_id = '' and a.bucket >= r.since
  and a.bucket < r.until
group by a.tenant_id, p.days, a.identity, l.today;
create unique index agent_scorecard_idx on agent_scorecard (tenant_id, days, identity);
comment on index agent_scorecard_idx is 'dashboard: a tenant''s agents; refreshing beside readers';

-- Every sector's local days that are over, the last 400 of them: sums of the queues that are in it now [T9].
create materialized view sector_daily as
select t.tenant_id, coalesce(q.sector_id, 'unassigned') as sector_id, t.bucket,
  sum(t.offered)::bigint as offered, sum(t.answered)::bigint as answered, sum(t.handled)::bigint as handled,
  sum(t.abandoned)::bigint as abandoned, sum(t.callback_answered)::bigint as callback_answered,
  sum(t.callback_abandoned)::bigint as callback_abandoned, sum(t.answered_wait_ms)::bigint as answered_wait_ms,
  sum(t.talk_ms + t.hold_ms + t.wrap_up_ms)::bigint as handling_ms, sum(t.met)::bigint as met,
  sum(t.missed)::bigint as missed, sum(t.abandoned_within)::bigint as abandoned_within, sum(t.short)::bigint as short,
  sum(t.short_within)::bigint as short_within, sum(t.callback_within)::bigint as callback_within,
  sum(t.other_within)::bigint as other_within, sum(t.flow_outs)::bigint as flow_outs
from settings s
cross join lateral (
  select ((now() at time zone s.time_zone) - make_interval(mins => s.day_start_minutes))::date as today
) l
cross join lateral (
  select (l.today + make_interval(mins => s.day_start_minutes)) at time zone s.time_zone - interval '2 hours' as until
) r
join performance_trends t on t.tenant_id = s.tenant_id and t.grain = 'day' and t.queue_id <> ''
  and t.bucket >= r.until - interval '9600 hours' and t.bucket < r.until
left join queues q on q.tenant_id = t.tenant_id and q.id = t.queue_id
group by t.tenant_id, coalesce(q.sector_id, 'unassigned'), t.bucket;
create unique index sector_daily_idx on sector_daily (tenant_id, bucket, sector_id);
comment on index sector_daily_idx is 'dashboard: the last days of a tenant''s sectors; refreshing beside readers';

-- When they were made; of the installation, not of a tenant.
create table scorecard_refreshes (
  name text primary key check (name = 'scorecards'),
  refreshed_at timestamptz not null
);
alter table scorecard_refreshes enable row level security;
create policy everybody on scorecard_refreshes for select using (true);
grant select on scorecard_refreshes to callboard_app;

-- Makes both anew beside their readers, unless somebody is at it, or they are younger than `least_age`. Answers whether it has.
create function refresh_scorecards(least_age interval) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  began timestamptz := clock_timestamp();
begin
  if not pg_try_advisory_xact_lock(hashtextextended('callboard.refresh_scorecards', 0))
    or exists (select from scorecard_refreshes where refreshed_at > began - least_age) then
    return false;
  end if;
  perform set_config('app.refreshing', 'scorecards', true);
  refresh materialized view concurrently public.agent_scorecard;
  refresh materialized view concurrently public.sector_daily;
  perform set_config('app.refreshing', '', true);
  insert into scorecard_refreshes (name, refreshed_at) values ('scorecards', began)
    on conflict (name) do update set refreshed_at = excluded.refreshed_at;
  return true;
end
$$;

-- The tenant's agents over so many days.
create function agent_scorecards(over_days integer) returns setof agent_scorecard
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
  select * from public.agent_scorecard
  where tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid and days = over_days
$$;

-- The tenant's sectors by day, of days that began since then.
create function sector_days(since timestamptz) returns setof sector_daily
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
  select * from public.sector_daily
  where tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid and bucket >= since
$$;

revoke execute on function refresh_scorecards(interval), agent_scorecards(integer), sector_days(timestamptz) from public;
grant execute on function refresh_scorecards(interval), agent_scorecards(integer), sector_days(timestamptz) to callboard_app;
