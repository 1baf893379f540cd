import { assertNever } from '../../../shared/assertNever.ts';
import type { JOURNEY_STEPS } from '../../../shared/contract/calls.ts';
import type { LogEvent } from '../../../shared/contract/events.ts';
import type { LegFact } from '../../../shared/metrics/facts.ts';
import type { ListedVisit } from './visits.ts';

/** One thing that happened to a call; instants in epoch ms, durations in ms. */
export interface Step {
  at: number;
  step: (typeof JOURNEY_STEPS)[number];
  queueId: string | null;
  identity: string | null;
  durationMs: number | null;
  detail: string | null;
}

/** Of one instant: what had to come first. */
const ORDER: Record<Step['step'], number> = {
  refused: 0,
  entered: 0,
  rang: 1,
  missed: 2,
  outbound: 3,
  answered: 3,
  held: 4,
  transferred: 5,
  ended: 6,
  wrapped: 7,
  left: 8,
};

/**
 * What became of a call, in the order in which it happened. Waits, talks and wrap-ups are those that figures count, so
 * they come from the facts and are there when the log no longer is; when phones rang, and when somebody held or passed
 * on, only the log says.
 */
export function journeyOf(
  visits: readonly ListedVisit[],
  legs: readonly LegFact[],
  events: readonly LogEvent[],
  identityOf: (name: string) => string,
): Step[] {
  const told = [...legs.flatMap(stepsOfLeg), ...stepsOfEvents(events, identityOf)];
  const placed = [
    ...visits.flatMap((visit) => stepsOfVisit(visit).map((step) => ({ step, nth: visit.nth }))),
    ...told.map((step) => ({ step, nth: visitAt(visits, step) })),
  ];
  placed.sort((a, b) => a.step.at - b.step.at || a.nth - b.nth || ORDER[a.step.step] - ORDER[b.step.step]);
  return placed.map(({ step }) => step);
}

/** The visit in which something happened, so that of one instant a visit's end comes before the beginning of the next. */
function visitAt(visits: readonly ListedVisit[], { at, queueId }: Step): number {
  const begun = visits.filter((visit) => (queueId === null ? visit.enteredAt < at : visit.enteredAt <= at));
  return begun.findLast((visit) => queueId === null || visit.queueId === queueId)?.nth ?? 0;
}

function stepsOfVisit(visit: ListedVisit): Step[] {
  const { queueId, identity, enteredAt, settledAt, endedAt, handledAt, outcome } = visit;
  const none = { queueId, identity: null, durationMs: null, detail: null };
  if (outcome === 'refused') return [{ ...none, at: enteredAt, step: 'refused' }];
  const steps: Step[] = [{ ...none, at: enteredAt, step: 'entered' }];
  if (settledAt === null) return steps;
  if (outcome !== 'answered') {
    return [...steps, { ...none, at: settledAt, step: 'left', durationMs: visit.waitMs, detail: outcome }];
  }
  steps.push({ ...none, at: settledAt, step: 'answered', identity, durationMs: visit.waitMs });
  if (endedAt !== null)
    steps.push({ ...none, at: endedAt, step: 'ended', identity, durationMs: visit.talkMs });
  const { wrapUpMs } = visit;
  if (handledAt !== null && wrapUpMs !== null && wrapUpMs > 0)
    steps.push({ ...none, at: handledAt, step: 'wrapped', identity, durationMs: wrapUpMs });
  return steps;
}

function stepsOfLeg(leg: LegFact): Step[] {
  const { kind, identity, startedAt, endedAt } = leg;
  const queueId = leg.queueId === '' ? null : leg.queueId;
  switch (kind) {
    case 'answered':
      return []; // Its visit has said so.
    case 'missed':
      return []; // The log says for how long it rang, and why it ended.
    case 'outbound': {
      const begun: Step = {
        at: startedAt,
        step: 'outbound',
        queueId,
        identity,
        durationMs: leg.talkMs,
        detail: null,
      };
      return endedAt === null
        ? [begun]
        : [begun, { ...begun, at: endedAt, step: 'ended', durationMs: leg.talkMs }];
    }
    default:
      return assertNever(kind);
  }
}

function stepsOfEvents(events: readonly LogEvent[], identityOf: (name: string) => string): Step[] {
  const steps: Step[] = [];
  /** Holds that have not been seen to end, by who holds. */
  const held = new Map<string, Step>();
  const endHold = (identity: string | null, at: number) => {
    const step = held.get(identity ?? '');
    if (step) step.durationMs = at - step.at;
    held.delete(identity ?? '');
  };
  for (const event of events) {
    const named = 'agent' in event ? event.agent : undefined;
    const identity = named === undefined ? null : identityOf(named);
    const queueId = ('queue' in event ? event.queue : undefined) ?? null;
    const base = { at: event.occurredAt, queueId, identity, durationMs: null, detail: null };
    switch (event.kind) {
      case 'call.alerted':
        steps.push({ ...base, step: 'rang' });
        break;
      case 'call.missed':
        steps.push({ ...base, step: 'missed', durationMs: event.ringMs ?? null, detail: event.reason });
        break;
      case 'call.held': {
        const step: Step = { ...base, step: 'held' };
        steps.push(step);
        held.set(identity ?? '', step);
        break;
      }
      case 'call.resumed':
      case 'call.ended':
        endHold(identity, event.occurredAt);
        break;
      case 'call.transferred':
        endHold(identity, event.occurredAt);
        steps.push({ ...base, step: 'transferred', detail: event.to ?? null });
        break;
    }
  }
  return steps;
}
