import type { IngestEvent } from '../../../../shared/contract/events.ts';

/** A day of the demo counted by hand: straight from what was told, by none of the code that counts for the wall. */
export interface CountedVisit {
  callId: string;
  queue: string;
  caller: string;
  origin: string;
  enteredAt: number;
  /** Callers of its sector waiting already when it came. */
  ahead: number;
  /** When it first rang somebody; null: never. */
  rangAt: number | null;
  /** When it was answered or left; null where nobody said. */
  settledAt: number | null;
  outcome: string;
  waitMs: number;
  agent: string | null;
  /** Talk, hold and wrap-up of one who was answered, in ms. */
  talkMs: number;
  holdMs: number;
  wrapUpMs: number;
  transferKind: string | null;
}

export interface Line {
  at: number;
  waiting: number;
  /** When whoever has waited longest came; null: nobody waits. */
  since: number | null;
}

/** Every visit of a day in order of entry, and the line of waiting callers at each of its changes. */
export function countVisits(
  events: readonly IngestEvent[],
  sectorOf: (queue: string) => string,
): { visits: CountedVisit[]; lines: Line[] } {
  const visits: CountedVisit[] = [];
  const latest = new Map<string, CountedVisit>();
  const waiting = new Set<CountedVisit>();
  const lines: Line[] = [];
  const changed = (at: number): void => {
    const [first] = waiting;
    lines.push({ at, waiting: waiting.size, since: first?.enteredAt ?? null });
  };
  const settle = (visit: CountedVisit, at: number, outcome: string, waitMs: number): void => {
    Object.assign(visit, { settledAt: at, outcome, waitMs });
    waiting.delete(visit);
    changed(at);
  };
  for (const event of events) {
    const at = event.occurredAt;
    if (event.kind === 'source.restarted') {
      for (const visit of waiting) visit.outcome = 'lost';
      waiting.clear();
      changed(at);
      continue;
    }
    if (event.kind === 'call.queued') {
      const sector = sectorOf(event.queue);
      const visit: CountedVisit = {
        callId: event.callId,
        queue: event.queue,
        caller: event.caller ?? '',
        origin: event.origin,
        enteredAt: at,
        ahead: [...waiting].filter(({ queue, rangAt }) => rangAt === null && sectorOf(queue) === sector)
          .length,
        rangAt: null,
        settledAt: null,
        outcome: 'open',
        waitMs: 0,
        agent: null,
        talkMs: 0,
        holdMs: 0,
        wrapUpMs: 0,
        transferKind: null,
      };
      visits.push(visit);
      latest.set(event.callId, visit);
      waiting.add(visit);
      changed(at);
      continue;
    }
    const visit = 'callId' in event && event.callId !== undefined ? latest.get(event.callId) : undefined;
    if (visit === undefined) continue;
    if (event.kind === 'call.alerted') visit.rangAt ??= at;
    else if (event.kind === 'call.left') settle(visit, at, event.outcome, event.waitMs ?? 0);
    else if (event.kind === 'call.answered') {
      visit.agent = event.agent ?? null;
      settle(visit, at, 'answered', event.waitMs ?? 0);
    } else if (event.kind === 'call.ended') {
      visit.talkMs = event.talkMs ?? 0;
      visit.holdMs = event.holdMs ?? 0;
    } else if (event.kind === 'call.transferred') {
      visit.transferKind = event.transferKind;
      visit.talkMs = at - (visit.settledAt ?? at);
    } else if (event.kind === 'call.wrapped') {
      // After a blind transfer the next visit may already have begun: the wrap-up is of who speaks of it.
      const own = visits.findLast((one) => one.callId === event.callId && one.agent === event.agent);
      if (own) own.wrapUpMs = event.wrapUpMs ?? 0;
    }
  }
  return { visits, lines };
}
