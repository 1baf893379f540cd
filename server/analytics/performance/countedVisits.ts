import { expect } from 'vitest';
import type { z } from 'zod';
import type { summaryAnswer } from '../../../shared/contract/analytics.ts';
import type { History } from '../testing.ts';

/** Tests only: the figures of visits by SQL of its own over the facts. */

/** What is counted; left out: everything of RANGE. */
interface Expected {
  queues?: readonly string[];
  from?: string;
  to?: string;
  threshold?: number;
  shortAbandon?: number;
}

/** Counted from the visits themselves, local days in Berlin. Everything here is long over: what still waits is lost. */
export async function countVisits(
  { test: { ownerSql, tenantId } }: History,
  { queues, from = '2026-09-28', to = '2026-11-04', ...rules }: Expected = {},
) {
  const { threshold = null, shortAbandon = 5 } = rules;
  const [row] = await ownerSql`
    with visit as (
      select v.*, coalesce(${threshold}::int, case queue_id when 'q1' then 15 else 20 end) * 1000 as t,
        (entered_at at time zone 'Europe/Berlin')::date as day, origin <> 'callback' as measured,
        outcome not in ('open', 'lost', 'refused') as is_left
      from queue_visits v
      where tenant_id = ${tenantId} and (${queues ?? null}::text[] is null or queue_id = any(${queues ?? null}::text[]))
        and entered_at >= ${from}::timestamp at time zone 'Europe/Berlin'
        and entered_at < ${to}::timestamp at time zone 'Europe/Berlin'
    ),
    counts as (
      select
        count(*) filter (where outcome <> 'refused')::int as offered,
        count(*) filter (where outcome = 'refused')::int as refused,
        count(distinct (call_id, day)) filter (where outcome <> 'refused')::int as calls,
        count(*) filter (where outcome = 'answered')::int as answered,
        count(*) filter (where outcome = 'abandoned')::int as abandoned,
        count(*) filter (where outcome in ('lost', 'open'))::int as lost,
        count(*) filter (where outcome = 'abandoned' and measured and wait_ms <= ${shortAbandon} * 1000)::int as short,
        count(*) filter (where outcome = 'abandoned' and measured)::int as abandoned_measured,
        count(*) filter (where measured and outcome = 'answered' and wait_ms <= t)::int as met,
        count(*) filter (where measured and is_left and wait_ms > t)::int as missed,
        count(*) filter (
          where measured and outcome = 'abandoned' and wait_ms <= t and wait_ms > ${shortAbandon} * 1000
        )::int as long_within,
        count(*) filter (where outcome <> 'refused' and measured and outcome not in ('lost', 'open'))::int as settled,
        count(*) filter (where not measured and outcome <> 'refused')::int as callbacks_offered,
        count(*) filter (where outcome in ('lost', 'open') and measured)::int as lost_measured,
        max(wait_ms) filter (where measured and is_left)::float8 as "maxWaitMs",
        (percentile_disc(0.9) within group (order by wait_ms) filter (where measured and is_left))::float8 as p90,
        (sum(wait_ms) filter (where measured and outcome = 'answered')
          / nullif(count(*) filter (where measured and outcome = 'answered'), 0))::float8 as "asaMs",
        count(*) filter (where handled_at is not null and talk_ms is not null)::int as handled,
        sum(coalesce(talk_ms, 0) + coalesce(hold_ms, 0) + wrap_up_ms)
          filter (where handled_at is not null and talk_ms is not null)::float8 as handling
      from visit
    )
    select offered, refused, calls, answered, abandoned, lost, short as "shortAbandoned", handled, "maxWaitMs",
      "asaMs", p90, met::float8 / nullif(met + missed + long_within, 0) as "serviceLevel",
      (abandoned_measured - short)::float8
        / nullif(calls - callbacks_offered - lost_measured - short, 0) as "abandonmentRate",
      handling / nullif(handled, 0) as "ahtMs"
    from counts`;
  if (!row) throw new Error('no row');
  return row;
}

/** That metrics are those counted. */
export function expectEqual(
  metrics: z.infer<typeof summaryAnswer>['data'],
  { p90, ...row }: Record<string, number>,
) {
  for (const [name, value] of Object.entries(row)) {
    const told: unknown = Reflect.get(metrics, name);
    if (value === null) expect(told, name).toBeNull();
    else expect(told, name).toBeCloseTo(value, 6);
  }
  // [V7] Within a second or one per cent.
  expect(Math.abs((metrics.waitP90Ms ?? 0) - (p90 ?? 0))).toBeLessThanOrEqual(
    Math.max(1_000, 0.01 * (p90 ?? 0)),
  );
}
