import type { TransactionSql } from 'postgres';
import type { OneCall, RawEvent } from '../../../shared/contract/calls.ts';
import { identityOf } from '../../../shared/live/identity.ts';
import { compareOrder } from '../../../shared/live/order.ts';
import type { LegFact } from '../../../shared/metrics/facts.ts';
import type { Sight } from '../../access/principal.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { columns, type Row as EventRow, toEvent } from '../../log/readLog.ts';
import { isoOf } from '../isoOf.ts';
import type { Directory } from './directory.ts';
import { journeyOf } from './journey.ts';
import { legColumns } from './legs.ts';
import { shownLeg, shownVisit } from './shown.ts';
import { visitRules } from './visitRules.ts';
import { readVisitsOf } from './visits.ts';

/** An ordinary call has a dozen events; one that is told of more often is not shown whole. */
const EVENTS_SHOWN = 1_000;
const LEGS_SHOWN = 1_000;

/**
 * A call whole: its facts, and what was heard of it. The one reading of raw events that an answer makes. Null where nothing
 * is known of it, or where it touched no queue in sight; a call that touched one is shown whole.
 */
export async function readCall(
  db: Database,
  tenantId: string,
  callId: string,
  seen: { sight: Sight; directory: Directory; now: number },
): Promise<OneCall | null> {
  const { directory, sight } = seen;
  const rules = visitRules(directory.settings, seen.now);
  const [visits, legs, events] = await inTenant(db, tenantId, (tx) =>
    Promise.all([
      readVisitsOf(tx, tenantId, callId, rules),
      readLegsOf(tx, tenantId, callId),
      readEventsOf(tx, tenantId, callId),
    ]),
  );
  if (visits.length + legs.length + events.length === 0) return null;
  const queues = directory.queuesOf(sight);
  const isSeen = (queueId: string | null) =>
    queueId !== null && (queues === null || queues.includes(queueId));
  if (queues !== null) {
    const touched = [
      ...visits.map((visit) => visit.queueId),
      ...legs.map((leg) => leg.queueId),
      ...events.map((event) => event.queue_id),
    ];
    if (!touched.some(isSeen)) return null;
  }
  const shown = events.slice(0, EVENTS_SHOWN);
  const told = shown.map(toEvent).sort(compareOrder);
  const nameOf = (name: string) => identityOf(name, directory.settings.aliases);
  return {
    callId,
    caller: visits.find((visit) => visit.caller !== null)?.caller ?? null,
    journey: journeyOf(visits, legs, told, nameOf).map(({ at, identity, ...step }) => {
      const who = identity === null ? null : directory.agent(identity);
      return {
        ...step,
        at: isoOf(at),
        agentId: who?.agentId ?? null,
        agentName: who?.agentName ?? null,
      };
    }),
    visits: visits.map((visit) => shownVisit(visit, directory)),
    legs: legs.map((leg) => shownLeg(leg, directory)),
    events: shown.map(toRaw),
    isCut: events.length > EVENTS_SHOWN,
  };
}

async function readLegsOf(tx: TransactionSql, tenantId: string, callId: string): Promise<LegFact[]> {
  return tx<LegFact[]>`
    select ${legColumns(tx)}
    from agent_metrics where tenant_id = ${tenantId} and call_id = ${callId}
    order by started_at, nth limit ${LEGS_SHOWN}`;
}

async function readEventsOf(tx: TransactionSql, tenantId: string, callId: string): Promise<EventRow[]> {
  return tx<EventRow[]>`
    select ${columns(tx)}
    from call_events where tenant_id = ${tenantId} and call_id = ${callId}
    order by call_events.occurred_at, call_events.seq limit ${EVENTS_SHOWN + 1}`;
}

function toRaw(row: EventRow): RawEvent {
  return {
    seq: row.seq,
    recordedAt: isoOf(row.recorded_at),
    occurredAt: isoOf(row.occurred_at),
    kind: row.kind,
    source: row.source,
    sourceKey: row.source_key,
    queueId: row.queue_id,
    agentId: row.agent_id,
    body: row.body,
  };
}
