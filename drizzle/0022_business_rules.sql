-- What a call centre wants of its figures, and for how long it keeps what they are made of.

alter table settings
  -- Ratios of one; a wall is good on target, and critical beyond the second value.
  add column service_level_target double precision not null default 0.8 check (service_level_target between 0 and 1),
  add column service_level_critical double precision not null default 0.6 check (service_level_critical between 0 and 1),
  add column abandonment_limit double precision not null default 0.05 check (abandonment_limit between 0 and 1),
  add column abandonment_critical double precision not null default 0.1 check (abandonment_critical between 0 and 1),
  -- Null: none.
  add column completion_target double precision check (completion_target between 0 and 1),
  add column occupancy_limit double precision check (occupancy_limit between 0 and 1),
  add column asa_target_seconds integer check (asa_target_seconds >= 0),
  add column aht_target_seconds integer check (aht_target_seconds >= 0),
  -- N of [H4].
  add column first_contact_days integer not null default 7 check (first_contact_days between 1 and 60),
  -- Whether surveys, reviews and revenue are taken in at all.
  add column enable_csat boolean not null default true,
  add column enable_quality boolean not null default true,
  add column enable_cost boolean not null default true,
  -- Null: kept.
  add column event_retention_months integer check (event_retention_months > 0),
  add column fact_retention_months integer check (fact_retention_months > 0),
  add column rollup_retention_months integer check (rollup_retention_months > 0);

alter table queues
  -- Null: as the tenant's settings say.
  add column service_level_target double precision check (service_level_target between 0 and 1),
  add column abandonment_limit double precision check (abandonment_limit between 0 and 1),
  add column asa_target_seconds integer check (asa_target_seconds >= 0),
  add column aht_target_seconds integer check (aht_target_seconds >= 0);

-- Since when there is everything of a kind: what is older has been removed, or is being. Never goes back.
create table retention_marks (
  tenant_id uuid primary key references tenants (id) on delete cascade,
  -- An event that occurred since then is in the log if it ever was.
  events_since timestamptz not null default 'epoch',
  facts_since timestamptz not null default 'epoch',
  rollups_since timestamptz not null default 'epoch',
  -- Keys of events numbered below are gone.
  keys_from bigint not null default 1
);
alter table retention_marks enable row level security;
alter table retention_marks force row level security;
create policy tenant on retention_marks using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on retention_marks to callboard_app;

-- One step of removing the months of the log that ended by `before`: takes the oldest out of the log, or drops one that is
-- out already, which nobody reads any more. Two steps, so that the log is locked for the first alone, a few milliseconds
-- whatever a month holds. Answers what it did; null when there is nothing to do. Never touches this month or the last one.
create function drop_event_partitions(before timestamptz) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp set lock_timeout = '2s' set timezone = 'UTC'
as $$
declare
  ended timestamptz := least(before, date_trunc('month', clock_timestamp()) - interval '1 month');
  month_table text;
  is_attached boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended('callboard.partitions', 0));
  select relname, relispartition into month_table, is_attached from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relname ~ '^call_events_\d{4}_\d{2}$'
      and to_date(right(relname, 7), 'YYYY_MM') + interval '1 month' <= ended
    order by relispartition, relname limit 1;
  if month_table is null then
    return null;
  end if;
  if is_attached then
    execute format('alter table public.call_events detach partition public.%I', month_table);
    return 'detached ' || month_table;
  end if;
  execute format('drop table public.%I', month_table);
  return 'dropped ' || month_table;
end
$$;

-- Removes up to so many of the tenant's oldest events, recorded before an instant that is a month ago or more; what is left
-- is still numbered without a gap [L1]. Answers how many went.
create function forget_events(before timestamptz, most integer) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
  first_seq bigint;
  forgotten integer;
begin
  -- Live state is made of the log of some days, and its estimates of weeks.
  if before > clock_timestamp() - interval '27 days' then
    raise exception 'forget_events: too recent' using errcode = 'invalid_parameter_value';
  end if;
  select min(seq) into first_seq from call_events where tenant_id = tenant;
  delete from call_events
    where tenant_id = tenant and seq >= first_seq and seq < first_seq + most and recorded_at < before;
  get diagnostics forgotten = row_count;
  return forgotten;
end
$$;

-- Looks at so many of the tenant's keys in their order, behind `after` (null: from the first), and removes those whose events
-- are gone. Answers the last one looked at, null at the end; from which number on keys are kept; how many went.
create function forget_event_keys(
  after uuid, most integer, out last_key uuid, out kept_from bigint, out forgotten integer
)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
begin
  select coalesce(
    (select min(seq) from call_events where tenant_id = tenant),
    (select seq + 1 from event_heads where tenant_id = tenant)
  ) into kept_from;
  with looked_at as materialized (
    select key, seq from event_keys
      where tenant_id = tenant and key > coalesce(after, '00000000-0000-0000-0000-000000000000') order by key limit most
  ),
  gone as (
    delete from event_keys using looked_at
      where event_keys.tenant_id = tenant and event_keys.key = looked_at.key and looked_at.seq < kept_from
      returning 1
  )
  select (select key from looked_at order by key desc limit 1), (select count(*) from gone) into last_key, forgotten;
end
$$;

revoke execute on function
  drop_event_partitions(timestamptz), forget_events(timestamptz, integer), forget_event_keys(uuid, integer) from public;
grant execute on function
  drop_event_partitions(timestamptz), forget_events(timestamptz, integer), forget_event_keys(uuid, integer)
  to callboard_app;
