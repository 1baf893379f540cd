-- Taking an import back.

-- Moves when events that were folded have ceased to count: state folded before then is of no use.
alter table settings add column log_epoch bigint not null default 0;

alter table imports drop constraint imports_state_check;
alter table imports add constraint imports_state_check check (state in ('running', 'done', 'failed', 'voided'));
alter table imports
  -- Its events are numbered from here on, up to last_seq, with others in between.
  add column first_seq bigint not null default 1,
  add column voided_at timestamptz,
  -- How many events were voided then.
  add column voided bigint not null default 0;

-- Voids what of an import is numbered in the next `most` numbers behind `after`, and frees its keys. The numbers stay [L1]: a
-- voided event is a note of nobody (source ''), which no fold takes up, with what it said in its body. Answers the last
-- number looked at, null behind the import's last; how many were voided; when the first and the last of them occurred.
-- Run to its end and finished by finish_void in one transaction.
create function void_events(
  import uuid, after bigint, most integer,
  out reached bigint, out voided integer, out earliest timestamptz, out latest timestamptz
)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
  one imports;
  from_seq bigint;
begin
  select * into one from imports where tenant_id = tenant and id = import;
  if not found then
    raise exception 'void_events: there is no import %', import using errcode = 'no_data_found';
  end if;
  from_seq := greatest(after + 1, one.first_seq);
  reached := case when from_seq <= one.last_seq then least(from_seq + most - 1, one.last_seq) end;
  if reached is null then
    voided := 0;
    return;
  end if;
  with found as materialized (
    select seq, recorded_at, occurred_at, source, source_key from call_events
      where tenant_id = tenant and seq >= from_seq and seq <= reached and import_id = import and source <> ''
        and recorded_at >= date_trunc('milliseconds', one.started_at)
  ),
  freed as (
    delete from event_keys using found
      where event_keys.tenant_id = tenant and event_keys.seq = found.seq and event_keys.key = substr(encode(sha256(
        convert_to(found.source || e'\x1f' || found.source_key, 'UTF8')), 'hex'), 1, 32)::uuid
  ),
  changed as (
    update call_events e set
      kind = 'source.note', source = '', source_key = e.seq::text, call_id = null, queue_id = null, agent_id = null,
      body = jsonb_build_object('text', 'voided', 'voided', jsonb_strip_nulls(jsonb_build_object(
        'kind', e.kind, 'source', e.source, 'sourceKey', e.source_key, 'callId', e.call_id, 'queue', e.queue_id,
        'agent', e.agent_id)) || jsonb_build_object('body', e.body))
    from found where e.tenant_id = tenant and e.seq = found.seq and e.recorded_at = found.recorded_at
  )
  select count(*), min(occurred_at), max(occurred_at) into voided, earliest, latest from found;
end
$$;

-- Ends what void_events has done: everything that was made of those events is to be made anew. Answers the number of the
-- note that says so in the log: whoever has read up to it knows.
create function finish_void(import uuid, events bigint, earliest timestamptz, latest timestamptz) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
  one imports;
  head event_heads;
  now_recorded timestamptz;
begin
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

revoke execute on function
  void_events(uuid, bigint, integer), finish_void(uuid, bigint, timestamptz, timestamptz) from public;
grant execute on function
  void_events(uuid, bigint, integer), finish_void(uuid, bigint, timestamptz, timestamptz) to callboard_app;
