-- What is done once for every local day of a tenant, and when it last began: a restart does not repeat it.
create table chores_done (
  tenant_id uuid not null references tenants (id) on delete cascade,
  name text not null,
  began_at timestamptz not null,
  primary key (tenant_id, name)
);
alter table chores_done enable row level security;
alter table chores_done force row level security;
create policy tenant on chores_done using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on chores_done to callboard_app;

-- When a day's importer health is to be recounted: at once where its facts have changed, or when a call of it becomes a ghost or
-- silent; null: by nothing but a change.
alter table history_days add column health_due_at timestamptz default '-infinity';

-- What is said beside figures is a few rows of the many of a year.
create index importer_health_warned_idx on importer_health (tenant_id, day)
  include (source, queue_id, kind, count, first_at, last_at) where kind not in ('events', 'visits', 'note', 'duplicate');
comment on index importer_health_warned_idx is 'warnings beside the figures of days';

-- By which zone and start of day roll-ups are keyed; '' where nobody has said so yet.
alter table projection_checkpoints add column calendar text not null default '';
