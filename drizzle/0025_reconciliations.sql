-- Whether live, history and a recount of the log agree, day by day [R1]: see docs/reconciliation.md.

-- Moves whenever a fact of the day does: what was proven of it holds as long as it stands still. Begins with the clock, so
-- that a day that was forgotten and comes again is not taken for what it was.
alter table history_days
  add column revision bigint not null default floor(extract(epoch from clock_timestamp()) * 1000)::bigint;

create table reconciliations (
  tenant_id uuid not null references tenants (id) on delete cascade,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  -- Of history_days, when it was looked at.
  revision bigint not null,
  audited_at timestamptz not null,
  -- When the day's last visit ended or was closed [V10].
  settled_at timestamptz not null,
  -- The log up to here.
  seq bigint not null,
  visits bigint not null,
  -- How many figures were compared, how many of them differ, and the first of those.
  compared bigint not null,
  different bigint not null,
  differences jsonb not null,
  primary key (tenant_id, started_at)
);
create index reconciliations_different_idx on reconciliations (tenant_id, started_at) where different > 0;
comment on index reconciliations_different_idx is 'health: the days that do not agree';

alter table reconciliations enable row level security;
alter table reconciliations force row level security;
create policy tenant on reconciliations using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on reconciliations to callboard_app;
