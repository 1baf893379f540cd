-- History: facts of the log and what they add up to. Written by the projector alone (server/history), recomputed and never
-- incremented [L11]. None of it has a foreign key: a tenant has millions of rows, and what was heard stays whatever is
-- configured; `identity` is an agent's, see shared/live/identity.ts.

-- How far the log has been taken in, moved by compare-and-set in the transaction that writes the facts.
create table projection_checkpoints (
  tenant_id uuid primary key references tenants (id) on delete cascade,
  seq bigint not null default 0,
  recorded_at timestamptz not null default 'epoch',
  -- Moves whenever a roll-up does: what is kept of them elsewhere holds as long as it stands still.
  version bigint not null default 0,
  -- The thresholds every roll-up is stamped with; while they are not those in force, roll-ups are being recounted.
  stamped text not null default '',
  updated_at timestamptz not null default clock_timestamp()
);

-- The tenant's local days that have been folded, and under which settings; a stale one is folded again.
create table history_days (
  tenant_id uuid not null references tenants (id) on delete cascade,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  -- Fingerprint of the settings that events are folded by.
  fold text not null,
  stale_since timestamptz,
  primary key (tenant_id, started_at)
);
create index history_days_stale_idx on history_days (tenant_id, stale_since) where stale_since is not null;
comment on index history_days_stale_idx is 'the days to fold again';

-- One stay of one call in one queue, or (nth below 0) its being turned away at the door.
create table queue_visits (
  tenant_id uuid not null,
  entered_at timestamptz not null,
  call_id text not null,
  nth integer not null,
  queue_id text not null,
  source text not null,
  caller text,
  origin text not null,
  outcome text not null,
  position integer,
  -- The answer, or leaving.
  settled_at timestamptz,
  wait_ms bigint not null,
  identity text,
  ended_at timestamptz,
  talk_ms bigint,
  hold_ms bigint,
  wrap_up_ms bigint,
  -- When its handling was over, or will be by itself.
  handled_at timestamptz,
  is_transferred boolean not null,
  is_completed boolean not null,
  is_inferred boolean not null,
  is_called_back boolean not null,
  -- The queue its call entered within 60 s of leaving this one [T6].
  continued_to text,
  -- Other queues its call had entered before on the same local day, in order, each once: calls count once [T5].
  earlier_queues text[] not null,
  primary key (tenant_id, entered_at, call_id, nth)
);
create index queue_visits_queue_idx on queue_visits (tenant_id, queue_id, entered_at);
comment on index queue_visits_queue_idx is 'roll-up of a queue''s interval; the visits of a queue';
create index queue_visits_call_idx on queue_visits (tenant_id, call_id);
comment on index queue_visits_call_idx is 'the visits of a call; replacing its facts';

-- What one agent had to do with one call: an answered leg, a ring he missed, an outbound call.
create table agent_metrics (
  tenant_id uuid not null,
  identity text not null,
  -- The instant that decides where it counts: when the visit entered [T2], when the ring ended, when the call ended.
  counted_at timestamptz not null,
  call_id text not null,
  kind text not null check (kind in ('answered', 'missed', 'outbound')),
  nth integer not null,
  queue_id text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  wait_ms bigint,
  talk_ms bigint,
  hold_ms bigint,
  wrap_up_ms bigint,
  handled_at timestamptz,
  is_transferred boolean not null,
  is_completed boolean not null,
  primary key (tenant_id, identity, counted_at, call_id, kind, nth)
);
create index agent_metrics_call_idx on agent_metrics (tenant_id, call_id);
comment on index agent_metrics_call_idx is 'who had to do with a call; replacing its facts';
create index agent_metrics_queue_idx on agent_metrics (tenant_id, queue_id, counted_at) where kind = 'missed';
comment on index agent_metrics_queue_idx is 'roll-up of a queue''s interval: the rings nobody took';

-- An agent's timeline, cut at every quarter of an hour; time offline has no rows. The last piece may still run.
create table agent_intervals (
  tenant_id uuid not null,
  identity text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  state text not null,
  -- Of a pause; `inbound` or `outbound` of a talk.
  reason text,
  call_id text,
  -- The queues served then, in order.
  queues text[] not null,
  primary key (tenant_id, identity, started_at)
);
create index agent_intervals_started_idx on agent_intervals (tenant_id, started_at);
comment on index agent_intervals_started_idx is 'roll-up of an interval: how all agents spent it';
create index agent_intervals_open_idx on agent_intervals (tenant_id, started_at) where ended_at is null;
comment on index agent_intervals_open_idx is 'the pieces to cut when an interval ends';

-- Every name an agent was called by, and how well it names a person: 0 in an answer, 1 in another event of a call, 2 in one
-- of his own, 9 a membership's interface.
create table agent_names (
  tenant_id uuid not null,
  name text not null,
  rank integer not null,
  primary key (tenant_id, name)
);

-- What has to be recomputed, from `due_at` on. Written with the facts, deleted in the transaction that recomputes.
create table dirty_buckets (
  tenant_id uuid not null,
  kind text not null check (kind in ('queue', 'team', 'agent')),
  -- The start of an interval, or for an agent of a local day.
  bucket timestamptz not null,
  -- A queue, an agent's identity, or '' for the teams of an interval.
  id text not null,
  due_at timestamptz not null default '-infinity',
  primary key (tenant_id, kind, bucket, id)
);
create index dirty_buckets_due_idx on dirty_buckets (tenant_id, due_at);
comment on index dirty_buckets_due_idx is 'the next buckets to recompute';

-- One queue, or with id '' all of them, in one interval, hour, local day or local month; keyed by its first instant.
create table performance_trends (
  tenant_id uuid not null,
  grain text not null check (grain in ('interval', 'hour', 'day', 'month')),
  bucket timestamptz not null,
  queue_id text not null,
  offered bigint not null,
  refused bigint not null,
  answered bigint not null,
  handled bigint not null,
  abandoned bigint not null,
  timed_out bigint not null,
  no_agents bigint not null,
  key_exits bigint not null,
  callbacks bigint not null,
  overflowed bigint not null,
  withdrawn bigint not null,
  lost bigint not null,
  open bigint not null,
  transferred bigint not null,
  completed bigint not null,
  missed_rings bigint not null,
  -- Visits of origin callback among them, outside rates [V11].
  callback_offered bigint not null,
  callback_answered bigint not null,
  callback_abandoned bigint not null,
  callback_unsettled bigint not null,
  answered_wait_ms bigint not null,
  abandoned_wait_ms bigint not null,
  talk_ms bigint not null,
  hold_ms bigint not null,
  hold_known bigint not null,
  wrap_up_ms bigint not null,
  max_wait_ms bigint not null,
  max_answered_wait_ms bigint not null,
  -- Verdicts [SL0] under these thresholds; null where its queues have several.
  threshold_seconds integer,
  short_abandon_seconds integer,
  met bigint not null,
  missed bigint not null,
  abandoned_within bigint not null,
  short bigint not null,
  short_within bigint not null,
  callback_within bigint not null,
  other_within bigint not null,
  flow_outs bigint not null,
  -- Waits by whole second (shared/metrics/packedWaits.ts); several one after the other are their sum.
  answered_waits bytea not null,
  abandoned_waits bytea not null,
  callback_waits bytea not null,
  other_waits bytea not null,
  -- How many of the offered had entered exactly these other queues, or this one, before that day [T5].
  repeats jsonb not null,
  -- Visits that still wait, talk or are wrapped up: until there is none the bucket is partial [T2].
  unsettled bigint not null,
  primary key (tenant_id, grain, queue_id, bucket)
);
create index performance_trends_bucket_idx on performance_trends (tenant_id, grain, bucket);
comment on index performance_trends_bucket_idx is 'all queues of a range of buckets: sectors, filters of many queues';

-- How the agents who served exactly these queues spent a bucket of time; an agent is in one team at a time, so that those of
-- several queues count once [T5].
create table team_trends (
  tenant_id uuid not null,
  grain text not null check (grain in ('interval', 'hour', 'day', 'month')),
  bucket timestamptz not null,
  queues text[] not null,
  talking_ms bigint not null,
  outbound_ms bigint not null,
  hold_ms bigint not null,
  ringing_ms bigint not null,
  wrap_up_ms bigint not null,
  paused_ms bigint not null,
  available_ms bigint not null,
  primary key (tenant_id, grain, bucket, queues)
);

-- One agent's day or month in one queue, or with queue_id '' altogether; only that row has how he spent his time.
create table agent_trends (
  tenant_id uuid not null,
  grain text not null check (grain in ('day', 'month')),
  bucket timestamptz not null,
  identity text not null,
  queue_id text not null,
  answered bigint not null,
  handled bigint not null,
  transferred bigint not null,
  completed bigint not null,
  missed_rings bigint not null,
  outbound bigint not null,
  answered_wait_ms bigint not null,
  talk_ms bigint not null,
  hold_ms bigint not null,
  hold_known bigint not null,
  wrap_up_ms bigint not null,
  state_talking_ms bigint not null default 0,
  state_outbound_ms bigint not null default 0,
  state_hold_ms bigint not null default 0,
  state_ringing_ms bigint not null default 0,
  state_wrap_up_ms bigint not null default 0,
  state_paused_ms bigint not null default 0,
  state_available_ms bigint not null default 0,
  first_signed_in_at timestamptz,
  last_signed_in_at timestamptz,
  primary key (tenant_id, grain, queue_id, bucket, identity)
);
create index agent_trends_agent_idx on agent_trends (tenant_id, identity, grain, bucket);
comment on index agent_trends_agent_idx is 'one agent''s days and months; the days a month adds up';

do $$
declare
  owned text;
begin
  foreach owned in array array[
    'projection_checkpoints', 'history_days', 'queue_visits', 'agent_metrics', 'agent_intervals', 'agent_names',
    'dirty_buckets', 'performance_trends', 'team_trends', 'agent_trends'
  ] loop
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
