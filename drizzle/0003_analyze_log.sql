-- An import may multiply the log in a minute, long before autovacuum looks. The runtime role owns none of the tables
-- and PostgreSQL 15 and 16 have no privilege to analyse, so this does it for it. Imports that end together need only
-- one: the lock is not waited for.
create function analyze_log() returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  if pg_try_advisory_xact_lock(hashtextextended('callboard.analyze', 0)) then
    analyze public.call_events, public.event_keys;
  end if;
end
$$;
revoke execute on function analyze_log() from public;
grant execute on function analyze_log() to callboard_app;
