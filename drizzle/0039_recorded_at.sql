-- append_events says when it recorded what it accepted: whoever called it then knows the whole event as the log has it, and
-- live on the same node need not read it back. Otherwise as in 0002.
drop function append_events(jsonb);
create function append_events(
  events jsonb,
  out accepted integer,
  out duplicates integer,
  -- Duplicates that contradict what is stored under their key: the stored event stays [L2].
  out conflicts integer[],
  out last_seq bigint,
  -- The number each item got; null for a duplicate.
  out seqs bigint[],
  -- When the accepted were recorded; null where nothing was.
  out recorded_at timestamptz
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
  if queue_ids is not null then
    select array_agg(wanted order by wanted) into queue_ids from unnest(queue_ids) as wanted
      where not exists (select from queues where tenant_id = tenant and id = wanted);
  end if;
  if agent_ids is not null then
    select array_agg(wanted order by wanted) into agent_ids from unnest(agent_ids) as wanted
      where not exists (select from agents where tenant_id = tenant and id = wanted)
        and not exists (select from agent_aliases where tenant_id = tenant and alias = wanted);
  end if;
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

  recorded_at := now_recorded;
  -- (4) The head, (5) one wake-up; the same payload twice in a transaction is sent once [L3].
  update event_heads set seq = last_seq, recorded_at = now_recorded where tenant_id = tenant;
  perform pg_notify('callboard_events', tenant::text);
end
$$;

revoke execute on function append_events(jsonb) from public;
grant execute on function append_events(jsonb) to callboard_app;
