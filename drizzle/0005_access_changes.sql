-- What ends or narrows somebody's access is told to every node at once, on a channel of its own [S13]. The payload is an
-- id and no more: everybody who listens can see it, and whoever hears it looks for himself what has become of it.
create function access_changed() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  whose text;
begin
  execute format('select ($1).%I::text', tg_argv[0]) into whose using old;
  perform pg_notify('callboard_access', whose);
  return null;
end
$$;
revoke execute on function access_changed() from public;

create trigger access_changed after update on accounts for each row
  when (old.disabled_at is distinct from new.disabled_at or old.password_hash <> new.password_hash)
  execute function access_changed('id');
create trigger access_changed after update or delete on memberships for each row
  execute function access_changed('account_id');
create trigger access_changed after update on refresh_tokens for each row
  when (old.revoked_at is null and new.revoked_at is not null)
  execute function access_changed('account_id');
create trigger access_changed after update on api_keys for each row
  when (old.revoked_at is null and new.revoked_at is not null)
  execute function access_changed('id');

-- What people recognise a session by.
alter table refresh_tokens add column started_at timestamptz not null default clock_timestamp();
alter table refresh_tokens add column user_agent text not null default '';
alter table refresh_tokens add column address text not null default '';

-- Ends an account's sessions in every tenant, but for one family: a password is the account's, not a membership's.
create function end_sessions(account uuid, kept uuid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  outer_tenant text := coalesce(current_setting('app.tenant_id', true), '');
  one uuid;
begin
  for one in select m.tenant_id from account_memberships(account) as m loop
    perform set_config('app.tenant_id', one::text, true);
    update refresh_tokens set revoked_at = clock_timestamp()
      where tenant_id = one and account_id = account and revoked_at is null and family_id is distinct from kept;
  end loop;
  perform set_config('app.tenant_id', outer_tenant, true);
end
$$;
revoke execute on function end_sessions(uuid, uuid) from public;
grant execute on function end_sessions(uuid, uuid) to callboard_app;
