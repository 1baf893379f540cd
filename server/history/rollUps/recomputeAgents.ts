import type { TransactionSql } from 'postgres';
import { emptyLegSums, mergeLegs, sumLegs } from '../../../shared/metrics/agentSums.ts';
import { either } from '../../../shared/metrics/either.ts';
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
  await replace(tx, tenantId, 'day', days, rows);
  const months = monthsOf(all, (at) => {
    const start = buckets.startOf('month', at);
    return { start, end: buckets.endOf('month', start) };
  });
  const parts = await tx<AgentRow[]>`
    select ${tx.unsafe(agentRows.columns)} from ${spansOf(tx, months)} cross join lateral (
      select * from agent_trends
      where tenant_id = ${tenantId} and identity = s.id and grain = 'day' and bucket >= s.low and bucket < s.high offset 0
    ) r`;
  await replace(
    tx,
    tenantId,
    'month',
    months,
    addMonths(parts, (at) => buckets.startOf('month', at)),
  );
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

const STATES = Object.keys(NO_TIME).filter((key) => key.startsWith('state')) as Extract<
  keyof AgentRow,
  `state${string}`
>[]; // The keys of a DayTime that begin so.

function addMonths(days: readonly AgentRow[], monthOf: (at: number) => number): AgentRow[] {
  const months = new Map<string, AgentRow>();
  for (const day of days) {
    const bucket = monthOf(day.bucket);
    const key = JSON.stringify([bucket, day.identity, day.queueId]);
    const month = months.get(key);
    if (month === undefined) months.set(key, { ...day, grain: 'month', bucket });
    else addDay(month, day);
  }
  return [...months.values()];
}

function addDay(month: AgentRow, day: AgentRow): void {
  mergeLegs(month, day);
  for (const key of STATES) month[key] += day[key];
  month.firstSignedInAt = either(Math.min, month.firstSignedInAt, day.firstSignedInAt);
  month.lastSignedInAt = either(Math.max, month.lastSignedInAt, day.lastSignedInAt);
}

/** Looked up one by one, as facts are: see facts.ts. Nobody else writes these rows meanwhile. */
async function replace(
  tx: TransactionSql,
  tenantId: string,
  grain: AgentGrain,
  spans: readonly Span[],
  rows: readonly AgentRow[],
): Promise<void> {
  await tx`
    delete from agent_trends where tenant_id = ${tenantId} and ctid = any (array(
      select r.ctid from ${spansOf(tx, spans)} cross join lateral (
        select ctid from agent_trends
        where tenant_id = ${tenantId} and identity = s.id and grain = ${grain} and bucket = s.low offset 0
      ) r
    ))`;
  await agentRows.upsert(tx, tenantId, rows);
}
