import type { TransactionSql } from 'postgres';
import type { VisitOutcome } from '../../../shared/contract/calls.ts';
import type { VisitFact } from '../../../shared/metrics/facts.ts';
import { nextQueue } from './transfers.ts';
import { type VisitFilter, visitFilter } from './visitFilter.ts';
import { type VisitRules, valueFor } from './visitRules.ts';

/** A visit as it is listed; what it is does not depend on what came before it on its day. */
export type ListedVisit = Omit<VisitFact, 'earlierQueues' | 'outcome' | 'origin'> & {
  outcome: VisitOutcome;
  origin: string;
};

/** A place in the list of visits, newest first. `enteredAt` in epoch ms. */
export interface VisitPlace {
  enteredAt: number;
  callId: string;
  nth: number;
}

interface Row {
  entered_at: number;
  call_id: string;
  nth: number;
  queue_id: string;
  source: string;
  caller: string | null;
  origin: string;
  outcome: VisitOutcome;
  position: number | null;
  settled_at: number | null;
  wait_ms: number;
  identity: string | null;
  ended_at: number | null;
  talk_ms: number | null;
  hold_ms: number | null;
  wrap_up_ms: number | null;
  handled_at: number | null;
  is_transferred: boolean;
  is_completed: boolean;
  is_inferred: boolean;
  is_outside_hours: boolean;
  is_called_back: boolean;
  continued_to: string | null;
}

/**
 * A page of the visits that fit, newest first, from behind `after`. The rows are picked from an index, where one holds all
 * that is asked, and only those picked are fetched. Plans are made for the values at hand, and never compiled: that alone
 * takes longer than the rest. Takes a transaction of its own tenant's, and changes its planner settings.
 */
export async function readVisits(
  tx: TransactionSql,
  tenantId: string,
  page: { filter: VisitFilter; after: VisitPlace | null; limit: number },
  rules: VisitRules,
): Promise<ListedVisit[]> {
  const [, rows] = await Promise.all([
    planForValues(tx),
    tx<Row[]>`${visitsQuery(tx, tenantId, page, rules)}`,
  ]);
  return rows.map((row) => toVisit(row, rules));
}

/** How many fit, all of them: what a figure is held to. */
export async function countVisits(
  tx: TransactionSql,
  tenantId: string,
  filter: VisitFilter,
  rules: VisitRules,
): Promise<number> {
  const [, [row]] = await Promise.all([
    planForValues(tx),
    tx<{ count: number }[]>`
      select count(*)::float8 as count from queue_visits where ${visitFilter(tx, tenantId, filter, rules)}`,
  ]);
  return row?.count ?? 0;
}

/** The same of each queue, or of whoever answered, by its name; of those alone that have any. */
export async function countVisitsBy(
  tx: TransactionSql,
  tenantId: string,
  column: 'queue_id' | 'identity',
  filter: VisitFilter,
  rules: VisitRules,
): Promise<Map<string, number>> {
  const [, rows] = await Promise.all([
    planForValues(tx),
    tx<{ name: string; count: number }[]>`
      select ${tx(column)} as name, count(*)::float8 as count from queue_visits
      where ${visitFilter(tx, tenantId, filter, rules)} and ${tx(column)} is not null group by 1`,
  ]);
  return new Map(rows.map(({ name, count }) => [name, count]));
}

/** Transferred visits that fit, by the queue they were in and the one they went to; null: elsewhere [H6]. */
export async function countTransfers(
  tx: TransactionSql,
  tenantId: string,
  filter: VisitFilter,
  rules: VisitRules,
): Promise<{ fromQueueId: string; toQueueId: string | null; transfers: number }[]> {
  const [, rows] = await Promise.all([
    planForValues(tx),
    tx<{ fromQueueId: string; toQueueId: string | null; transfers: number }[]>`
      select queue_id as "fromQueueId", ${nextQueue(tx)} as "toQueueId", count(*)::float8 as transfers
      from queue_visits where ${visitFilter(tx, tenantId, { ...filter, counted: ['transferred'] }, rules)}
      group by 1, 2`,
  ]);
  return rows;
}

/** For tests that look at its plan. */
export function visitsQuery(
  tx: TransactionSql,
  tenantId: string,
  { filter, after, limit }: { filter: VisitFilter; after: VisitPlace | null; limit: number },
  rules: VisitRules,
) {
  const behind = after
    ? tx`and (entered_at, call_id, nth) < (${new Date(after.enteredAt)}, ${after.callId}, ${after.nth})`
    : tx``;
  return tx`
    select ${visitColumns(tx)}
    from (
      select entered_at, call_id, nth from queue_visits
      where ${visitFilter(tx, tenantId, filter, rules)} ${behind}
      order by entered_at desc, call_id desc, nth desc
      limit ${limit}
    ) as picked
    join queue_visits as v on v.tenant_id = ${tenantId} and v.entered_at = picked.entered_at
      and v.call_id = picked.call_id and v.nth = picked.nth
    order by v.entered_at desc, v.call_id desc, v.nth desc`;
}

/** All visits of one call, in the order in which they were entered. */
export async function readVisitsOf(
  tx: TransactionSql,
  tenantId: string,
  callId: string,
  rules: VisitRules,
): Promise<ListedVisit[]> {
  const rows = await tx<Row[]>`
    select ${visitColumns(tx)} from queue_visits as v
    where v.tenant_id = ${tenantId} and v.call_id = ${callId}
    order by v.entered_at, v.nth limit ${VISITS_OF_CALL}`;
  return rows.map((row) => toVisit(row, rules));
}

/** A call that has been in more queues goes in circles. */
const VISITS_OF_CALL = 1_000;

/** Sent ahead without waiting for it: a connection keeps the order. */
export function planForValues(tx: TransactionSql) {
  return tx`select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true)`;
}

function visitColumns(tx: TransactionSql) {
  const ms = (column: string) =>
    tx`(extract(epoch from ${tx(`v.${column}`)}) * 1000)::float8 as ${tx(column)}`;
  return tx`
    ${ms('entered_at')}, v.call_id, v.nth, v.queue_id, v.source, v.caller, v.origin, v.outcome, v.position,
    ${ms('settled_at')}, v.wait_ms::float8, v.identity, ${ms('ended_at')}, v.talk_ms::float8, v.hold_ms::float8,
    v.wrap_up_ms::float8, ${ms('handled_at')}, v.is_transferred, v.is_completed, v.is_inferred, v.is_called_back,
    v.is_outside_hours, v.continued_to`;
}

function toVisit(row: Row, rules: VisitRules): ListedVisit {
  const isGhost =
    row.outcome === 'open' && rules.now - row.entered_at > valueFor(rules.maxWaitMs, row.queue_id);
  return {
    enteredAt: row.entered_at,
    callId: row.call_id,
    nth: row.nth,
    queueId: row.queue_id,
    source: row.source,
    caller: row.caller,
    origin: row.origin,
    outcome: isGhost ? 'lost' : row.outcome,
    position: row.position,
    settledAt: row.settled_at,
    waitMs: row.wait_ms,
    identity: row.identity,
    endedAt: row.ended_at,
    talkMs: row.talk_ms,
    holdMs: row.hold_ms,
    wrapUpMs: row.wrap_up_ms,
    handledAt: row.handled_at,
    isTransferred: row.is_transferred,
    isCompleted: row.is_completed,
    isInferred: row.is_inferred,
    isOutsideHours: row.is_outside_hours,
    isCalledBack: row.is_called_back,
    continuedTo: row.continued_to,
  };
}
