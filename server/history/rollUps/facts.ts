import type { TransactionSql } from 'postgres';
import type { CountedLeg } from '../../../shared/metrics/agentSums.ts';
import type { TimeSpent } from '../../../shared/metrics/timeSums.ts';
import type { CountedVisit } from '../../../shared/metrics/visitSums.ts';
import { INTERVAL_MS } from './buckets.ts';
import { spansOf } from './queueRowsOf.ts';

/**
 * The facts of many buckets at once. Instants leave SQL as epoch ms, counts as numbers. Each span is looked up by itself in
 * its index (`offset 0` keeps the planner from joining): as a join of ranges it would read the whole table.
 */

/** From `start` until before `end` (epoch ms), what there is of a queue or an agent. */
export interface Span {
  id: string;
  start: number;
  end: number;
}

/** The visits that entered within each span, in the order of `spans`; none: undefined. */
export async function readVisits(
  tx: TransactionSql,
  tenantId: string,
  spans: readonly Span[],
): Promise<(CountedVisit[] | undefined)[]> {
  const rows = await tx<(CountedVisit & { n: number })[]>`
    select s.n::int, ${ms(tx, 'entered_at')} as "enteredAt", v.origin, v.outcome,
      ${ms(tx, 'settled_at')} as "settledAt", v.wait_ms::float8 as "waitMs", ${ms(tx, 'ended_at')} as "endedAt",
      v.talk_ms::float8 as "talkMs", v.hold_ms::float8 as "holdMs", v.wrap_up_ms::float8 as "wrapUpMs",
      ${ms(tx, 'handled_at')} as "handledAt", v.is_transferred as "isTransferred", v.is_completed as "isCompleted",
      v.earlier_queues as "earlierQueues", v.is_outside_hours as "isOutsideHours"
    from ${spansOf(tx, spans)} cross join lateral (
      select * from queue_visits f
      where f.tenant_id = ${tenantId} and f.queue_id = s.id and f.entered_at >= s.low and f.entered_at < s.high offset 0
    ) v`;
  return bySpan(spans, rows);
}

/** How many rings of each span's queue nobody took [A6]; none: undefined. */
export async function readMissedRings(
  tx: TransactionSql,
  tenantId: string,
  spans: readonly Span[],
): Promise<(number | undefined)[]> {
  const rows = await tx<{ n: number; missed: number }[]>`
    select s.n::int, v.missed from ${spansOf(tx, spans)} cross join lateral (
      select count(*)::int as missed from agent_metrics f
      where f.tenant_id = ${tenantId} and f.queue_id = s.id and f.kind = 'missed'
        and f.counted_at >= s.low and f.counted_at < s.high
    ) v
    where v.missed > 0`;
  const missed: (number | undefined)[] = spans.map(() => undefined);
  for (const row of rows) missed[row.n - 1] = row.missed;
  return missed;
}

/** What each span's agent had to do with calls that count in it. */
export async function readLegs(
  tx: TransactionSql,
  tenantId: string,
  spans: readonly Span[],
): Promise<(CountedLeg[] | undefined)[]> {
  const rows = await tx<(CountedLeg & { n: number })[]>`
    select s.n::int, v.kind, v.queue_id as "queueId", ${ms(tx, 'ended_at')} as "endedAt",
      v.wait_ms::float8 as "waitMs", v.talk_ms::float8 as "talkMs", v.hold_ms::float8 as "holdMs",
      v.wrap_up_ms::float8 as "wrapUpMs", ${ms(tx, 'handled_at')} as "handledAt",
      v.is_transferred as "isTransferred", v.is_completed as "isCompleted"
    from ${spansOf(tx, spans)} cross join lateral (
      select * from agent_metrics f
      where f.tenant_id = ${tenantId} and f.identity = s.id and f.counted_at >= s.low and f.counted_at < s.high offset 0
    ) v`;
  return bySpan(spans, rows);
}

/** How an agent spent a span: times in each state, and from when until when he was signed in. */
export type SpentBySpan = TimeSpent & { startedAt: number; endedAt: number };

export async function readSpent(
  tx: TransactionSql,
  tenantId: string,
  spans: readonly Span[],
  now: number,
): Promise<(SpentBySpan[] | undefined)[]> {
  const rows = await tx<(SpentBySpan & { n: number })[]>`
    select s.n::int, v.* from ${spansOf(tx, spans)} cross join lateral (
      select f.state, f.reason, ${lengthMs(tx, now)} as ms,
        (extract(epoch from min(f.started_at)) * 1000)::float8 as "startedAt",
        (extract(epoch from max(${end(tx, now)})) * 1000)::float8 as "endedAt"
      from agent_intervals f
      where f.tenant_id = ${tenantId} and f.identity = s.id and f.started_at >= s.low and f.started_at < s.high
      group by f.state, f.reason
    ) v`;
  return bySpan(spans, rows);
}

export type SpentByTeam = TimeSpent & { queues: string[] };

/** How the agents of each team, by the queues they served, spent each of the spans; whoever they are. */
export async function readTeams(
  tx: TransactionSql,
  tenantId: string,
  spans: readonly Span[],
  now: number,
): Promise<(SpentByTeam[] | undefined)[]> {
  const rows = await tx<(SpentByTeam & { n: number })[]>`
    select s.n::int, v.* from ${spansOf(tx, spans)} cross join lateral (
      select f.queues, f.state, f.reason, ${lengthMs(tx, now)} as ms from agent_intervals f
      where f.tenant_id = ${tenantId} and f.started_at >= s.low and f.started_at < s.high
      group by f.queues, f.state, f.reason
    ) v`;
  return bySpan(spans, rows);
}

/** A piece that runs lasts until now, and never beyond its quarter of an hour: there it is to be cut. */
function end(tx: TransactionSql, now: number) {
  const quarter = `${INTERVAL_MS} milliseconds`;
  return tx`coalesce(f.ended_at, greatest(f.started_at, least(
    ${new Date(now)}::timestamptz,
    date_bin(${quarter}::interval, f.started_at, 'epoch') + ${quarter}::interval
  )))`;
}

function lengthMs(tx: TransactionSql, now: number) {
  return tx`(extract(epoch from sum(${end(tx, now)} - f.started_at)) * 1000)::float8`;
}

function ms(tx: TransactionSql, column: string) {
  return tx`(extract(epoch from ${tx(`v.${column}`)}) * 1000)::float8`;
}

function bySpan<T extends { n: number }>(spans: readonly Span[], rows: readonly T[]): (T[] | undefined)[] {
  const lists: (T[] | undefined)[] = spans.map(() => undefined);
  for (const row of rows) {
    const list = lists[row.n - 1];
    if (list === undefined) lists[row.n - 1] = [row];
    else list.push(row);
  }
  return lists;
}
