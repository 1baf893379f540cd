-- A key may end by itself: made for a while, or replaced by another that it overlaps with.
alter table api_keys add column expires_at timestamptz;

drop function api_key_by_hash(bytea);
create function api_key_by_hash(wanted bytea)
returns table (tenant_id uuid, id uuid, scopes text[], expires_at timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  perform set_config('app.lookup', encode(wanted, 'hex'), true);
  return query
    select k.tenant_id, k.id, k.scopes, k.expires_at from api_keys k
    where k.hash = wanted and k.revoked_at is null and (k.expires_at is null or k.expires_at > clock_timestamp());
  perform set_config('app.lookup', '', true);
end
$$;
revoke execute on function api_key_by_hash(bytea) from public;
grant execute on function api_key_by_hash(bytea) to callboard_app;

-- An end that comes sooner than was known is told like a revocation [S13].
drop trigger access_changed on api_keys;
create trigger access_changed after update on api_keys for each row
  when (old.revoked_at is null and new.revoked_at is not null or old.expires_at is distinct from new.expires_at)
  execute function access_changed('id');
