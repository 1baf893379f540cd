-- A display on a wall: what it shows, what it may see, and its token's hash. While its pairing has not been claimed it has
-- `claim_hash`, of the secret that only the display knows, in place of a token.
create table screens (
  tenant_id uuid not null references tenants (id) on delete cascade,
  id uuid not null,
  name text not null,
  board text not null,
  -- None: all of them.
  sectors text[] not null default '{}',
  audience text not null check (audience in ('supervisor', 'floor', 'visitor')),
  claim_hash bytea,
  hash bytea,
  -- The token before, good until the one that took its place has been used once: a power cut may come at any moment.
  previous_hash bytea,
  renewed_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_seen_at timestamptz,
  left_at timestamptz,
  lost_at timestamptz,
  build text not null default '',
  resolution text not null default '',
  address text not null default '',
  -- What it is to do, once: whoever is connected and knows a smaller number has not done it.
  command text check (command in ('reload', 'identify')),
  command_number integer not null default 0,
  commanded_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, created_by) references memberships (tenant_id, account_id) on delete set null (created_by)
);
create index screens_hash_idx on screens (hash);
comment on index screens_hash_idx is 'screen_by_hash: the token a screen presents, before its tenant is known';
create index screens_previous_hash_idx on screens (previous_hash);
comment on index screens_previous_hash_idx is 'screen_by_hash: a token whose successor has not been used yet';
create index screens_claim_hash_idx on screens (claim_hash);
comment on index screens_claim_hash_idx is 'screen_by_claim: the secret of a display that was paired';
create index screens_created_by_idx on screens (tenant_id, created_by);
comment on index screens_created_by_idx is 'the foreign key to the membership that paired it';
create index screens_last_seen_idx on screens (tenant_id, last_seen_at) where lost_at is null and revoked_at is null;
comment on index screens_last_seen_idx is 'tenants_of_overdue_screens, and the screens found lost';

alter table screens enable row level security;
alter table screens force row level security;
create policy tenant on screens
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy lookup on screens for select to current_role
  using (decode(nullif(current_setting('app.lookup', true), ''), 'hex') in (hash, previous_hash, claim_hash));
grant select, insert, update on screens to callboard_app;

-- A display that waits to be paired: nobody's yet, so it has no tenant, and the runtime role no rights. Its id becomes
-- the screen's.
create table screen_pairings (
  id uuid primary key,
  code_hash bytea not null unique,
  secret_hash bytea not null unique,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);
create index screen_pairings_expires_idx on screen_pairings (expires_at);
comment on index screen_pairings_expires_idx is 'open_pairing: those that have expired go when the next is opened';
alter table screen_pairings enable row level security;

-- When it will expire; nothing where there are `most` already, or the code is taken.
create function open_pairing(pairing uuid, code bytea, secret bytea, lasts_seconds integer, most integer)
returns timestamptz
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  until timestamptz;
begin
  delete from screen_pairings where expires_at <= clock_timestamp();
  if (select count(*) from screen_pairings) >= most then
    return null;
  end if;
  insert into screen_pairings (id, code_hash, secret_hash, expires_at)
    values (pairing, code, secret, clock_timestamp() + lasts_seconds * interval '1 second')
    on conflict (code_hash) do nothing
    returning expires_at into until;
  return until;
end
$$;

create function pairing_by_secret(wanted bytea) returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$ select p.id from screen_pairings p where p.secret_hash = wanted and p.expires_at > clock_timestamp() $$;

-- Single use: of two who enter a code at once, one gets it. What its caller's transaction does not commit is not taken.
create function take_pairing(wanted bytea) returns table (id uuid, secret_hash bytea)
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
  delete from screen_pairings p where p.code_hash = wanted and p.expires_at > clock_timestamp()
  returning p.id, p.secret_hash
$$;

create function screen_by_claim(wanted bytea) returns table (tenant_id uuid, id uuid)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  perform set_config('app.lookup', encode(wanted, 'hex'), true);
  return query
    select s.tenant_id, s.id from screens s
    where s.claim_hash = wanted and s.revoked_at is null and s.expires_at > clock_timestamp();
  perform set_config('app.lookup', '', true);
end
$$;

-- `ends_previous`: this is the first use of a token that took another's place.
create function screen_by_hash(wanted bytea)
returns table (
  tenant_id uuid, id uuid, name text, board text, sectors text[], audience text, expires_at timestamptz,
  ends_previous boolean
)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  perform set_config('app.lookup', encode(wanted, 'hex'), true);
  return query
    select s.tenant_id, s.id, s.name, s.board, s.sectors, s.audience, s.expires_at,
      s.hash = wanted and s.previous_hash is not null
    from screens s
    where wanted in (s.hash, s.previous_hash) and s.revoked_at is null and s.expires_at > clock_timestamp();
  perform set_config('app.lookup', '', true);
end
$$;

-- Which tenants have a screen that was not heard of for so long and is not known to be lost.
create function tenants_of_overdue_screens(overdue_seconds integer) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  outer_tenant text := coalesce(current_setting('app.tenant_id', true), '');
  one uuid;
begin
  for one in select t.id from tenants t loop
    perform set_config('app.tenant_id', one::text, true);
    if exists (
      select from screens s
      where s.tenant_id = one and s.lost_at is null and s.revoked_at is null
        and s.last_seen_at < clock_timestamp() - overdue_seconds * interval '1 second'
    ) then
      return next one;
    end if;
  end loop;
  perform set_config('app.tenant_id', outer_tenant, true);
end
$$;

revoke execute on function
  open_pairing(uuid, bytea, bytea, integer, integer), pairing_by_secret(bytea), take_pairing(bytea),
  screen_by_claim(bytea), screen_by_hash(bytea), tenants_of_overdue_screens(integer)
  from public;
grant execute on function
  open_pairing(uuid, bytea, bytea, integer, integer), pairing_by_secret(bytea), take_pairing(bytea),
  screen_by_claim(bytea), screen_by_hash(bytea), tenants_of_overdue_screens(integer)
  to callboard_app;

-- What a screen may see, or shows, is looked at anew at once [S13].
create trigger access_changed after update on screens for each row
  when (
    old.revoked_at is null and new.revoked_at is not null
    or (old.name, old.board, old.sectors, old.audience) is distinct from (new.name, new.board, new.sectors, new.audience)
  )
  execute function access_changed('id');
