-- Taking an import back while its days are being folded; the days of sectors whose queues have moved; warnings of some queues.

-- Ends what void_events has done: everything that was made of those events is to be made anew. Answers the number of the
-- note that says so in the log: whoever has read up to it knows.
create or replace function finish_void(import uuid, events bigint, earliest timestamptz, latest timestamptz) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
  one imports;
  head event_heads;
  now_recorded timestamptz;
begin
  -- Whoever writes history holds this row: what it is writing of these events is there before their days become stale, and
  -- what it writes later knows of the void, by the epoch it reads then.
  insert into projection_checkpoints (tenant_id) values (tenant) on conflict do nothing;
  perform 1 from projection_checkpoints where tenant_id = tenant for no key update;
  -- As append_events does: the head, then queues and agents (and with them the settings), then everything else.
  select * into head from event_heads where tenant_id = tenant for update;
  select * into one from imports where tenant_id = tenant and id = import for update;
  if not found or one.state not in ('done', 'failed', 'running') then
    raise exception 'finish_void: nothing to void' using errcode = 'no_data_found';
  end if;
  -- Queues and agents it was the first to name, that nobody has named or changed since. Nobody appends meanwhile.
  delete from queues q
    where tenant_id = tenant and created_at >= one.started_at and name = id and sector_id = 'unassigned'
      and num_nonnulls(threshold_seconds, short_abandon_seconds, wrap_up_seconds, max_wait_seconds, opening_hours,
        service_level_target, abandonment_limit, asa_target_seconds, aht_target_seconds) = 0
      and created_at <= coalesce(one.finished_at, clock_timestamp())
      and not exists (
        select from call_events e where e.tenant_id = tenant and e.seq >= one.first_seq and e.queue_id = q.id
          and e.recorded_at >= date_trunc('milliseconds', one.started_at)
      );
  delete from agent_aliases a
    where tenant_id = tenant and origin = 'inferred' and created_at >= one.started_at
      and not exists (select from call_events e where e.tenant_id = tenant and e.agent_id = a.alias);
  delete from agents a
    where tenant_id = tenant and created_at >= one.started_at and name = id and sector_id = 'unassigned'
      and nickname is null and created_at <= coalesce(one.finished_at, clock_timestamp())
      and not exists (select from call_events e where e.tenant_id = tenant and e.agent_id = a.id)
      and not exists (select from agent_aliases where tenant_id = tenant and agent_id = a.id);
  -- Names that no event has any more. Where events are kept for a time only, those of the ones that are gone stay.
  if not exists (select from retention_marks where tenant_id = tenant and events_since > 'epoch') then
    delete from agent_names n
      where tenant_id = tenant
        and not exists (select from call_events e where e.tenant_id = tenant and e.agent_id = n.name);
  end if;
  -- Wakes every feed, by its trigger; each finds another epoch and builds its state anew.
  update settings set log_epoch = log_epoch + 1 where tenant_id = tenant;
  delete from live_checkpoints where tenant_id = tenant;
  -- Days are folded from what occurred from 48 hours before them until 24 hours after.
  update history_days set stale_since = coalesce(stale_since, clock_timestamp())
    where tenant_id = tenant and started_at <= latest + interval '48 hours' and ended_at > earliest - interval '24 hours';
  now_recorded := greatest(head.recorded_at, date_trunc('milliseconds', clock_timestamp()));
  insert into call_events (tenant_id, seq, recorded_at, occurred_at, kind, source, source_key, source_order, body)
    values (tenant, head.seq + 1, now_recorded, now_recorded, 'source.note', '', (head.seq + 1)::text, 0,
      jsonb_build_object('text', 'import voided', 'importId', import, 'events', events));
  update event_heads set seq = head.seq + 1, recorded_at = now_recorded where tenant_id = tenant;
  update imports set state = 'voided', voided_at = clock_timestamp(), voided = events,
      finished_at = coalesce(finished_at, clock_timestamp())
    where tenant_id = tenant and id = import;
  perform pg_notify('callboard_events', tenant::text);
  return head.seq + 1;
end
$$;

-- A queue that moves takes its past along [T9]: until the view is made anew, the sums of both of its sectors hold it.
drop function sector_days(timestamptz);
drop materialized view sector_daily;

-- Every sector's local days that are over, the last 400 of them: sums of the queues that were in it [T9] when the
-- view was made, and which those are: whoever reads it sees whether they still are.
create materialized view sector_daily as
select t.tenant_id, coalesce(q.sector_id, 'unassigned') as sector_id, t.bucket,
  array_agg(t.queue_id order by t.queue_id) as queues,
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

-- The tenant's sectors by day, of days that began since then.
create function sector_days(since timestamptz) returns setof sector_daily
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
  select * from public.sector_daily
  where tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid and bucket >= since
$$;

revoke execute on function sector_days(timestamptz) from public;
grant execute on function sector_days(timestamptz) to callboard_app;
-- Both are made at the next look.
delete from scorecard_refreshes;

-- Whom what is said of a source concerns: asked beside every answer of a few queues.
create index importer_health_told_idx on importer_health (tenant_id, day) include (source, queue_id) where kind = 'visits';
comment on index importer_health_told_idx is 'warnings beside the figures of some queues: which sources told of them';
