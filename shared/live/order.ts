import type { EventKind, LogEvent } from '../contract/events.ts';

/**
 * [L15] Events are numbered in commit order and folded in event order: (`occurredAt`, `sourceOrder`, kind rank,
 * source, sourceKey). The order is total because (source, sourceKey) is unique [L2], so any order of arrival folds
 * into the same state.
 */

/** Within one instant, causes come before effects: a call enters a queue before it is answered, and is answered before it ends. */
const KIND_RANK: Record<EventKind, number> = {
  'source.restarted': 0,
  'source.note': 1,
  'agent.signed_in': 2,
  'agent.joined': 3,
  'call.refused': 4,
  'call.queued': 5,
  'call.dialed': 6,
  'call.alerted': 7,
  'call.missed': 8,
  'call.answered': 9,
  'call.outbound_started': 10,
  'call.held': 11,
  'call.resumed': 12,
  'call.transferred': 13,
  'call.left': 14,
  'call.ended': 15,
  'call.outbound': 16,
  'agent.state_changed': 17,
  'call.wrapped': 18,
  'callback.completed': 19,
  'agent.left': 20,
  'agent.signed_out': 21,
  'survey.answered': 22,
  'quality.scored': 23,
  'revenue.recorded': 24,
};

/** The part of an event that decides its place. */
export type OrderKey = Pick<LogEvent, 'occurredAt' | 'sourceOrder' | 'kind' | 'source' | 'sourceKey'>;

/** An event's place without the event, which may be large. */
export function placeOf({ occurredAt, sourceOrder, kind, source, sourceKey }: OrderKey): OrderKey {
  return { occurredAt, sourceOrder, kind, source, sourceKey };
}

/** Negative when `a` folds before `b`, positive when after, 0 only for the same event. */
export function compareOrder(a: OrderKey, b: OrderKey): number {
  return (
    a.occurredAt - b.occurredAt ||
    a.sourceOrder - b.sourceOrder ||
    KIND_RANK[a.kind] - KIND_RANK[b.kind] ||
    compareText(a.source, b.source) ||
    compareText(a.sourceKey, b.sourceKey)
  );
}

/** Code unit order: the same on every machine, unlike `localeCompare`. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Puts `event` into a list already in event order; the late tail is short, so it is searched from the end. */
export function insertInOrder(events: LogEvent[], event: LogEvent): void {
  let at = events.length;
  while (at > 0) {
    const before = events[at - 1];
    if (before === undefined || compareOrder(before, event) <= 0) break;
    at--;
  }
  events.splice(at, 0, event);
}
