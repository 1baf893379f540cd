-- The functions that act as the owner, of history: see 0002.

-- What analyze_log is for the log: an import multiplies these within a minute, and plans made for little are slow for much.
create function analyze_history() returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  if pg_try_advisory_xact_lock(hashtextextended('callboard.analyze_history', 0)) then
    analyze public.queue_visits, public.agent_metrics, public.agent_intervals, public.dirty_buckets,
      public.performance_trends, public.team_trends, public.agent_trends;
  end if;
end
$$;
revoke execute on function analyze_history() from public;
grant execute on function analyze_history() to callboard_app;

-- As 0012 has it, and the facts and roll-ups.
create or replace function sweep_tenant_logs(most integer) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  outer_tenant text := coalesce(current_setting('app.tenant_id', true), '');
  gone uuid;
  first_seq bigint;
  swept integer := 0;
  rows integer;
  swept_table text;
begin
  select id into gone from tenant_deletions where swept_at is null order by deleted_at limit 1 for update skip locked;
  if not found then
    return null;
  end if;
  perform set_config('app.tenant_id', gone::text, true);
  select min(seq) into first_seq from call_events where tenant_id = gone;
  delete from call_events where tenant_id = gone and seq >= first_seq and seq < first_seq + most;
  get diagnostics swept = row_count;
  foreach swept_table in array array[
    'event_keys', 'queue_visits', 'agent_metrics', 'agent_intervals', 'agent_names', 'dirty_buckets', 'performance_trends',
    'team_trends', 'agent_trends'
  ] loop
    execute format('delete from %1$I where ctid = any (array(select ctid from %1$I where tenant_id = $1 limit $2))', swept_table)
      using gone, most;
    get diagnostics rows = row_count;
    swept := swept + rows;
  end loop;
  if swept = 0 then
    update tenant_deletions set swept_at = clock_timestamp() where id = gone;
  end if;
  perform set_config('app.tenant_id', outer_tenant, true);
  return swept;
end
$$;
revoke execute on function sweep_tenant_logs(integer) from public;
grant execute on function sweep_tenant_logs(integer) to callboard_app;
