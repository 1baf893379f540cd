import type { LogEvent } from '../../../shared/contract/events.ts';

/**
 * Tests only: visits counted from the log as METRICS defines them ("The unit"), by a few rules written down a second time and
 * by nothing that the product counts with. Only of logs such as randomDays.ts writes. Instants in epoch ms.
 */

export interface Visit {
  callId: string;
  queue: string;
  entered: number;
  origin: 'inbound' | 'callback' | 'transfer';
  outcome: string;
  settled: number | null;
  waitMs: number;
  agent: string | null;
  ended: number | null;
  talkMs: number | null;
  holdMs: number | null;
  heldSince: number | null;
  isTransferred: boolean;
  isCompleted: boolean;
  /** Reported, or what was configured as far as it came to pass; set by recountAgents.ts. */
  wrapUpMs: number;
  handledAt: number | null;
}

export interface Recounted {
  visits: Visit[];
  refusals: { queue: string; at: number }[];
  misses: { queue: string; agent: string; at: number }[];
}

export function inOrder(log: readonly LogEvent[]): LogEvent[] {
  return [...log].sort((a, b) => a.occurredAt - b.occurredAt || a.sourceOrder - b.sourceOrder);
}

export function recountVisits(log: readonly LogEvent[]): Recounted {
  const found: Recounted = { visits: [], refusals: [], misses: [] };
  const calls = new Map<string, Visit[]>();
  const alerts = new Map<string, number>();
  for (const event of inOrder(log)) {
    if (!('callId' in event) || event.callId === undefined) continue;
    const { callId } = event;
    const visits = calls.get(callId) ?? [];
    calls.set(callId, visits);
    tell(found, visits, alerts, event, callId);
  }
  found.visits = [...calls.values()].flat();
  return found;
}

function tell(
  found: Recounted,
  visits: Visit[],
  alerts: Map<string, number>,
  event: LogEvent,
  callId: string,
): void {
  const at = event.occurredAt;
  const of = (queue: string) => visits.filter((visit) => visit.queue === queue);
  const open = (queue: string) => of(queue).findLast(({ outcome }) => outcome === 'open');
  const talking = () => visits.findLast(({ outcome, ended }) => outcome === 'answered' && ended === null);
  switch (event.kind) {
    case 'call.refused':
      found.refusals.push({ queue: event.queue, at });
      break;
    case 'call.queued': {
      if (of(event.queue).at(-1)?.entered === at) break;
      const before = open(event.queue);
      if (before) Object.assign(before, { outcome: 'lost', settled: at });
      visits.push(entered(callId, event.queue, at, event.origin));
      break;
    }
    case 'call.alerted':
      alerts.set(`${callId} ${event.agent}`, at);
      break;
    case 'call.missed': {
      const { agent = '', queue = '', reason } = event;
      const ringMs = event.ringMs ?? at - (alerts.get(`${callId} ${agent}`) ?? at);
      if (reason === 'rejected' || ringMs >= 5_000) found.misses.push({ queue, agent, at });
      break;
    }
    case 'call.answered':
    case 'call.left': {
      const known = open(event.queue);
      const visit = known ?? entered(callId, event.queue, at - (event.waitMs ?? 0), 'inbound');
      if (!known) visits.push(visit);
      visit.settled = at;
      visit.waitMs = event.waitMs ?? at - visit.entered;
      visit.outcome = event.kind === 'call.left' ? event.outcome : 'answered';
      if (event.kind === 'call.answered') visit.agent = event.agent ?? null;
      break;
    }
    case 'call.held':
    case 'call.resumed': {
      const visit = talking();
      if (!visit) break;
      endHold(visit, at);
      if (event.kind === 'call.held') visit.heldSince = at;
      break;
    }
    case 'call.transferred':
    case 'call.ended': {
      const visit = talking();
      if (!visit) break;
      endHold(visit, at);
      visit.ended = at;
      visit.talkMs = event.talkMs ?? at - (visit.settled ?? at) - (visit.holdMs ?? 0);
      visit.isTransferred = event.kind === 'call.transferred';
      visit.isCompleted = event.kind === 'call.transferred' || event.by !== 'system';
      break;
    }
  }
}

function entered(callId: string, queue: string, at: number, origin: Visit['origin']): Visit {
  return {
    callId,
    queue,
    entered: at,
    origin,
    outcome: 'open',
    settled: null,
    waitMs: 0,
    agent: null,
    ended: null,
    talkMs: null,
    holdMs: null,
    heldSince: null,
    isTransferred: false,
    isCompleted: false,
    wrapUpMs: 0,
    handledAt: null,
  };
}

function endHold(visit: Visit, at: number): void {
  if (visit.heldSince === null) return;
  visit.holdMs = (visit.holdMs ?? 0) + at - visit.heldSince;
  visit.heldSince = null;
}
