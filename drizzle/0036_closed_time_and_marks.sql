-- Time in which agents were available while all queues they served were closed is kept apart [T8]. Rows of before have none: every day
-- is folded anew, of call centres with opening hours or without, for FACTS_VERSION (server/history/projector.ts) has moved. A day
-- that retention keeps from that stays as it was.
alter table team_trends add column closed_ms bigint not null default 0;
alter table agent_trends add column state_closed_ms bigint not null default 0;
drop index team_trends_all_idx;
create index team_trends_all_idx on team_trends (tenant_id, grain, bucket)
  include (talking_ms, outbound_ms, hold_ms, ringing_ms, wrap_up_ms, paused_ms, available_ms, closed_ms) where queues = '{""}';
comment on index team_trends_all_idx is 'how all agents spent a range of buckets';

-- Calls of ours that an agent made back wait in no queue: outside his speed of answer, as they are outside a queue's [V11].
alter table agent_trends add column callback_answered bigint not null default 0;

-- Visits that entered while their queue was closed are marked, and counted beside [T8].
alter table queue_visits add column is_outside_hours boolean not null default false;
alter table performance_trends add column outside_hours bigint not null default 0;
create index queue_visits_outside_idx on queue_visits (tenant_id, entered_at, call_id, nth)
  include (queue_id, outcome) where is_outside_hours;
comment on index queue_visits_outside_idx is 'calls: visits outside opening hours';

-- Rings that nobody took and outbound calls can be listed: those of everybody.
create index agent_metrics_counted_idx on agent_metrics (tenant_id, counted_at, identity, call_id, nth)
  include (kind, queue_id) where kind <> 'answered';
comment on index agent_metrics_counted_idx is 'legs: missed rings and outbound calls by when they ended';

-- Under which thresholds and definition a day was proven: see server/analytics/reconciliation/rules.ts.
alter table reconciliations add column rules text not null default '';

-- By which fold facts are written: compared, beside `seq`, by whoever writes some (moveCheckpoint, server/history/checkpoint.ts). And under
-- which version of the settings: that only orders claims, of which an older one does not take the place of a later (claimFold).
alter table projection_checkpoints
  add column fold text not null default '',
  add column fold_version bigint not null default 0;

-- Every tenant has its retention marks from the beginning: a row that is not there cannot be held while something is written by it.
create or replace function create_tenant(tenant uuid, tenant_name text, tenant_slug text, tenant_time_zone text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  outer_tenant text := coalesce(current_setting('app.tenant_id', true), '');
begin
  perform set_config('app.tenant_id', tenant::text, true);
  insert into tenants (id, name, slug) values (tenant, tenant_name, tenant_slug);
  insert into settings (tenant_id, time_zone, caller_key)
    values (tenant, tenant_time_zone, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  insert into sectors (tenant_id, id, name) values (tenant, 'unassigned', 'Unassigned');
  insert into event_heads (tenant_id) values (tenant);
  insert into retention_marks (tenant_id) values (tenant);
  perform set_config('app.tenant_id', outer_tenant, true);
end
$$;
do $$
declare
  tenant uuid;
begin
  for tenant in select tenant_ids() loop
    perform set_config('app.tenant_id', tenant::text, true);
    insert into retention_marks (tenant_id) values (tenant) on conflict (tenant_id) do nothing;
  end loop;
  perform set_config('app.tenant_id', '', true);
end
$$;

-- As it was, and with that time beside.
drop function agent_scorecards(integer);
drop materialized view agent_scorecard;
create materialized view agent_scorecard as
select a.tenant_id, p.days, a.identity, (l.today - p.days)::date as first_day, l.today - 1 as last_day,
  sum(a.answered)::bigint as answered, sum(a.handled)::bigint as handled, sum(a.transferred)::bigint as transferred,
  sum(a.completed)::bigint as completed, sum(a.missed_rings)::bigint as missed_rings, sum(a.outbound)::bigint as outbound,
  sum(a.callback_answered)::bigint as callback_answered, sum(a.answered_wait_ms)::bigint as answered_wait_ms, sum(a.talk_ms)::bigint as talk_ms, sum(a.hold_ms)::bigint as hold_ms,
  sum(a.hold_known)::bigint as hold_known, sum(a.wrap_up_ms)::bigint as wrap_up_ms,
  sum(a.state_talking_ms)::bigint as state_talking_ms, sum(a.state_outbound_ms)::bigint as state_outbound_ms,
  sum(a.state_hold_ms)::bigint as state_hold_ms, sum(a.state_ringing_ms)::bigint as state_ringing_ms,
  sum(a.state_wrap_up_ms)::bigint as state_wrap_up_ms, sum(a.state_paused_ms)::bigint as state_paused_ms,
  sum(a.state_available_ms)::bigint as state_available_ms, sum(a.state_closed_ms)::bigint as state_closed_ms
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

-- The tenant's agents over so many days.
create function agent_scorecards(over_days integer) returns setof agent_scorecard
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
  select * from public.agent_scorecard
  where tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid and days = over_days
$$;

revoke execute on function agent_scorecards(integer) from public;
grant execute on function agent_scorecards(integer) to callboard_app;
-- It is empty until it is made anew.
delete from scorecard_refreshes;
