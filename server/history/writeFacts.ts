import type { TransactionSql } from 'postgres';
import { agentIntervals, agentMetrics, queueVisits } from '../db/schema/history.ts';
import type { LocalDay } from '../log/localDay.ts';
import type { DayChanges } from './dayFold.ts';
import { createMarks, type Marks } from './marks.ts';
import { type CallerVisit, contactsBefore, tellsCaller } from './rollUps/contacts.ts';
import { rollUpTable } from './rollUps/table.ts';

/** Puts facts in place of those there are, and marks the buckets they count in [L11]. Instants cross as epoch ms. */

/** Few enough to hold as one text. */
const CALLERS_PER_STATEMENT = 5_000;

export const visitRows = rollUpTable(queueVisits, ['enteredAt', 'callId', 'nth']);
export const legRows = rollUpTable(agentMetrics, ['identity', 'countedAt', 'callId', 'kind', 'nth']);
export const pieceRows = rollUpTable(agentIntervals, ['identity', 'startedAt']);

/** `now` in epoch ms. Answers whether any fact went or came. */
export async function writeChanges(
  tx: TransactionSql,
  tenantId: string,
  changes: DayChanges,
  now: number,
): Promise<boolean> {
  const { day, callIds } = changes;
  const marks = createMarks(day, now);
  const [start, end] = [new Date(day.start), new Date(day.end)];
  let gone: CallerVisit[] = [];
  if (callIds.length > 0) {
    const [visits, legs] = await Promise.all([
      tx<CallerVisit[]>`
        delete from queue_visits
        where tenant_id = ${tenantId} and call_id = any(${callIds}) and entered_at >= ${start} and entered_at < ${end}
        returning ${callerVisit(tx)}`,
      tx<{ queue_id: string; identity: string; at: number }[]>`
        delete from agent_metrics
        where tenant_id = ${tenantId} and call_id = any(${callIds}) and kind <> 'outbound'
          and counted_at >= ${start} and counted_at < ${end}
        returning queue_id, identity, (extract(epoch from counted_at) * 1000)::float8 as at`,
    ]);
    gone = visits;
    for (const { queueId, enteredAt } of visits) marks.queue(queueId, enteredAt);
    for (const { queue_id, identity, at } of legs) marks.leg(queue_id, identity, at);
  }
  if (changes.agents.length > 0) {
    const pieces = await tx<{ identity: string; at: number }[]>`
      delete from agent_intervals using jsonb_to_recordset(${JSON.stringify(changes.agents)}::text::jsonb)
        as agent (identity text, "from" bigint)
      where tenant_id = ${tenantId} and agent_intervals.identity = agent.identity
        and started_at >= timestamptz 'epoch' + agent.from * interval '1 millisecond' and started_at < ${end}
      returning agent_intervals.identity, (extract(epoch from started_at) * 1000)::float8 as at`;
    for (const { identity, at } of pieces) {
      marks.team(at);
      marks.agent(identity);
    }
  }
  if (changes.outboundOf.length > 0) {
    const legs = await tx<{ identity: string }[]>`
      delete from agent_metrics
      where tenant_id = ${tenantId} and identity = any(${changes.outboundOf}) and kind = 'outbound'
        and counted_at >= ${start} and counted_at < ${end}
      returning identity`;
    for (const { identity } of legs) marks.agent(identity);
  }
  return insertFacts(tx, tenantId, changes, marks, gone);
}

/** The same for a day folded as a whole: nothing of what there was stays. */
export async function writeWholeDay(
  tx: TransactionSql,
  tenantId: string,
  changes: DayChanges,
  now: number,
): Promise<void> {
  const { day } = changes;
  const marks = createMarks(day, now);
  const gone = await tx<CallerVisit[]>`
    select ${callerVisit(tx)} from queue_visits
    where tenant_id = ${tenantId} and entered_at >= ${new Date(day.start)} and entered_at < ${new Date(day.end)}
      and caller is not null`;
  await clearDay(tx, tenantId, day, marks);
  await insertFacts(tx, tenantId, changes, marks, gone);
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
  gone: readonly CallerVisit[],
): Promise<boolean> {
  for (const visit of visits) marks.queue(visit.queueId, visit.enteredAt);
  for (const leg of legs) marks.leg(leg.queueId, leg.identity, leg.countedAt);
  for (const leg of outbound) marks.agent(leg.identity);
  for (const { identity, startedAt } of pieces) {
    marks.team(startedAt);
    // He may have taken no call all day.
    marks.agent(identity);
  }
  await visitRows.insert(tx, tenantId, visits);
  await legRows.insert(tx, tenantId, [...legs, ...outbound]);
  await pieceRows.insert(tx, tenantId, pieces);
  // Whoever called before has, or has not, called again [H4].
  const callers = callersChanged(gone, visits);
  for (let from = 0; from < callers.length; from += CALLERS_PER_STATEMENT) {
    const some = callers.slice(from, from + CALLERS_PER_STATEMENT);
    for (const { queueId, at } of await contactsBefore(tx, tenantId, some)) marks.queue(queueId, at);
  }
  return marks.write(tx, tenantId);
}

function callerVisit(tx: TransactionSql) {
  return tx`caller, call_id as "callId", queue_id as "queueId", origin,
    (extract(epoch from entered_at) * 1000)::float8 as "enteredAt"`;
}

/** Visits that are only among those that went, or only among those that came. */
function callersChanged(gone: readonly CallerVisit[], come: readonly CallerVisit[]): CallerVisit[] {
  const keyOf = ({ caller, callId, queueId, enteredAt }: CallerVisit) =>
    JSON.stringify([caller, callId, queueId, enteredAt]);
  const only = new Map(gone.filter(tellsCaller).map((visit) => [keyOf(visit), visit]));
  for (const visit of come) {
    if (!tellsCaller(visit) || only.delete(keyOf(visit))) continue;
    const { caller, callId, queueId, origin, enteredAt } = visit;
    only.set(keyOf(visit), { caller, callId, queueId, origin, enteredAt });
  }
  return [...only.values()];
}
