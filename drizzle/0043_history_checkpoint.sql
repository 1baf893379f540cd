-- How far a tenant's history is, which every question of history asks first. It names the tenant itself, for as long as the statement
-- that calls it takes: a transaction opened and ended to name it would take longer than the answer. With the caller's rights.
create function history_checkpoint(tenant uuid)
returns table (
  settings_version float8, week_start integer, version float8, seq float8, head_seq float8, stamped text, sectors text,
  facts_since float8, recorded_at float8
) language plpgsql as $$
#variable_conflict use_column
begin
  perform set_config('app.tenant_id', tenant::text, true);
  return query
    select s.version::float8, s.week_start, (coalesce(c.version, 0) + coalesce(q.changes, 0))::float8, coalesce(c.seq, 0)::float8,
      coalesce(h.seq, 0)::float8, coalesce(c.stamped, ''), coalesce(c.sectors, ''),
      coalesce(extract(epoch from m.facts_since) * 1000, 0)::float8,
      case when c.seq > 0 then floor(extract(epoch from c.recorded_at) * 1000) end::float8
    from settings s
    left join projection_checkpoints c on c.tenant_id = s.tenant_id
    left join quality_checkpoints q on q.tenant_id = s.tenant_id
    left join event_heads h on h.tenant_id = s.tenant_id
    left join retention_marks m on m.tenant_id = s.tenant_id
    where s.tenant_id = tenant;
end
$$;
revoke execute on function history_checkpoint(uuid) from public;
grant execute on function history_checkpoint(uuid) to callboard_app;
