-- What somebody did or was refused: who, what, before and after, from where. The runtime role adds and reads rows; there
-- is no way for it to change or remove one.
create table analytics_audit_log (
  tenant_id uuid not null references tenants (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  occurred_at timestamptz not null default clock_timestamp(),
  -- Names are kept as they were then: who did something is still known when the account is gone.
  actor_kind text not null check (actor_kind in ('account', 'key', 'screen', 'system', 'stranger')),
  actor_id text,
  actor_name text not null,
  action text not null,
  subject_id text,
  subject_name text,
  before jsonb,
  after jsonb,
  address text,
  request_id text,
  primary key (tenant_id, id)
);
create index analytics_audit_log_occurred_idx on analytics_audit_log (tenant_id, occurred_at, id);
comment on index analytics_audit_log_occurred_idx is 'the audit page and its export: the latest first, a page at a time';
create index analytics_audit_log_action_idx on analytics_audit_log (tenant_id, action, occurred_at, id);
comment on index analytics_audit_log_action_idx is 'the audit page filtered by what was done';
create index analytics_audit_log_actor_idx on analytics_audit_log (tenant_id, actor_id, occurred_at, id);
comment on index analytics_audit_log_actor_idx is 'the audit page filtered by who did it';

alter table analytics_audit_log enable row level security;
alter table analytics_audit_log force row level security;
create policy tenant on analytics_audit_log
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert on analytics_audit_log to callboard_app;

-- With the key's name, for the audit.
drop function api_key_by_hash(bytea);
create function api_key_by_hash(wanted bytea)
returns table (tenant_id uuid, id uuid, name text, scopes text[], expires_at timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  perform set_config('app.lookup', encode(wanted, 'hex'), true);
  return query
    select k.tenant_id, k.id, k.name, k.scopes, k.expires_at from api_keys k
    where k.hash = wanted and k.revoked_at is null and (k.expires_at is null or k.expires_at > clock_timestamp());
  perform set_config('app.lookup', '', true);
end
$$;
revoke execute on function api_key_by_hash(bytea) from public;
grant execute on function api_key_by_hash(bytea) to callboard_app;
