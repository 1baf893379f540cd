import type { Sql } from 'postgres';
import { withoutIndexes } from '../../db/withoutIndexes.ts';

/**
 * A call centre's year of visits made by the database, for tests of plans and figures of speed: 40 queues of very
 * different size, 800 agents, a handful of callers in ten withheld, waits and talks with long tails. As the owner, not
 * bound by row security.
 */
export async function makeVisits(ownerSql: Sql, tenantId: string, visits: number, from: Date): Promise<void> {
  const step = (365 * 86_400) / visits;
  await ownerSql`
    insert into queues (tenant_id, id, name) select ${tenantId}, 'queue-' || n, 'Queue ' || n from generate_series(0, 39) as n
    on conflict do nothing`;
  const fill = () => ownerSql`
    insert into queue_visits (
      tenant_id, entered_at, call_id, nth, queue_id, source, caller, origin, outcome, settled_at, wait_ms, identity,
      ended_at, talk_ms, hold_ms, wrap_up_ms, handled_at, is_transferred, is_completed, is_inferred, is_called_back,
      earlier_queues)
    select ${tenantId}, entered_at, n || '.' || n % 97, 1, queue_id, 'asterisk', caller, 'inbound', outcome,
      entered_at + wait_ms * interval '1 ms', wait_ms, identity, ended_at, talk_ms, null, 0, ended_at,
      n % 20 = 0 and outcome = 'answered', outcome = 'answered', false, false, '{}'
    from (
      select given.*, case when outcome = 'answered' then entered_at + (wait_ms + talk_ms) * interval '1 ms' end as ended_at
      from (
        select n, ${from}::timestamptz + n * ${step}::float8 * interval '1 second' as entered_at,
          'queue-' || floor(40 * power(random(), 2)) as queue_id,
          case when random() < 0.1 then 'anonymous'
            else to_hex((random() * 4e9)::bigint) || 'abcdefgh…' || lpad((random() * 9999)::int::text, 4, '0') end as caller,
          outcome, (case when random() < 0.02 then 400000 else 25000 end * -ln(1 - random()))::bigint as wait_ms,
          case when outcome = 'answered' then 'agent-' || (random() * 799)::int end as identity,
          case when outcome = 'answered' then (200000 * -ln(1 - random()))::bigint end as talk_ms
        from (
          select n, case when dice < 0.86 then 'answered' when dice < 0.95 then 'abandoned' when dice < 0.98 then 'timed_out'
            when dice < 0.985 then 'no_agents' when dice < 0.99 then 'overflowed' when dice < 0.9998 then 'refused'
            else 'key_exit' end as outcome
          from (select n, random() as dice from generate_series(1, ${visits}::int) as n) as rolled
        ) as judged
      ) as given
    ) as made`;
  await withoutIndexes(ownerSql, 'queue_visits', fill);
}
