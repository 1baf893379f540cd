-- Whom an account is at an identity provider. Above tenancy, like accounts; only the functions below touch it, so the
-- runtime role has no rights on it at all.
create table account_identities (
  issuer text not null,
  subject text not null,
  account_id uuid not null references accounts (id) on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  primary key (issuer, subject)
);
create index account_identities_account_idx on account_identities (account_id);
comment on index account_identities_account_idx is 'the foreign key to accounts';
alter table account_identities enable row level security;

create function account_by_identity(wanted_issuer text, wanted_subject text)
returns table (account_id uuid, disabled_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
  select a.id, a.disabled_at from account_identities i join accounts a on a.id = i.account_id
  where i.issuer = wanted_issuer and i.subject = wanted_subject
$$;

-- One that is known already stays whose it is. False where it is not this account's: it is another's, or the account is
-- somebody else at that issuer, who has had the address before or pretends to it now.
create function link_identity(account uuid, identity_issuer text, identity_subject text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  -- Two who come for the first time at once take turns.
  perform from accounts where id = account for update;
  insert into account_identities (issuer, subject, account_id)
    select identity_issuer, identity_subject, account
    where not exists (select from account_identities i where i.issuer = identity_issuer and i.account_id = account)
    on conflict do nothing;
  return exists (
    select from account_identities i
    where i.issuer = identity_issuer and i.subject = identity_subject and i.account_id = account);
end
$$;

create function tenant_by_slug(wanted text) returns table (tenant_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$ select id from tenants where slug = wanted $$;

revoke execute on function account_by_identity(text, text), link_identity(uuid, text, text), tenant_by_slug(text)
  from public;
grant execute on function account_by_identity(text, text), link_identity(uuid, text, text), tenant_by_slug(text)
  to callboard_app;
