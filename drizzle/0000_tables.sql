-- Every table Callboard starts with. Tenant first in every key [L10]; row security is 0001, functions are 0002.
-- The migrator runs this as the owner; the runtime role callboard_app exists before (server/db/roles.ts).

-- Tenants and accounts stand above tenancy: they have no tenant_id, the rest has.
create table tenants (
  id uuid primary key,
  name text not null,
  slug text not null unique,
  created_at timestamptz not null default clock_timestamp()
);

create table accounts (
  id uuid primary key,
  email text not null,
  name text not null,
  password_hash text not null,
  created_at timestamptz not null default clock_timestamp(),
  password_changed_at timestamptz not null default clock_timestamp(),
  disabled_at timestamptz
);
create unique index accounts_email_idx on accounts (lower(email));
comment on index accounts_email_idx is 'account_by_email: sign-in finds the account whatever the case typed';

-- Who may use a tenant. An empty list of sectors means all of them.
create table memberships (
  tenant_id uuid not null references tenants (id) on delete cascade,
  account_id uuid not null references accounts (id) on delete cascade,
  role text not null check (role in ('admin', 'manager', 'supervisor', 'viewer')),
  sectors text[] not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, account_id)
);
create index memberships_account_idx on memberships (account_id);
comment on index memberships_account_idx is 'account_memberships: the tenants an account may enter; row security of accounts';

-- Opaque refresh tokens, only their hash. Tokens rotated from one sign-in are one family, revoked together [S11].
create table refresh_tokens (
  tenant_id uuid not null,
  id uuid not null,
  family_id uuid not null,
  account_id uuid not null,
  hash bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references memberships (tenant_id, account_id) on delete cascade
);
create index refresh_tokens_hash_idx on refresh_tokens (hash);
comment on index refresh_tokens_hash_idx is 'refresh_token_by_hash: the token a cookie names, before its tenant is known';
create index refresh_tokens_family_idx on refresh_tokens (tenant_id, family_id);
comment on index refresh_tokens_family_idx is 'revoking a family whose token came back used [S11]';
create index refresh_tokens_account_idx on refresh_tokens (tenant_id, account_id);
comment on index refresh_tokens_account_idx is 'revoking an account''s sessions; the membership''s foreign key';
create index refresh_tokens_expires_idx on refresh_tokens (tenant_id, expires_at);
comment on index refresh_tokens_expires_idx is 'deleting what has expired';

create table api_keys (
  tenant_id uuid not null references tenants (id) on delete cascade,
  id uuid not null,
  name text not null,
  -- The first characters of the key, so that people recognise it; the rest is only kept as a hash.
  prefix text not null,
  hash bytea not null,
  scopes text[] not null,
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, created_by) references memberships (tenant_id, account_id) on delete set null (created_by)
);
create index api_keys_hash_idx on api_keys (hash);
comment on index api_keys_hash_idx is 'api_key_by_hash: the key a request presents, before its tenant is known';
create index api_keys_created_by_idx on api_keys (tenant_id, created_by);
comment on index api_keys_created_by_idx is 'the foreign key to the membership that made it';

-- What a tenant decides about itself; columns as LiveSettings in shared/contract/settings.ts.
create table settings (
  tenant_id uuid primary key references tenants (id) on delete cascade,
  -- Grows with every change to settings, sectors, queues, agents and aliases: live state reloads when it moved.
  version bigint not null default 1,
  time_zone text not null default 'UTC',
  week_start integer not null default 1 check (week_start between 1 and 7),
  day_start_minutes integer not null default 0 check (day_start_minutes between 0 and 1439),
  definition text not null default 'standard',
  genesys_abandons_out boolean not null default false,
  genesys_short_abandons_in boolean not null default false,
  genesys_flow_outs_in boolean not null default false,
  threshold_seconds integer not null default 20 check (threshold_seconds >= 0),
  short_abandon_seconds integer not null default 5 check (short_abandon_seconds >= 0),
  wrap_up_seconds integer not null default 0 check (wrap_up_seconds >= 0),
  max_wait_seconds integer not null default 7200 check (max_wait_seconds > 0),
  minimum_sample integer not null default 10 check (minimum_sample >= 0),
  agent_unheard_hours integer not null default 24 check (agent_unheard_hours > 0),
  source_silent_seconds integer not null default 900 check (source_silent_seconds > 0),
  caller_privacy text not null default 'hashed' check (caller_privacy in ('hashed', 'clear')),
  -- Secret of the tenant's HMAC over caller numbers: the same caller is recognised, the number is not kept.
  caller_key bytea not null
);

create table sectors (
  tenant_id uuid not null references tenants (id) on delete cascade,
  id text not null,
  name text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id)
);

-- Null means: as the tenant's settings say.
create table queues (
  tenant_id uuid not null references tenants (id) on delete cascade,
  id text not null,
  name text not null,
  sector_id text not null default 'unassigned',
  threshold_seconds integer check (threshold_seconds >= 0),
  short_abandon_seconds integer check (short_abandon_seconds >= 0),
  wrap_up_seconds integer check (wrap_up_seconds >= 0),
  max_wait_seconds integer check (max_wait_seconds > 0),
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, sector_id) references sectors (tenant_id, id)
);
create index queues_sector_idx on queues (tenant_id, sector_id);
comment on index queues_sector_idx is 'the queues of a sector; the foreign key to sectors';

create table agents (
  tenant_id uuid not null references tenants (id) on delete cascade,
  id text not null,
  name text not null,
  sector_id text not null default 'unassigned',
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, sector_id) references sectors (tenant_id, id)
);
create index agents_sector_idx on agents (tenant_id, sector_id);
comment on index agents_sector_idx is 'the agents of a sector; the foreign key to sectors';

-- Other names of one agent, concluded by an importer or set by hand; a name set by hand is never overruled.
create table agent_aliases (
  tenant_id uuid not null references tenants (id) on delete cascade,
  alias text not null,
  agent_id text not null,
  origin text not null check (origin in ('inferred', 'manual')),
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, alias),
  foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete cascade
);
create index agent_aliases_agent_idx on agent_aliases (tenant_id, agent_id);
comment on index agent_aliases_agent_idx is 'the names of an agent; the foreign key to agents';

-- Where a tenant's numbering stands. Locked first by every append_events [L1]; updated in place, hence the room.
create table event_heads (
  tenant_id uuid primary key references tenants (id) on delete cascade,
  seq bigint not null default 0,
  recorded_at timestamptz not null default date_trunc('milliseconds', clock_timestamp())
) with (fillfactor = 50);

-- The log [L1]. Written by append_events alone; no foreign keys, because what was heard is kept whatever is configured.
create table call_events (
  tenant_id uuid not null,
  seq bigint not null,
  recorded_at timestamptz not null,
  occurred_at timestamptz not null,
  kind text not null,
  source text not null,
  source_key text not null,
  source_order bigint not null,
  call_id text,
  queue_id text,
  agent_id text,
  import_id uuid,
  body jsonb not null,
  primary key (tenant_id, seq, recorded_at)
) partition by range (recorded_at);
create index call_events_call_idx on call_events (tenant_id, call_id);
comment on index call_events_call_idx is 'refold of a call [L15]: every event of these call ids';
create index call_events_agent_idx on call_events (tenant_id, agent_id, occurred_at);
comment on index call_events_agent_idx is 'refold of an agent [L15]: the events naming these agents since an instant';
create index call_events_occurred_idx on call_events (tenant_id, occurred_at);
comment on index call_events_occurred_idx is 'answers as of an instant [L14]: events between two instants';
create index call_events_restart_idx on call_events (tenant_id, occurred_at) where kind = 'source.restarted';
comment on index call_events_restart_idx is 'refold [L15]: the few restarts of a source, which touch every call';

-- Idempotency [L2]: one row an event, kept as long as its event. The digest tells a repeat from a contradiction.
create table event_keys (
  tenant_id uuid not null,
  key uuid not null,
  seq bigint not null,
  digest bytea not null,
  primary key (tenant_id, key)
);

-- What a source is called and the namespace its ids get, so that two PBXs can share a tenant.
create table sources (
  tenant_id uuid not null references tenants (id) on delete cascade,
  id text not null,
  namespace text not null default '',
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id)
);

create table imports (
  tenant_id uuid not null references tenants (id) on delete cascade,
  id uuid not null,
  source text not null,
  name text not null,
  state text not null default 'running' check (state in ('running', 'done', 'failed')),
  lines bigint not null default 0,
  accepted bigint not null default 0,
  duplicates bigint not null default 0,
  rejected bigint not null default 0,
  warnings bigint not null default 0,
  last_seq bigint not null default 0,
  error text,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  primary key (tenant_id, id)
);
create index imports_started_idx on imports (tenant_id, started_at);
comment on index imports_started_idx is 'the latest imports of a tenant';

-- How far a followed file has been read: where to go on after a restart, and how to recognise the file.
create table import_positions (
  tenant_id uuid not null references tenants (id) on delete cascade,
  source text not null,
  path text not null,
  inode text not null,
  byte_offset bigint not null,
  line bigint not null,
  fingerprint text not null,
  state jsonb not null default '{}',
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, source, path)
);

-- What could not be taken in, whole, with its reason: nothing is dropped silently.
create table ingest_rejections (
  tenant_id uuid not null references tenants (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  import_id uuid,
  source text not null,
  index integer,
  line bigint,
  field text not null,
  message text not null,
  raw text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, import_id) references imports (tenant_id, id) on delete cascade
);
create index ingest_rejections_created_idx on ingest_rejections (tenant_id, created_at);
comment on index ingest_rejections_created_idx is 'the latest rejections of a tenant; deleting the oldest';
create index ingest_rejections_import_idx on ingest_rejections (tenant_id, import_id, line);
comment on index ingest_rejections_import_idx is 'the rejected lines of an import in file order; the foreign key to imports';

-- Live state saved in chunks [L14]; whole once count(*) = chunks for its (state_version, seq).
create table live_checkpoints (
  tenant_id uuid not null references tenants (id) on delete cascade,
  state_version text not null,
  seq bigint not null,
  chunk integer not null,
  chunks integer not null,
  body text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, state_version, seq, chunk)
);
