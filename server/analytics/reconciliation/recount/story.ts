import type { LogEvent } from '../../../../shared/contract/events.ts';
import { compareOrder } from '../../../../shared/live/order.ts';

/**
 * What became of one call, read straight off its events by the definitions of docs/metrics.md ("The unit", [V0]–[V11], [A6]).
 * Written a second time on purpose: nothing here is shared with the folds of shared/live but the order of events [L15], so
 * that a defect of theirs shows as a difference [R1]. It knows one call at a time, whole and in order.
 */

/** One stay in a queue. Instants in epoch ms, durations in ms. */
export interface Stay {
  callId: string;
  queueId: string;
  enteredAt: number;
  isCallback: boolean;
  outcome: Extract<LogEvent, { kind: 'call.left' }>['outcome'] | 'waiting' | 'answered' | 'lost';
  settledAt: number;
  waitMs: number;
  agent: string | null;
  endedAt: number | null;
  talkMs: number | null;
  holdMs: number | null;
  heldSince: number | null;
  isTransferred: boolean;
  isCompleted: boolean;
  isConcluded: boolean;
}

export interface Story {
  stays: Stay[];
  refusals: { queueId: string; at: number }[];
  misses: { queueId: string; agent: string; at: number }[];
  outbound: { agent: string; at: number }[];
  /** Transfers that found the call neither waiting nor talking: perhaps another call's, of that agent. */
  strayTransfers: Transfer[];
}

export type Transfer = Extract<LogEvent, { kind: 'call.transferred' }>;
type CallEvent = Extract<LogEvent, { kind: `call.${string}` }>;
type End = Extract<LogEvent, { kind: 'call.ended' | 'call.transferred' }>;

const SHORT_RING_MS = 5_000;

/** `restarts`: those of the call's source; `personOf` tells who is meant by a name. */
export function tellStory(
  events: readonly LogEvent[],
  restarts: readonly LogEvent[],
  personOf: (name: string) => string,
): Story {
  const story: Story = { stays: [], refusals: [], misses: [], outbound: [], strayTransfers: [] };
  const rings = new Map<string, number>();
  for (const event of [...events, ...restarts].sort(compareOrder)) {
    if (event.kind === 'source.restarted') cutOff(story, rings, event.occurredAt);
    else if (event.kind.startsWith('call.')) tell(story, rings, event as CallEvent, personOf); // Its kind says so.
  }
  return story;
}

function tell(
  story: Story,
  rings: Map<string, number>,
  event: CallEvent,
  personOf: (name: string) => string,
): void {
  const at = event.occurredAt;
  const agent = event.agent === undefined ? null : personOf(event.agent);
  switch (event.kind) {
    case 'call.refused':
      story.refusals.push({ queueId: event.queue, at });
      return;
    case 'call.queued': {
      const before = find(story, event.queue, () => true);
      if (before?.enteredAt === at && !before.isConcluded) return;
      if (before?.outcome === 'waiting') settle(before, 'lost', at, null);
      story.stays.push({ ...stayOf(event, at), isCallback: event.origin === 'callback' });
      return;
    }
    case 'call.alerted':
      if (agent !== null) rings.set(agent, at);
      return;
    case 'call.missed':
      if (agent !== null) miss(story, rings, event, agent);
      return;
    case 'call.answered':
    case 'call.left': {
      rings.clear();
      const outcome = event.kind === 'call.left' ? event.outcome : 'answered';
      let stay = find(story, event.queue, isWaiting);
      if (!stay) {
        if (find(story, event.queue, () => true)?.outcome === outcome) return;
        stay = conclude(story, event, at - (event.waitMs ?? 0));
      }
      settle(stay, outcome, at, event.waitMs ?? null);
      if (event.kind === 'call.answered') stay.agent = agent;
      return;
    }
    case 'call.held':
    case 'call.resumed': {
      const stay = find(story, undefined, isTalking);
      if (!stay) return;
      endHold(stay, at);
      if (event.kind === 'call.held') stay.heldSince = at;
      return;
    }
    case 'call.transferred':
      if (agent !== null && !story.stays.some(isOngoing)) story.strayTransfers.push(event);
      end(story, rings, event, agent);
      return;
    case 'call.ended':
      end(story, rings, event, agent);
      return;
    case 'call.outbound':
      if (agent !== null && event.outcome === 'connected') story.outbound.push({ agent, at });
      return;
    default:
      return; // Wrap-up and what is dialled change no stay.
  }
}

/** [A6] Rejected, or rung for five seconds and more; a phone out of reach rang for nobody. */
function miss(
  story: Story,
  rings: Map<string, number>,
  event: Extract<LogEvent, { kind: 'call.missed' }>,
  agent: string,
): void {
  const since = rings.get(agent);
  rings.delete(agent);
  const ringMs = event.ringMs ?? (since === undefined ? SHORT_RING_MS : event.occurredAt - since);
  if (event.reason === 'unreachable' || (event.reason !== 'rejected' && ringMs < SHORT_RING_MS)) return;
  story.misses.push({ queueId: event.queue ?? '', agent, at: event.occurredAt });
}

function end(story: Story, rings: Map<string, number>, event: End, agent: string | null): void {
  const at = event.occurredAt;
  rings.clear();
  let stay = find(story, event.queue, isTalking);
  if (!stay) {
    const talkMs = event.talkMs ?? 0;
    stay = find(story, event.queue, isWaiting);
    if (!stay) {
      if (event.queue === undefined) return;
      if (find(story, event.queue, ({ outcome }) => outcome === 'answered')) return;
      stay = conclude(story, { ...event, queue: event.queue }, at - (event.waitMs ?? 0) - talkMs);
    }
    stay.isConcluded = true;
    settle(stay, 'answered', Math.max(stay.enteredAt, at - talkMs), null);
    stay.agent = agent;
  }
  endHold(stay, at);
  if (event.kind === 'call.ended' && event.holdMs !== undefined) stay.holdMs = event.holdMs;
  stay.talkMs = event.talkMs ?? Math.max(0, at - stay.settledAt - (stay.holdMs ?? 0));
  stay.endedAt = at;
  stay.isTransferred = event.kind === 'call.transferred';
  stay.isCompleted = event.kind === 'call.transferred' || event.by !== 'system';
}

/** [V10] A restart loses who waits, and ends talks at a length nobody knows. */
function cutOff(story: Story, rings: Map<string, number>, at: number): void {
  for (const stay of story.stays) {
    if (isWaiting(stay) || isTalking(stay)) rings.clear();
    if (isWaiting(stay)) settle(stay, 'lost', at, null);
    else if (isTalking(stay)) {
      endHold(stay, at);
      stay.endedAt = at;
    }
  }
}

function settle(stay: Stay, outcome: Stay['outcome'], at: number, reportedMs: number | null): void {
  stay.outcome = outcome;
  stay.settledAt = at;
  stay.waitMs = reportedMs ?? Math.max(0, at - stay.enteredAt);
}

function endHold(stay: Stay, at: number): void {
  if (stay.heldSince === null) return;
  stay.holdMs = (stay.holdMs ?? 0) + (at - stay.heldSince);
  stay.heldSince = null;
}

/** A stay nobody reported the beginning of. */
function conclude(story: Story, event: { callId: string; queue: string }, enteredAt: number): Stay {
  const stay = { ...stayOf(event, enteredAt), isConcluded: true };
  story.stays.push(stay);
  return stay;
}

function stayOf({ callId, queue }: { callId: string; queue: string }, enteredAt: number): Stay {
  return {
    callId,
    queueId: queue,
    enteredAt,
    isCallback: false,
    outcome: 'waiting',
    settledAt: enteredAt,
    waitMs: 0,
    agent: null,
    endedAt: null,
    talkMs: null,
    holdMs: null,
    heldSince: null,
    isTransferred: false,
    isCompleted: false,
    isConcluded: false,
  };
}

const isWaiting = ({ outcome }: Stay) => outcome === 'waiting';
const isTalking = ({ outcome, endedAt }: Stay) => outcome === 'answered' && endedAt === null;
const isOngoing = ({ outcome, endedAt }: Stay) => endedAt === null && outcome !== 'lost';

function find(story: Story, queueId: string | undefined, fits: (stay: Stay) => boolean): Stay | undefined {
  return story.stays.findLast((stay) => (queueId === undefined || stay.queueId === queueId) && fits(stay));
}
