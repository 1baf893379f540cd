-- Searching visits by anything that is written on them, newest first, and what is known of how well sources tell.

-- The last four digits, which is what people read off a display; of a number kept as a hash, those beside it.
alter table queue_visits add column caller_digits text
  generated always as (nullif(right(regexp_replace(caller, '^.*…|\D', '', 'g'), 4), '')) stored;

-- Each ends as the list is sorted, so that a page is the first rows of an index, and holds what other filters look at,
-- so that most rows are passed over without being fetched.
drop index queue_visits_queue_idx;
create index queue_visits_queue_idx on queue_visits (tenant_id, queue_id, entered_at, call_id, nth)
  include (outcome, wait_ms);
comment on index queue_visits_queue_idx is 'roll-up of a queue''s interval; calls: the visits of a queue';
create index queue_visits_outcome_idx on queue_visits (tenant_id, outcome, entered_at, call_id, nth)
  include (queue_id, wait_ms) where outcome <> 'answered';
comment on index queue_visits_outcome_idx is 'calls: visits that ended in one of the rarer ways';
create index queue_visits_agent_idx on queue_visits (tenant_id, identity, entered_at, call_id, nth)
  include (queue_id, wait_ms, talk_ms) where identity is not null;
comment on index queue_visits_agent_idx is 'calls: the visits an agent answered';
create index queue_visits_caller_idx on queue_visits (tenant_id, caller, entered_at) where caller is not null;
comment on index queue_visits_caller_idx is 'calls: the visits of a caller';
create index queue_visits_digits_idx on queue_visits (tenant_id, caller_digits, entered_at)
  where caller_digits is not null;
comment on index queue_visits_digits_idx is 'calls: the visits of callers by their last four digits';
-- Waits below a minute and talks of ordinary length are found soon enough by going back from the newest.
create index queue_visits_wait_idx on queue_visits (tenant_id, wait_ms, entered_at, call_id, nth)
  include (queue_id, outcome) where wait_ms >= 60000;
comment on index queue_visits_wait_idx is 'calls: long waits';
create index queue_visits_talk_idx on queue_visits (tenant_id, talk_ms, entered_at, call_id, nth)
  include (queue_id, outcome) where talk_ms < 10000 or talk_ms >= 600000;
comment on index queue_visits_talk_idx is 'calls: very short and very long talks';

-- Which of them serves depends on how rare a wait is; the hundred steps that are kept by default say nothing of the rarest.
alter table queue_visits alter column wait_ms set statistics 500, alter column talk_ms set statistics 500;

-- How well a source told of one local day: so many of a kind, when first and last, and one of them. With queue_id '' it
-- concerns the source as a whole. Recounted from log and facts, never incremented.
create table importer_health (
  tenant_id uuid not null references tenants (id) on delete cascade,
  day date not null,
  source text not null,
  queue_id text not null default '',
  kind text not null,
  count bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  example text,
  primary key (tenant_id, day, source, queue_id, kind)
);

-- What only ingest sees, since it leaves no event: repeats of known events and warnings, by the quarter of an hour (UTC)
-- in which they came. Imports of whole files count for themselves (imports).
create table ingest_counts (
  tenant_id uuid not null references tenants (id) on delete cascade,
  bucket timestamptz not null,
  source text not null,
  kind text not null check (kind in ('duplicate', 'warning')),
  count bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (tenant_id, bucket, source, kind)
);

do $$
declare
  owned text;
begin
  foreach owned in array array['importer_health', 'ingest_counts'] loop
    execute format('alter table %I enable row level security', owned);
    execute format('alter table %I force row level security', owned);
    execute format(
      'create policy tenant on %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)',
      owned
    );
    execute format('grant select, insert, update, delete on %I to callboard_app', owned);
  end loop;
end
$$;
