-- What everybody did in all queues together is read from an index alone, where the rows of a month lie together: in the table each of
-- them is on a page of its own, for it was written with its agent's.
create index agent_trends_all_idx on agent_trends (tenant_id, grain, bucket, identity)
  include (answered, handled, transferred, completed, missed_rings, outbound, callback_answered, answered_wait_ms, talk_ms, hold_ms,
    hold_known, wrap_up_ms, state_talking_ms, state_outbound_ms, state_hold_ms, state_ringing_ms, state_wrap_up_ms, state_paused_ms,
    state_available_ms, state_closed_ms, first_signed_in_at, last_signed_in_at)
  where queue_id = '';
comment on index agent_trends_all_idx is 'what everybody did in a range of buckets';

-- Of every queue's row, how many of its visits belong to calls that had been in that queue before, or in any of its sector [T5]; and
-- of its first contacts [H4], by the day within which the caller called again, packed like waits (server/history/rollUps/repeatsWithin.ts).
-- The lists they are sums of tell it of any queues, but those of a year are long.
alter table performance_trends
  add column repeats_in_queue bigint not null default 0,
  add column repeats_in_sector bigint not null default 0,
  add column contact_repeats_in_queue bytea not null default '',
  add column contact_repeats_in_sector bytea not null default '';

-- The rows there are belong to every tenant, and whoever owns the tables is bound by their row security, too.
alter table performance_trends no force row level security;
alter table queues no force row level security;
with entry as (
  -- Day 0: a visit.
  select t.tenant_id, t.grain, t.queue_id, t.bucket, e -> 0 as earlier, 0 as day, (e ->> 1)::bigint as calls
  from performance_trends t, jsonb_array_elements(t.repeats) e where t.queue_id <> ''
  union all
  select t.tenant_id, t.grain, t.queue_id, t.bucket, e -> 0, (e ->> 1)::integer, (e ->> 2)::bigint
  from performance_trends t, jsonb_array_elements(t.contact_repeats) e where t.queue_id <> ''
), summed as (
  select tenant_id, grain, queue_id, bucket, day, scope, sum(calls)::bigint as calls
  from entry
  cross join lateral (
    select 'queue' as scope where earlier ? queue_id
    union all
    select 'sector' where exists (
      select from queues own join queues other on other.tenant_id = own.tenant_id and other.sector_id = own.sector_id
      where own.tenant_id = entry.tenant_id and own.id = entry.queue_id and earlier ? other.id
    )
  ) as meant
  group by tenant_id, grain, queue_id, bucket, day, scope
), packed as (
  -- The day, and the calls as a varint.
  select summed.*, decode(lpad(to_hex(day), 2, '0') || (
    select string_agg(lpad(to_hex(calls >> 7 * place & 127 | case when calls >> 7 * (place + 1) > 0 then 128 else 0 end), 2, '0'), ''
      order by place)
    from generate_series(0, 7) place where place = 0 or calls >> 7 * place > 0
  ), 'hex') as bytes
  from summed
), told as (
  select tenant_id, grain, queue_id, bucket,
    coalesce(sum(calls) filter (where day = 0 and scope = 'queue'), 0) as in_queue,
    coalesce(sum(calls) filter (where day = 0 and scope = 'sector'), 0) as in_sector,
    coalesce(string_agg(bytes, '' order by day) filter (where day > 0 and scope = 'queue'), '') as contacts_in_queue,
    coalesce(string_agg(bytes, '' order by day) filter (where day > 0 and scope = 'sector'), '') as contacts_in_sector
  from packed group by tenant_id, grain, queue_id, bucket
)
update performance_trends t
set repeats_in_queue = in_queue, repeats_in_sector = in_sector, contact_repeats_in_queue = contacts_in_queue,
  contact_repeats_in_sector = contacts_in_sector
from told
where t.tenant_id = told.tenant_id and t.grain = told.grain and t.queue_id = told.queue_id and t.bucket = told.bucket;
alter table queues force row level security;
alter table performance_trends force row level security;
