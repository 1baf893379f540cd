import { getTableColumns } from 'drizzle-orm';
import type { TransactionSql } from 'postgres';
import { emptyLegSums, sumLegs } from '../../../shared/metrics/agentSums.ts';
import { addTime, emptyTimeSums } from '../../../shared/metrics/timeSums.ts';
import { agentTrends } from '../../db/schema/history.ts';
import type { Mark } from './dirty.ts';
import { readLegs, readSpent, type Span, type SpentBySpan } from './facts.ts';
import { spansOf } from './queueRowsOf.ts';
import { markedSpans, type Round } from './round.ts';
import { rollUpTable, type Stored } from './table.ts';

type AgentRow = Stored<typeof agentTrends>;
type AgentGrain = AgentRow['grain'];

const agentRows = rollUpTable(agentTrends, ['grain', 'queueId', 'bucket', 'identity']);

/**
 * Recomputes days of agents from their legs and timelines, unless those are gone, and their months from the days. Returns the marks of what will
 * change by time alone.
 */
export async function recomputeAgents(
  tx: TransactionSql,
  { tenantId, buckets, now, factsSince }: Round,
  marks: readonly Mark[],
): Promise<(Mark & { dueAt: number })[]> {
  const all = markedSpans(marks, 'day', buckets);
  const days = all.filter(({ start }) => start >= factsSince);
  const [legs, spent] = await Promise.all([readLegs(tx, tenantId, days), readSpent(tx, tenantId, days, now)]);
  const rows: AgentRow[] = [];
  const due: (Mark & { dueAt: number })[] = [];
  for (const [i, { id: identity, start }] of days.entries()) {
    const { byQueue, dueAt } = sumLegs(legs[i] ?? [], now);
    if (dueAt !== null) due.push({ kind: 'agent', bucket: start, id: identity, dueAt });
    const time = timeOf(spent[i] ?? []);
    if (time !== null && !byQueue.has('')) byQueue.set('', emptyLegSums());
    for (const [queueId, sums] of byQueue) {
      const its = queueId === '' && time !== null ? time : NO_TIME;
      rows.push({ grain: 'day', bucket: start, identity, queueId, ...sums, ...its });
    }
  }
  await remove(tx, tenantId, 'day', days);
  await agentRows.insert(tx, tenantId, rows);
  const months = monthsOf(all, (at) => {
    const start = buckets.startOf('month', at);
    return { start, end: buckets.endOf('month', start) };
  });
  await remove(tx, tenantId, 'month', months);
  await addUp(tx, tenantId, months);
  return due;
}

type DayTime = Pick<AgentRow, Extract<keyof AgentRow, `state${string}` | `${string}SignedInAt`>>;

const NO_TIME = stateTime(emptyTimeSums(), null, null);

function timeOf(spent: readonly SpentBySpan[]): DayTime | null {
  if (spent.length === 0) return null;
  const sums = emptyTimeSums();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const part of spent) {
    addTime(sums, part);
    first = Math.min(first, part.startedAt);
    last = Math.max(last, part.endedAt);
  }
  return stateTime(sums, first, last);
}

function stateTime(
  sums: ReturnType<typeof emptyTimeSums>,
  firstSignedInAt: number | null,
  lastSignedInAt: number | null,
): DayTime {
  return {
    stateTalkingMs: sums.talkingMs,
    stateOutboundMs: sums.outboundMs,
    stateHoldMs: sums.holdMs,
    stateRingingMs: sums.ringingMs,
    stateWrapUpMs: sums.wrapUpMs,
    statePausedMs: sums.pausedMs,
    stateAvailableMs: sums.availableMs,
    stateClosedMs: sums.closedMs,
    firstSignedInAt,
    lastSignedInAt,
  };
}

function monthsOf(days: readonly Span[], monthOf: (at: number) => Omit<Span, 'id'>): Span[] {
  const months = new Map<string, Span>();
  for (const { id, start } of days) {
    const month = monthOf(start);
    months.set(`${month.start} ${id}`, { id, ...month });
  }
  return [...months.values()];
}

const { tenantId: _, grain, bucket, identity, queueId, ...SUMMED } = getTableColumns(agentTrends);
const COLUMNS = Object.values(SUMMED).map(({ name }) => name);
/** As float8, which is exact to 2^53, and takes PostgreSQL a third of the time. */
const SUMS = Object.values(SUMMED).map(({ name }) => {
  if (name === SUMMED.firstSignedInAt.name) return `min(${name}) as ${name}`;
  if (name === SUMMED.lastSignedInAt.name) return `max(${name}) as ${name}`;
  return `sum(${name}::float8)::bigint as ${name}`;
});

/** Months from the days there are, where those lie: of many agents there are hundreds of thousands. */
async function addUp(tx: TransactionSql, tenantId: string, months: readonly Span[]): Promise<void> {
  await tx`
    insert into agent_trends (tenant_id, grain, bucket, identity, queue_id, ${tx.unsafe(COLUMNS.join(', '))})
    select ${tenantId}, 'month', s.low, s.id, r.* from ${spansOf(tx, months)} cross join lateral (
      select queue_id, ${tx.unsafe(SUMS.join(', '))} from agent_trends
      where tenant_id = ${tenantId} and identity = s.id and grain = 'day' and bucket >= s.low and bucket < s.high
      group by queue_id
    ) r`;
}

/** Looked up one by one, as facts are: see facts.ts. Nobody else writes these rows meanwhile. */
async function remove(
  tx: TransactionSql,
  tenantId: string,
  grain: AgentGrain,
  spans: readonly Span[],
): Promise<void> {
  await tx`
    delete from agent_trends where tenant_id = ${tenantId} and ctid = any (array(
      select r.ctid from ${spansOf(tx, spans)} cross join lateral (
        select ctid from agent_trends
        where tenant_id = ${tenantId} and identity = s.id and grain = ${grain} and bucket = s.low offset 0
      ) r
    ))`;
}
