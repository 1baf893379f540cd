import type { CallLeg, CallVisit } from '../../../shared/contract/calls.ts';
import { UNASSIGNED_SECTOR } from '../../../shared/contract/settings.ts';
import type { LegFact } from '../../../shared/metrics/facts.ts';
import { isoOf } from '../isoOf.ts';
import type { Directory } from './directory.ts';
import type { ListedVisit } from './visits.ts';

/** Facts as answers show them. */

export function shownVisit(visit: ListedVisit, { settings, agent }: Directory): CallVisit {
  const { identity, queueId, enteredAt, settledAt, endedAt, handledAt, waitMs, outcome } = visit;
  const queue = settings.queues.get(queueId);
  const who = identity === null ? null : agent(identity);
  return {
    callId: visit.callId,
    nth: visit.nth,
    queueId,
    queueName: queue?.name ?? queueId,
    sectorId: queue?.sectorId ?? UNASSIGNED_SECTOR,
    source: visit.source,
    caller: visit.caller,
    origin: visit.origin,
    outcome,
    enteredAt: isoOf(enteredAt),
    position: visit.position,
    settledAt: isoOrNull(settledAt),
    // A refusal never waited; of one that still waits, or was lost waiting, nobody knows how long.
    waitMs: outcome === 'refused' || settledAt === null ? null : waitMs,
    agentId: who?.agentId ?? null,
    agentName: who?.agentName ?? null,
    endedAt: isoOrNull(endedAt),
    talkMs: visit.talkMs,
    holdMs: visit.holdMs,
    wrapUpMs: visit.wrapUpMs,
    handledAt: isoOrNull(handledAt),
    isTransferred: visit.isTransferred,
    isCompleted: visit.isCompleted,
    isInferred: visit.isInferred,
    isOutsideHours: visit.isOutsideHours,
    isCalledBack: visit.isCalledBack,
    continuedTo: visit.continuedTo,
  };
}

export function shownLeg(leg: LegFact, { settings, agent }: Directory): CallLeg {
  const { agentId, agentName } = agent(leg.identity);
  const queueId = leg.queueId === '' ? null : leg.queueId;
  return {
    kind: leg.kind,
    agentId,
    agentName,
    queueId,
    queueName: queueId === null ? null : (settings.queues.get(queueId)?.name ?? queueId),
    startedAt: isoOf(leg.startedAt),
    endedAt: isoOrNull(leg.endedAt),
    waitMs: leg.waitMs,
    talkMs: leg.talkMs,
    holdMs: leg.holdMs,
    wrapUpMs: leg.wrapUpMs,
    isTransferred: leg.isTransferred,
    isCompleted: leg.isCompleted,
  };
}

export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : isoOf(ms));
