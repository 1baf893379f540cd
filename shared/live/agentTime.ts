import type { AgentState } from '../contract/metrics.ts';
import type { AgentFacts, Segment, StateSums } from './model.ts';

/**
 * An agent's timeline: which state from when to when [A1]. Facts change by events, but some end by time alone (a
 * wrap-up, a ring, an inferred sign-in); `advance` cuts the timeline at those instants, and readers do the same on
 * a copy, so that nobody needs a timer.
 */

export const HOUR_MS = 3_600_000;
/** The longest sliding window, and five minutes for a sender's clock that runs ahead. */
export const RECENT_MS = 65 * 60_000;
/** An agent whose source reports no sign-in counts as signed in for this long after his last event [A1]. */
const INFERRED_SIGN_IN_MS = 4 * HOUR_MS;
/** A talk silent for this long has ended without anybody saying so [V10]. */
const SILENT_TALK_MS = 12 * HOUR_MS;

/** What the passing of time needs to know, and whom it tells that a wrap-up ended. */
export interface Clock {
  dayStart: number;
  unheardMs: number;
  /** Ends the wrap-up `wrap` at `at`; the owner of the state keeps its sums right, a reader just marks its copy. */
  endWrap(wrap: RunningWrap, at: number): void;
}

export type RunningWrap = NonNullable<AgentFacts['wrap']>;

export function emptySums(): StateSums {
  return { talking: 0, hold: 0, ringing: 0, wrap_up: 0, paused: 0, available: 0, offline: 0 };
}

/** Nothing known yet: offline since ever, so that the order in which events arrive leaves no trace. */
export function emptyFacts(): AgentFacts {
  return {
    signedIn: false,
    reported: false,
    queues: new Set(),
    paused: null,
    pausedQueues: new Map(),
    hand: new Map(),
    ringing: new Map(),
    wrap: null,
    lastLeg: null,
    shortRings: 0,
    outbound: [],
    dialing: null,
    state: 'offline',
    since: 0,
    reason: null,
    callId: null,
    queueId: null,
    sums: emptySums(),
    recent: [],
    lastHeardAt: 0,
    last: null,
  };
}

export function cloneFacts(f: AgentFacts): AgentFacts {
  return {
    ...f,
    queues: new Set(f.queues),
    pausedQueues: new Map(f.pausedQueues),
    hand: cloneEntries(f.hand),
    ringing: cloneEntries(f.ringing),
    wrap: f.wrap && { ...f.wrap, record: { ...f.wrap.record } },
    outbound: f.outbound.slice(),
    sums: { ...f.sums },
    recent: f.recent.slice(),
  };
}

/** Most agents have nothing in hand most of the time: an empty map is cheaper new than copied. */
function cloneEntries<V extends object>(map: Map<string, V>): Map<string, V> {
  const copy = new Map<string, V>();
  for (const [key, value] of map) copy.set(key, { ...value });
  return copy;
}

/** True when the agent-wide flag or the flag of every served queue is set. */
export function isPaused(f: AgentFacts): boolean {
  if (f.paused !== null) return true;
  if (f.pausedQueues.size === 0) return false;
  for (const queue of f.queues) if (!f.pausedQueues.has(queue)) return false;
  return true;
}

interface Label {
  state: AgentState;
  reason: string | null;
  callId: string | null;
  queueId: string | null;
}

/** Shown is the first that holds [A1]: talking, hold, ringing, wrap_up, paused, available, offline. */
function labelOf(f: AgentFacts): Label {
  if (f.hand.size > 0) {
    let held: Label | null = null;
    for (const [callId, hand] of f.hand) {
      const label = { state: 'talking' as const, reason: hand.direction, callId, queueId: hand.queueId };
      if (hand.heldSince === null) return label;
      held ??= { ...label, state: 'hold' };
    }
    if (held) return held;
  }
  for (const [callId, ring] of f.ringing) {
    return { state: 'ringing', reason: null, callId, queueId: ring.queueId };
  }
  if (f.dialing !== null) return { state: 'ringing', reason: 'outbound', callId: f.dialing, queueId: null };
  if (f.wrap) return { state: 'wrap_up', reason: null, callId: f.wrap.callId || null, queueId: null };
  if (f.signedIn && isPaused(f)) {
    const reason = f.paused ?? f.pausedQueues.values().next().value ?? '';
    return { state: 'paused', reason: reason === '' ? null : reason, callId: null, queueId: null };
  }
  const state = f.signedIn ? 'available' : 'offline';
  return { state, reason: null, callId: null, queueId: null };
}

/** Brings the shown state in line with the facts as of `at`; a change closes the running segment. */
export function relabel(f: AgentFacts, at: number, dayStart: number): void {
  const label = labelOf(f);
  if (label.state !== f.state || label.reason !== f.reason || label.callId !== f.callId) {
    closeSegment(f, at, dayStart);
    f.state = label.state;
    f.since = at;
    f.reason = label.reason;
    f.callId = label.callId;
  }
  f.queueId = label.queueId;
}

function closeSegment(f: AgentFacts, at: number, dayStart: number): void {
  if (at <= f.since) return;
  f.sums[f.state] += overlap(f.since, at, dayStart, at);
  f.recent.push({ state: f.state, from: f.since, to: at });
  if (f.recent.length > 64 && (f.recent[0]?.to ?? at) < at - RECENT_MS) {
    f.recent = f.recent.filter((segment) => segment.to >= at - RECENT_MS);
  }
}

/** Milliseconds that [from, to) and [low, high) share. */
export function overlap(from: number, to: number, low: number, high: number): number {
  return Math.max(0, Math.min(to, high) - Math.max(from, low));
}

/** Lets time pass until `at`: cuts the timeline where something ended by itself. */
export function advance(f: AgentFacts, at: number, clock: Clock): void {
  for (;;) {
    const due = nextDeadline(f, clock);
    if (due > at) return;
    expire(f, due, clock);
    relabel(f, Math.max(due, f.since), clock.dayStart);
  }
}

/** The earliest instant at which a fact ends without an event; infinite when none will. */
function nextDeadline(f: AgentFacts, clock: Clock): number {
  let next = f.wrap?.record.until ?? Number.POSITIVE_INFINITY;
  const rings = f.ringing.size > 0;
  if (rings) for (const ring of f.ringing.values()) next = Math.min(next, ring.until ?? next);
  if (f.hand.size > 0 || f.dialing !== null) next = Math.min(next, f.lastHeardAt + SILENT_TALK_MS);
  if (f.signedIn && !f.reported) next = Math.min(next, f.lastHeardAt + INFERRED_SIGN_IN_MS);
  if (f.signedIn || rings) next = Math.min(next, f.lastHeardAt + clock.unheardMs);
  return next;
}

/** Ends everything that is due at `at`. */
function expire(f: AgentFacts, at: number, clock: Clock): void {
  for (const [callId, ring] of f.ringing)
    if (ring.until !== null && ring.until <= at) f.ringing.delete(callId);
  const until = f.wrap?.record.until;
  if (until !== null && until !== undefined && until <= at) endWrap(f, until, clock);
  if (f.lastHeardAt + SILENT_TALK_MS <= at) {
    f.hand.clear();
    f.dialing = null;
  }
  if (!f.reported && f.lastHeardAt + INFERRED_SIGN_IN_MS <= at) f.signedIn = false;
  if (f.lastHeardAt + clock.unheardMs <= at) {
    f.signedIn = false;
    f.ringing.clear();
  }
}

/** Ends the running wrap-up, if any, at `at`. */
export function endWrap(f: AgentFacts, at: number, clock: Clock): void {
  if (!f.wrap) return;
  clock.endWrap(f.wrap, Math.max(at, f.wrap.record.from));
  f.wrap = null;
}

/**
 * What is learned afterwards (how long it rang, that it was wrap-up or an outbound talk) re-labels the past, but
 * only time spent in the states of `only` [A1].
 */
export function relabelPast(
  f: AgentFacts,
  from: number,
  to: number,
  state: AgentState,
  only: readonly AgentState[],
  dayStart: number,
): void {
  if (only.includes(f.state) && f.since < to) {
    closeSegment(f, to, dayStart);
    f.since = to;
  }
  const rewritten: Segment[] = [];
  let kept = f.recent.length;
  while (kept > 0) {
    const segment = f.recent[kept - 1];
    if (!segment || segment.to <= from) break;
    kept--;
    const low = Math.max(segment.from, from);
    const high = Math.min(segment.to, to);
    if (!only.includes(segment.state) || high <= low) {
      rewritten.unshift(segment);
      continue;
    }
    const pieces: Segment[] = [
      { state: segment.state, from: segment.from, to: low },
      { state, from: low, to: high },
      { state: segment.state, from: high, to: segment.to },
    ];
    rewritten.unshift(...pieces.filter((piece) => piece.to > piece.from));
    const moved = overlap(low, high, dayStart, high);
    f.sums[segment.state] -= moved;
    f.sums[state] += moved;
  }
  f.recent.length = kept;
  f.recent.push(...rewritten);
}
