-- Who may see and do what [L10]. A query without a tenant sees nothing [S40]; nullif, because a pooled connection
-- keeps '' once a transaction has set the tenant.

do $$
declare
  owned text;
begin
  foreach owned in array array[
    'memberships', 'refresh_tokens', 'api_keys', 'settings', 'sectors', 'queues', 'agents', 'agent_aliases',
    'event_heads', 'call_events', 'event_keys', 'sources', 'imports', 'import_positions', 'ingest_rejections',
    'live_checkpoints'
  ] loop
    execute format('alter table %I enable row level security', owned);
    execute format('alter table %I force row level security', owned);
    execute format(
      'create policy tenant on %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)',
      owned
    );
  end loop;
end
$$;

-- Not forced on these two: they have no tenant_id, and the owner's functions (0002) read them before a tenant is known.
alter table tenants enable row level security;
create policy tenant on tenants using (id = nullif(current_setting('app.tenant_id', true), '')::uuid);

alter table accounts enable row level security;
-- The inner select is under the policy of memberships: an account is seen from a tenant it belongs to.
create policy member on accounts
  using (exists (select from memberships where memberships.account_id = accounts.id));

-- The owner's lookups (0002) may see exactly the row they were asked for, nothing else; only they act as the owner.
create policy lookup on memberships for select to current_role
  using (account_id = nullif(current_setting('app.lookup', true), '')::uuid);
create policy lookup on refresh_tokens for select to current_role
  using (hash = decode(nullif(current_setting('app.lookup', true), ''), 'hex'));
create policy lookup on api_keys for select to current_role
  using (hash = decode(nullif(current_setting('app.lookup', true), ''), 'hex'));

grant usage on schema public to callboard_app;
grant select, update, delete on tenants to callboard_app;
grant select, update on accounts to callboard_app;
grant select, insert, update, delete on
  memberships, refresh_tokens, api_keys, settings, sectors, queues, agents, agent_aliases, sources, imports,
  import_positions, ingest_rejections, live_checkpoints
  to callboard_app;
-- Read only: append_events is the one door into the log [L1]. Partitions get no grants, so no way around the policy.
grant select on event_heads, call_events, event_keys to callboard_app;
