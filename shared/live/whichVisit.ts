import type { Call, Visit } from './model.ts';

/** Which of a call's visits an event means: always the latest that fits. */

/** The call's latest visit, in one queue or in any, that satisfies `fits`. */
export function latest(
  call: Call,
  queueId: string | undefined,
  fits: (visit: Visit) => boolean,
): Visit | undefined {
  for (let i = call.visits.length - 1; i >= 0; i--) {
    const visit = call.visits[i];
    if (visit && (queueId === undefined || visit.queueId === queueId) && fits(visit)) return visit;
  }
  return undefined;
}

export const isOpen = (visit: Visit) => visit.outcome === 'open';
export const isTalking = (visit: Visit) => visit.outcome === 'answered' && visit.endedAt === null;
export const isAnswered = (visit: Visit) => visit.outcome === 'answered';

/** The visit in conversation, if any. */
export function talkingVisit(call: Call, queueId?: string): Visit | undefined {
  return latest(call, queueId, isTalking);
}

/** The visit that waits, if any. */
export function waitingVisit(call: Call): Visit | undefined {
  return latest(call, undefined, isOpen);
}

export function lastAnswered(call: Call): Visit | undefined {
  return latest(call, undefined, isAnswered);
}
