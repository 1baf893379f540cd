-- The functions that act as the owner, all of them: what the runtime role may not do itself. Each sets its
-- search_path, so that no object of a caller's can stand in for one of ours.

-- Makes a tenant with everything that must exist beside it. The id is the caller's.
create function create_tenant(tenant uuid, tenant_name text, tenant_slug text, tenant_time_zone text) returns void
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
  perform set_config('app.tenant_id', outer_tenant, true);
end
$$;

-- Makes an account; an e-mail address that is taken is a unique violation.
create function create_account(account uuid, account_email text, account_name text, account_password_hash text)
returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
  insert into accounts (id, email, name, password_hash)
    values (account, account_email, account_name, account_password_hash)
$$;

-- Lookups before a tenant is known: exact match, as few columns as will do.
create function tenant_ids() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$ select id from tenants order by id $$;

create function account_by_email(wanted text)
returns table (account_id uuid, password_hash text, disabled_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$ select id, password_hash, disabled_at from accounts where lower(email) = lower(wanted) $$;

create function account_memberships(wanted uuid) returns table (tenant_id uuid, role text)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  perform set_config('app.lookup', wanted::text, true);
  return query
    select m.tenant_id, m.role from memberships m where m.account_id = wanted order by m.created_at, m.tenant_id;
  perform set_config('app.lookup', '', true);
end
$$;

create function refresh_token_by_hash(wanted bytea) returns table (tenant_id uuid, id uuid)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  perform set_config('app.lookup', encode(wanted, 'hex'), true);
  return query select t.tenant_id, t.id from refresh_tokens t where t.hash = wanted;
  perform set_config('app.lookup', '', true);
end
$$;

create function api_key_by_hash(wanted bytea) returns table (tenant_id uuid, id uuid, scopes text[])
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  perform set_config('app.lookup', encode(wanted, 'hex'), true);
  return query
    select k.tenant_id, k.id, k.scopes from api_keys k where k.hash = wanted and k.revoked_at is null;
  perform set_config('app.lookup', '', true);
end
$$;

-- Every change of what live state is measured by moves settings.version and wakes the feed. Before the statement, so
-- that everybody locks the settings row first and the rows after it: the other way round two writers deadlock.
create function settings_changed() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
begin
  if tg_table_name = 'settings' then
    new.version := old.version + 1;
    perform pg_notify('callboard_events', new.tenant_id::text);
    return new;
  end if;
  update settings set version = version where tenant_id = tenant;
  return null;
end
$$;
create trigger settings_changed before update on settings
  for each row execute function settings_changed();
create trigger settings_changed before insert or update or delete on sectors
  for each statement execute function settings_changed();
create trigger settings_changed before insert or update or delete on queues
  for each statement execute function settings_changed();
create trigger settings_changed before insert or update or delete on agents
  for each statement execute function settings_changed();
create trigger settings_changed before insert or update or delete on agent_aliases
  for each statement execute function settings_changed();

-- Makes the log's partitions from last month to three months ahead (UTC months of recorded_at); returns those made.
-- Created aside, then attached: attaching does not hold up readers, creating in place does.
create function ensure_partitions() returns text[]
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp set lock_timeout = '2s' set timezone = 'UTC'
as $$
declare
  this_month timestamp := date_trunc('month', clock_timestamp() at time zone 'UTC');
  month timestamp;
  partition text;
  made text[] := '{}';
begin
  perform pg_advisory_xact_lock(hashtextextended('callboard.partitions', 0));
  for month in select generate_series(this_month - interval '1 month', this_month + interval '3 months', '1 month') loop
    partition := 'call_events_' || to_char(month, 'YYYY_MM');
    continue when to_regclass('public.' || partition) is not null;
    execute format(
      'create table public.%I (like public.call_events including defaults including constraints including indexes)',
      partition
    );
    -- No grants and a closed door of its own: rows are reached through call_events and its policy only.
    execute format('alter table public.%I enable row level security, force row level security', partition);
    execute format('revoke all on public.%I from public, callboard_app', partition);
    execute format(
      'alter table public.call_events attach partition public.%I for values from (%L) to (%L)',
      partition, month::timestamptz, (month + interval '1 month')::timestamptz
    );
    made := made || partition;
  end loop;
  return made;
end
$$;

-- The only door into the log [L1]. One item: { key: 32 hex digits, kind, occurredAt: epoch ms, source, sourceKey,
-- sourceOrder, callId?, queue?, agent?, importId?, isPerson, body }. Answers what became of each, by 0-based index.
create function append_events(
  events jsonb,
  out accepted integer,
  out duplicates integer,
  -- Duplicates that contradict what is stored under their key: the stored event stays [L2].
  out conflicts integer[],
  out last_seq bigint,
  -- The number each item got; null for a duplicate.
  out seqs bigint[]
)
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
-- Plans are kept while tables grow from nothing to millions: only index lookups stay right at every size. One plan for
-- all: planning anew is a third of the time of a lone event.
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_bitmapscan = off
set enable_material = off set jit = off set plan_cache_mode = force_generic_plan
as $$
declare
  tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
  earlier text := nullif(current_setting('app.appended_tenant', true), '');
  head event_heads;
  now_recorded timestamptz;
  queue_ids text[];
  agent_ids text[];
begin
  if tenant is null then
    raise exception 'append_events: no tenant is set' using errcode = 'insufficient_privilege';
  end if;
  -- A second head lock in one transaction could deadlock with a transaction that takes them the other way round.
  if earlier <> tenant::text then
    raise exception 'append_events: one tenant a transaction' using errcode = 'invalid_transaction_state';
  end if;
  -- With an older snapshot than the lock, the keys committed meanwhile would not be seen.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'append_events: needs read committed' using errcode = 'invalid_transaction_state';
  end if;
  if jsonb_array_length(events) > 1000 then
    raise exception 'append_events: more than 1,000 events' using errcode = 'program_limit_exceeded';
  end if;
  perform set_config('app.appended_tenant', tenant::text, true);
  -- A node that freezes or vanishes within its transaction would keep every other writer of the tenant waiting.
  perform set_config('idle_in_transaction_session_timeout', '60s', true);

  -- (1) Always the first lock: writers of one tenant queue up here, so numbers are given in commit order.
  select * into head from event_heads where tenant_id = tenant for update;
  if not found then
    raise exception 'append_events: there is no tenant %', tenant using errcode = 'foreign_key_violation';
  end if;
  -- Never falls as seq rises, even when the clock steps back; whole ms, so that a cursor held in ms is exact.
  now_recorded := greatest(head.recorded_at, date_trunc('milliseconds', clock_timestamp()));

  -- (2) A statement of its own: its snapshot is taken after the wait for the lock.
  with item as materialized (
    select
      (given.place - 1)::integer as index, given.key, given.kind, given.occurred_ms, given.source,
      given.source_key, given.source_order, given.call_id, given.queue, given.agent, given.import_id,
      given.is_person, given.body,
      -- What the event says; where and by which import it was read is not part of it.
      substr(sha256(convert_to(concat(
        given.kind, e'\x1f', given.occurred_ms, e'\x1f', given.call_id, e'\x1f', given.queue, e'\x1f',
        given.agent, e'\x1f', given.body::text
      ), 'UTF8')), 1, 8) as digest
    from rows from (
      jsonb_to_recordset(events) as (
        key uuid, kind text, "occurredAt" bigint, source text, "sourceKey" text, "sourceOrder" bigint,
        "callId" text, queue text, agent text, "importId" uuid, "isPerson" boolean, body jsonb
      )
    ) with ordinality as given (
      key, kind, occurred_ms, source, source_key, source_order, call_id, queue, agent, import_id, is_person, body,
      place
    )
  ),
  judged as materialized (
    select
      item.*,
      known.seq is null and row_number() over same_key = 1 as is_new,
      coalesce(known.digest, first_value(item.digest) over same_key) as kept_digest
    from item
    -- The limit keeps this one index lookup an item; as a plain join it became one scan of all keys an item.
    left join lateral (
      select seq, digest from event_keys where tenant_id = tenant and event_keys.key = item.key limit 1
    ) known on true
    window same_key as (partition by item.key order by item.index)
  ),
  numbered as materialized (
    select judged.*, head.seq + count(*) filter (where is_new) over (order by index) as new_seq from judged
  ),
  keys_kept as (
    insert into event_keys (tenant_id, key, seq, digest)
      select tenant, key, new_seq, digest from numbered where is_new
  ),
  events_kept as (
    insert into call_events (
      tenant_id, seq, recorded_at, occurred_at, kind, source, source_key, source_order, call_id, queue_id, agent_id,
      import_id, body
    )
    select
      tenant, new_seq, now_recorded,
      -- Whole ms times whole µs is exact, below 2^53; a text or a fraction of seconds would be rounded somewhere.
      timestamptz 'epoch' + occurred_ms * interval '1 millisecond',
      kind, source, source_key, coalesce(source_order, 0), call_id, queue, agent, import_id, coalesce(body, '{}')
    from numbered where is_new order by new_seq
  )
  select
    count(*) filter (where is_new),
    count(*) filter (where not is_new),
    coalesce(array_agg(index order by index) filter (where not is_new and digest <> kept_digest), '{}'),
    coalesce(max(new_seq), head.seq),
    coalesce(array_agg(case when is_new then new_seq end order by index), '{}'),
    array_agg(distinct queue) filter (where is_new and queue is not null),
    array_agg(distinct agent) filter (where is_new and is_person and agent is not null)
  into accepted, duplicates, conflicts, last_seq, seqs, queue_ids, agent_ids
  from numbered;

  if accepted = 0 then
    return;
  end if;

  -- (3) First seen queues and agents, in id order, so that any two writers meet them in the same order. Looked for
  -- first: an insert that finds nothing new would still move settings.version.
  select array_agg(wanted order by wanted) into queue_ids from unnest(queue_ids) as wanted
    where not exists (select from queues where tenant_id = tenant and id = wanted);
  select array_agg(wanted order by wanted) into agent_ids from unnest(agent_ids) as wanted
    where not exists (select from agents where tenant_id = tenant and id = wanted)
      and not exists (select from agent_aliases where tenant_id = tenant and alias = wanted);
  if queue_ids is not null or agent_ids is not null then
    insert into sectors (tenant_id, id, name) values (tenant, 'unassigned', 'Unassigned') on conflict do nothing;
  end if;
  if queue_ids is not null then
    insert into queues (tenant_id, id, name)
      select tenant, fresh, fresh from unnest(queue_ids) as fresh on conflict do nothing;
  end if;
  if agent_ids is not null then
    insert into agents (tenant_id, id, name)
      select tenant, fresh, fresh from unnest(agent_ids) as fresh on conflict do nothing;
  end if;

  -- (4) The head, (5) one wake-up; the same payload twice in a transaction is sent once [L3].
  update event_heads set seq = last_seq, recorded_at = now_recorded where tenant_id = tenant;
  perform pg_notify('callboard_events', tenant::text);
end
$$;

revoke execute on all functions in schema public from public;
grant execute on function
  create_tenant(uuid, text, text, text), create_account(uuid, text, text, text), tenant_ids(), account_by_email(text),
  account_memberships(uuid), refresh_token_by_hash(bytea), api_key_by_hash(bytea), ensure_partitions(),
  append_events(jsonb)
  to callboard_app;

select ensure_partitions();
