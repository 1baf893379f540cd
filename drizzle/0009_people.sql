-- How people come into a tenant, and back into an account whose password they have forgotten. Of both kinds of links only
-- the hash of the token is kept.
create table invitations (
  tenant_id uuid not null references tenants (id) on delete cascade,
  id uuid not null,
  email text not null,
  name text not null,
  role text not null check (role in ('admin', 'manager', 'supervisor', 'viewer')),
  sectors text[] not null default '{}',
  hash bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, created_by) references memberships (tenant_id, account_id) on delete set null (created_by)
);
create index invitations_hash_idx on invitations (hash);
comment on index invitations_hash_idx is 'invitation_by_hash: the invitation a link names, before its tenant is known';
create unique index invitations_open_idx on invitations (tenant_id, lower(email))
  where accepted_at is null and revoked_at is null;
comment on index invitations_open_idx is 'the open invitations of a tenant, one an address';
create index invitations_created_by_idx on invitations (tenant_id, created_by);
comment on index invitations_created_by_idx is 'the foreign key to the membership that made it';

alter table invitations enable row level security;
alter table invitations force row level security;
create policy tenant on invitations using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy lookup on invitations for select to current_role
  using (hash = decode(nullif(current_setting('app.lookup', true), ''), 'hex'));
grant select, insert, update, delete on invitations to callboard_app;

-- Only one that can still be accepted.
create function invitation_by_hash(wanted bytea) returns table (tenant_id uuid, id uuid)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  perform set_config('app.lookup', encode(wanted, 'hex'), true);
  return query
    select i.tenant_id, i.id from invitations i
    where i.hash = wanted and i.accepted_at is null and i.revoked_at is null and i.expires_at > clock_timestamp();
  perform set_config('app.lookup', '', true);
end
$$;

-- Above tenancy, like accounts; only the functions below touch it, so the runtime role has no rights on it at all. A row is
-- a link that still opens its account: used ones are deleted.
create table password_resets (
  hash bytea primary key,
  account_id uuid not null references accounts (id) on delete cascade,
  -- The administrator who made it; null where somebody asked for himself.
  made_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);
create index password_resets_account_idx on password_resets (account_id, created_at);
comment on index password_resets_account_idx is 'the resets of an account, which end together; the foreign key to accounts';
alter table password_resets enable row level security;

-- Everything about an account's resets locks the account first. Answers in how many tenants it is: whoever is shown a link
-- could enter them all. 0 where there is no such account, or it is disabled.
create function start_password_reset(account uuid, maker uuid, reset_hash bytea, life_seconds integer) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  perform from accounts where id = account and disabled_at is null for update;
  if not found then
    return 0;
  end if;
  -- A few at once, as mail may be late; no more, as anybody may ask for them.
  delete from password_resets r where r.account_id = account and r.hash not in (
    select n.hash from password_resets n where n.account_id = account and n.expires_at > clock_timestamp()
    order by n.created_at desc limit 4);
  insert into password_resets (hash, account_id, made_by, expires_at)
    values (reset_hash, account, maker, clock_timestamp() + life_seconds * interval '1 second');
  return (select count(*) from account_memberships(account));
end
$$;

create function password_reset_by_hash(wanted bytea) returns table (account_id uuid, email text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
  select a.id, a.email from password_resets r join accounts a on a.id = r.account_id
  where r.hash = wanted and r.expires_at > clock_timestamp() and a.disabled_at is null
$$;

-- Sets the password and ends every session. Null where the link is no longer good: of two at once one wins.
create function use_password_reset(wanted bytea, new_password_hash text) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  whose uuid;
begin
  select account_id into whose from password_reset_by_hash(wanted);
  perform from accounts where id = whose for update;
  delete from password_resets where hash = wanted and account_id = whose;
  if not found then
    return null;
  end if;
  update accounts set password_hash = new_password_hash, password_changed_at = clock_timestamp() where id = whose;
  perform end_sessions(whose, null);
  return whose;
end
$$;

-- Links die with the password they were made to replace; and when their account comes into another tenant, as one that was
-- shown to an administrator of the first would open the second.
create function end_password_resets() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  account uuid;
begin
  execute format('select ($1).%I', tg_argv[0]) into account using new;
  perform from accounts where id = account for key share;
  delete from password_resets where account_id = account;
  return null;
end
$$;
create trigger end_password_resets after update on accounts for each row
  when (old.password_hash <> new.password_hash) execute function end_password_resets('id');
create trigger end_password_resets after insert on memberships for each row
  execute function end_password_resets('account_id');

-- Whoever may no longer let people in has seen links that still would: they end with his right.
create function withdraw_links() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  update invitations set revoked_at = clock_timestamp()
    where tenant_id = old.tenant_id and created_by = old.account_id and accepted_at is null and revoked_at is null;
  delete from password_resets where made_by = old.account_id;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
-- Before: afterwards the invitations no longer tell whose they were.
create trigger withdraw_links before delete on memberships for each row
  when (old.role = 'admin') execute function withdraw_links();
create trigger withdraw_links_of_lowered before update on memberships for each row
  when (old.role = 'admin' and new.role <> 'admin') execute function withdraw_links();

-- An account without a tenant opens nothing; kept, it would keep its address from being invited anew by whoever does not
-- know its password.
create function forget_account(account uuid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  -- Whoever is just being let in elsewhere holds the row until that is done.
  perform from accounts where id = account for update;
  if not exists (select from account_memberships(account)) then
    delete from accounts where id = account;
  end if;
end
$$;

revoke execute on function
  invitation_by_hash(bytea), start_password_reset(uuid, uuid, bytea, integer), password_reset_by_hash(bytea),
  use_password_reset(bytea, text), end_password_resets(), withdraw_links(),
  forget_account(uuid)
  from public;
grant execute on function
  invitation_by_hash(bytea), start_password_reset(uuid, uuid, bytea, integer), password_reset_by_hash(bytea),
  use_password_reset(bytea, text), forget_account(uuid)
  to callboard_app;
