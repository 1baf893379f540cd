import type { TransactionSql } from 'postgres';
import type { LegFact, PieceFact, VisitFact } from '../../shared/metrics/facts.ts';
import type { LocalDay } from '../live/localDay.ts';
import type { DayChanges } from './dayFold.ts';
import { createMarks, type Marks } from './marks.ts';

/** Puts facts in place of those there are, and marks the buckets they count in [L11]. Instants cross as epoch ms. */

/** Rows a statement: enough that the exchange does not count, few enough to hold as one text. */
const ROWS = 5_000;

/** `now` in epoch ms. */
export async function writeChanges(
  tx: TransactionSql,
  tenantId: string,
  changes: DayChanges,
  now: number,
): Promise<void> {
  const { day, callIds } = changes;
  const marks = createMarks(day, now);
  const [start, end] = [new Date(day.start), new Date(day.end)];
  if (callIds.length > 0) {
    const [visits, legs] = await Promise.all([
      tx<{ queue_id: string; at: number }[]>`
        delete from queue_visits
        where tenant_id = ${tenantId} and call_id = any(${callIds}) and entered_at >= ${start} and entered_at < ${end}
        returning queue_id, (extract(epoch from entered_at) * 1000)::float8 as at`,
      tx<{ queue_id: string; identity: string; at: number }[]>`
        delete from agent_metrics
        where tenant_id = ${tenantId} and call_id = any(${callIds}) and kind <> 'outbound'
          and counted_at >= ${start} and counted_at < ${end}
        returning queue_id, identity, (extract(epoch from counted_at) * 1000)::float8 as at`,
    ]);
    for (const { queue_id, at } of visits) marks.queue(queue_id, at);
    for (const { queue_id, identity, at } of legs) marks.leg(queue_id, identity, at);
  }
  if (changes.agents.length > 0) {
    const pieces = await tx<{ at: number }[]>`
      delete from agent_intervals using jsonb_to_recordset(${JSON.stringify(changes.agents)}::text::jsonb)
        as agent (identity text, "from" bigint)
      where tenant_id = ${tenantId} and agent_intervals.identity = agent.identity
        and started_at >= timestamptz 'epoch' + agent.from * interval '1 millisecond' and started_at < ${end}
      returning (extract(epoch from started_at) * 1000)::float8 as at`;
    for (const { at } of pieces) marks.team(at);
    for (const { identity } of changes.agents) marks.agent(identity);
  }
  if (changes.outboundOf.length > 0) {
    await tx`
      delete from agent_metrics
      where tenant_id = ${tenantId} and identity = any(${changes.outboundOf}) and kind = 'outbound'
        and counted_at >= ${start} and counted_at < ${end}`;
  }
  await insertFacts(tx, tenantId, changes, marks);
}

/** The same for a day folded as a whole: nothing of what there was stays. */
export async function writeWholeDay(
  tx: TransactionSql,
  tenantId: string,
  changes: DayChanges,
  now: number,
): Promise<void> {
  const marks = createMarks(changes.day, now);
  await clearDay(tx, tenantId, changes.day, marks);
  await insertFacts(tx, tenantId, changes, marks);
}

async function clearDay(tx: TransactionSql, tenantId: string, day: LocalDay, marks: Marks): Promise<void> {
  const [start, end] = [new Date(day.start), new Date(day.end)];
  // Buckets are told apart here, so that a day of a million facts answers with a few thousand rows.
  const quarter = (column: string) => tx`(floor(extract(epoch from ${tx(column)}) / 900) * 900000)::float8`;
  const [visits, legs, pieces] = await Promise.all([
    tx<{ queue_id: string; at: number }[]>`
      with gone as (
        delete from queue_visits where tenant_id = ${tenantId} and entered_at >= ${start} and entered_at < ${end}
        returning queue_id, ${quarter('entered_at')} as at
      )
      select distinct queue_id, at from gone`,
    tx<{ queue_id: string; identity: string; at: number }[]>`
      with gone as (
        delete from agent_metrics where tenant_id = ${tenantId} and counted_at >= ${start} and counted_at < ${end}
        returning queue_id, identity, ${quarter('counted_at')} as at
      )
      select distinct queue_id, identity, at from gone`,
    tx<{ identity: string; at: number }[]>`
      with gone as (
        delete from agent_intervals where tenant_id = ${tenantId} and started_at >= ${start} and started_at < ${end}
        returning identity, ${quarter('started_at')} as at
      )
      select distinct identity, at from gone`,
  ]);
  for (const { queue_id, at } of visits) marks.queue(queue_id, at);
  for (const { queue_id, identity, at } of legs) marks.leg(queue_id, identity, at);
  for (const { identity, at } of pieces) {
    marks.team(at);
    marks.agent(identity);
  }
}

async function insertFacts(
  tx: TransactionSql,
  tenantId: string,
  { visits, legs, outbound, pieces }: DayChanges,
  marks: Marks,
): Promise<void> {
  for (const visit of visits) marks.queue(visit.queueId, visit.enteredAt);
  for (const leg of legs) marks.leg(leg.queueId, leg.identity, leg.countedAt);
  for (const leg of outbound) marks.agent(leg.identity);
  for (const piece of pieces) {
    marks.team(piece.startedAt);
    marks.agent(piece.identity);
  }
  for (const some of batches(visits)) await insertVisits(tx, tenantId, some);
  for (const some of batches([...legs, ...outbound])) await insertLegs(tx, tenantId, some);
  for (const some of batches(pieces)) await insertPieces(tx, tenantId, some);
  await marks.write(tx, tenantId);
}

function* batches<T>(rows: readonly T[]): Iterable<T[]> {
  for (let from = 0; from < rows.length; from += ROWS) yield rows.slice(from, from + ROWS);
}

const instant = (tx: TransactionSql, field: string) =>
  tx`timestamptz 'epoch' + ${tx(field)} * interval '1 millisecond'`;

/** Adds visits of which there are no facts. */
export async function insertVisits(tx: TransactionSql, tenantId: string, visits: VisitFact[]): Promise<void> {
  await tx`
    insert into queue_visits (
      tenant_id, entered_at, call_id, nth, queue_id, source, caller, origin, outcome, position, settled_at, wait_ms,
      identity, ended_at, talk_ms, hold_ms, wrap_up_ms, handled_at, is_transferred, is_completed, is_inferred,
      is_called_back, continued_to, earlier_queues
    )
    select
      ${tenantId}, ${instant(tx, 'enteredAt')}, "callId", nth, "queueId", source, caller, origin, outcome, position,
      ${instant(tx, 'settledAt')}, "waitMs", identity, ${instant(tx, 'endedAt')}, "talkMs", "holdMs", "wrapUpMs",
      ${instant(tx, 'handledAt')}, "isTransferred", "isCompleted", "isInferred", "isCalledBack", "continuedTo",
      "earlierQueues"
    from jsonb_to_recordset(${JSON.stringify(visits)}::text::jsonb) as visit (
      "enteredAt" bigint, "callId" text, nth integer, "queueId" text, source text, caller text, origin text,
      outcome text, position integer, "settledAt" bigint, "waitMs" bigint, identity text, "endedAt" bigint,
      "talkMs" bigint, "holdMs" bigint, "wrapUpMs" bigint, "handledAt" bigint, "isTransferred" boolean,
      "isCompleted" boolean, "isInferred" boolean, "isCalledBack" boolean, "continuedTo" text, "earlierQueues" text[]
    )`;
}

async function insertLegs(tx: TransactionSql, tenantId: string, legs: LegFact[]): Promise<void> {
  await tx`
    insert into agent_metrics (
      tenant_id, identity, counted_at, call_id, kind, nth, queue_id, started_at, ended_at, wait_ms, talk_ms, hold_ms,
      wrap_up_ms, handled_at, is_transferred, is_completed
    )
    select
      ${tenantId}, identity, ${instant(tx, 'countedAt')}, "callId", kind, nth, "queueId", ${instant(tx, 'startedAt')},
      ${instant(tx, 'endedAt')}, "waitMs", "talkMs", "holdMs", "wrapUpMs", ${instant(tx, 'handledAt')},
      "isTransferred", "isCompleted"
    from jsonb_to_recordset(${JSON.stringify(legs)}::text::jsonb) as leg (
      identity text, "countedAt" bigint, "callId" text, kind text, nth integer, "queueId" text, "startedAt" bigint,
      "endedAt" bigint, "waitMs" bigint, "talkMs" bigint, "holdMs" bigint, "wrapUpMs" bigint, "handledAt" bigint,
      "isTransferred" boolean, "isCompleted" boolean
    )`;
}

async function insertPieces(tx: TransactionSql, tenantId: string, pieces: PieceFact[]): Promise<void> {
  await tx`
    insert into agent_intervals (tenant_id, identity, started_at, ended_at, state, reason, call_id, queues)
    select
      ${tenantId}, identity, ${instant(tx, 'startedAt')}, ${instant(tx, 'endedAt')}, state, reason, "callId", queues
    from jsonb_to_recordset(${JSON.stringify(pieces)}::text::jsonb) as piece (
      identity text, "startedAt" bigint, "endedAt" bigint, state text, reason text, "callId" text, queues text[]
    )`;
}
