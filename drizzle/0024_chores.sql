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
