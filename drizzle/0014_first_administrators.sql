-- As 0012 has it, and whether a call centre has an administrator. While it has none, who is invited to be: nobody in it could
-- see that, and a link that has expired would leave it to nobody. Of the others no invitation is told.
drop function platform_tenants();
create function platform_tenants()
returns table (
  id uuid, name text, slug text, created_at timestamptz, people integer, last_event_at timestamptz,
  has_administrator boolean, invited_name text, invited_email text, invited_until timestamptz)
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
      select one.id, one.name, one.slug, one.created_at, m.people,
        (select h.recorded_at from event_heads h where h.tenant_id = one.id and h.seq > 0),
        m.administrators > 0, i.name, i.email, i.expires_at
      from (
        select count(*)::integer as people, count(*) filter (where role = 'admin') as administrators
        from memberships where tenant_id = one.id
      ) m
      left join lateral (
        select name, email, expires_at from invitations
        where tenant_id = one.id and m.administrators = 0 and role = 'admin' and accepted_at is null and revoked_at is null
        order by created_at desc limit 1
      ) i on true;
  end loop;
  perform set_config('app.tenant_id', outer_tenant, true);
end
$$;

revoke execute on function platform_tenants() from public;
grant execute on function platform_tenants() to callboard_app;
