-- Many call centres on one installation: who runs it, who is in several of them, and how one goes.

-- Runs the installation: makes, renames and deletes call centres. A member of none by that.
alter table accounts add column is_platform_owner boolean not null default false;
-- Where signing in leads: a hint, that call centre may be gone or closed to the account by now.
alter table accounts add column last_tenant_id uuid;
update accounts set is_platform_owner = true where id = (select id from accounts order by created_at, id limit 1);

drop trigger access_changed on accounts;
create trigger access_changed after update on accounts for each row
  when (
    old.disabled_at is distinct from new.disabled_at or old.password_hash <> new.password_hash
    or old.is_platform_owner <> new.is_platform_owner
  )
  execute function access_changed('id');

-- Whether the demo plays there. Null: nobody was asked yet; DEMO=on may begin in such a one while it is the only one.
alter table tenants add column plays_demo boolean;

-- Call centres that were deleted: what is left to be said of them, as all they had goes with them, their audit too.
-- Above tenancy, like accounts; only the functions below touch it.
create table tenant_deletions (
  id uuid primary key,
  name text not null,
  deleted_at timestamptz not null default clock_timestamp(),
  -- An e-mail address, as it was then.
  deleted_by text not null,
  -- When the last event of its log was removed.
  swept_at timestamptz
);
create index tenant_deletions_unswept_idx on tenant_deletions (deleted_at) where swept_at is null;
comment on index tenant_deletions_unswept_idx is 'sweep_tenant_logs: the oldest deletion whose log is still there';
alter table tenant_deletions enable row level security;

-- By delete_tenant alone.
revoke delete on tenants from callboard_app;

create function has_accounts() returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$ select exists (select from accounts) $$;

-- The one used last first.
create or replace function account_memberships(wanted uuid) returns table (tenant_id uuid, role text)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  perform set_config('app.lookup', wanted::text, true);
  return query
    select m.tenant_id, m.role from memberships m join accounts a on a.id = m.account_id
    where m.account_id = wanted order by m.tenant_id = a.last_tenant_id desc nulls last, m.created_at, m.tenant_id;
  perform set_config('app.lookup', '', true);
end
$$;

-- What an account may switch between.
create function account_tenants(wanted uuid) returns table (id uuid, name text)
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
  select t.id, t.name from account_memberships(wanted) m join tenants t on t.id = m.tenant_id order by t.name, t.id
$$;

-- As 0009 has it, but for owners: whoever is shown a link of theirs could enter every call centre, so they count as being in
-- several.
create or replace function start_password_reset(account uuid, maker uuid, reset_hash bytea, life_seconds integer)
returns integer
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  is_owner boolean;
begin
  select is_platform_owner into is_owner from accounts where id = account and disabled_at is null for update;
  if not found then
    return 0;
  end if;
  -- A few at once, as mail may be late; no more, as anybody may ask for them.
  delete from password_resets r where r.account_id = account and r.hash not in (
    select n.hash from password_resets n where n.account_id = account and n.expires_at > clock_timestamp()
    order by n.created_at desc limit 4);
  insert into password_resets (hash, account_id, made_by, expires_at)
    values (reset_hash, account, maker, clock_timestamp() + life_seconds * interval '1 second');
  return (select count(*) from account_memberships(account)) + case when is_owner then 1 else 0 end;
end
$$;

-- As 0009 has it, but for owners, who run the installation from outside of every call centre.
create or replace function forget_account(account uuid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  -- Whoever is just being let in elsewhere holds the row until that is done.
  perform from accounts where id = account and not is_platform_owner for update;
  if found and not exists (select from account_memberships(account)) then
    delete from accounts where id = account;
  end if;
end
$$;

-- Links that were shown to an administrator would open more than they were made for.
create trigger end_password_resets_of_owner after update on accounts for each row
  when (new.is_platform_owner and not old.is_platform_owner) execute function end_password_resets('id');

-- False where no account has that address.
create function make_platform_owner(wanted text) returns boolean
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
  with made as (
    update accounts set is_platform_owner = true where lower(email) = lower(wanted) and disabled_at is null returning id
  )
  select exists (select from made)
$$;

-- What a platform owner is told of every call centre: that it is there, how many people, and that it is alive.
create function platform_tenants()
returns table (id uuid, name text, slug text, created_at timestamptz, people integer, last_event_at timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
declare
  outer_tenant text := coalesce(current_setting('app.tenant_id', true), '');
  one tenants;
begin
  for one in select * from tenants order by name, id loop
    perform set_config('app.tenant_id', one.id::text, true);
    return query
      select one.id, one.name, one.slug, one.created_at,
        (select count(*)::integer from memberships m where m.tenant_id = one.id),
        (select h.recorded_at from event_heads h where h.tenant_id = one.id and h.seq > 0);
  end loop;
  perform set_config('app.tenant_id', outer_tenant, true);
end
$$;

create function free_slug(wanted text) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
  select slug from (
    select wanted as slug, 1 as place union all select wanted || '-' || n, n from generate_series(2, 1000) as n
  ) as offered
  where not exists (select from tenants t where t.slug = offered.slug) order by place limit 1
$$;

-- Where the demo plays (`is_marked`) or may begin; no row where it does not.
create function demo_tenant() returns table (id uuid, time_zone text, is_marked boolean)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
declare
  outer_tenant text := coalesce(current_setting('app.tenant_id', true), '');
  found_tenant uuid := coalesce(
    (select t.id from tenants t where t.plays_demo order by t.created_at, t.id limit 1),
    (select t.id from tenants t where t.plays_demo is null and (select count(*) from tenants) = 1)
  );
begin
  perform set_config('app.tenant_id', coalesce(found_tenant::text, ''), true);
  return query
    select s.tenant_id, s.time_zone, t.plays_demo is true from settings s join tenants t on t.id = s.tenant_id
    where s.tenant_id = found_tenant;
  perform set_config('app.tenant_id', outer_tenant, true);
end
$$;

-- Ends a call centre: its people, keys, sessions and all that has a foreign key to it go now, in one transaction, so
-- nobody comes in any more; its log follows by sweep_tenant_logs. Every node is told. False where there is none.
create function delete_tenant(tenant uuid, by_whom text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  outer_tenant text := coalesce(current_setting('app.tenant_id', true), '');
  members uuid[];
  one uuid;
  tenant_name text;
begin
  perform set_config('app.tenant_id', tenant::text, true);
  -- First, as every writer of the log does [L1]: who is appending finishes, who comes after finds no tenant.
  perform from event_heads where tenant_id = tenant for update;
  -- Then what every change of settings locks first: with the tenant's row locked before, one of the two would deadlock.
  perform from settings where tenant_id = tenant for update;
  select array_agg(account_id) into members from memberships where tenant_id = tenant;
  delete from tenants where id = tenant returning name into tenant_name;
  if tenant_name is not null then
    insert into tenant_deletions (id, name, deleted_by) values (tenant, tenant_name, by_whom);
    -- An account that is in no call centre opens nothing. Locked before it is looked at: whoever is just being let in
    -- elsewhere holds the row until that is done.
    for one in
      select id from accounts where id = any (members) and not is_platform_owner order by id for update
    loop
      if not exists (select from account_memberships(one)) then
        delete from accounts where id = one;
      end if;
    end loop;
    perform pg_notify('callboard_tenants', tenant::text);
  end if;
  perform set_config('app.tenant_id', outer_tenant, true);
  return tenant_name is not null;
end
$$;

-- Removes so many events, and as many keys, of a call centre that was deleted. Answers how many rows went; 0 when one is
-- done with; null when there is nothing to do, or another node is at it.
create function sweep_tenant_logs(most integer) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  outer_tenant text := coalesce(current_setting('app.tenant_id', true), '');
  gone uuid;
  first_seq bigint;
  events integer;
  keys integer;
begin
  select id into gone from tenant_deletions where swept_at is null order by deleted_at limit 1 for update skip locked;
  if not found then
    return null;
  end if;
  perform set_config('app.tenant_id', gone::text, true);
  select min(seq) into first_seq from call_events where tenant_id = gone;
  delete from call_events where tenant_id = gone and seq >= first_seq and seq < first_seq + most;
  get diagnostics events = row_count;
  delete from event_keys where ctid = any (array(select ctid from event_keys where tenant_id = gone limit most));
  get diagnostics keys = row_count;
  if events + keys = 0 then
    update tenant_deletions set swept_at = clock_timestamp() where id = gone;
  end if;
  perform set_config('app.tenant_id', outer_tenant, true);
  return events + keys;
end
$$;

revoke execute on function
  has_accounts(), account_memberships(uuid), account_tenants(uuid), make_platform_owner(text), platform_tenants(),
  free_slug(text), demo_tenant(), delete_tenant(uuid, text), sweep_tenant_logs(integer)
  from public;
grant execute on function
  has_accounts(), account_memberships(uuid), account_tenants(uuid), make_platform_owner(text), platform_tenants(),
  free_slug(text), demo_tenant(), delete_tenant(uuid, text), sweep_tenant_logs(integer)
  to callboard_app;
