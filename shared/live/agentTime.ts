import type { AgentState } from '../contract/metrics.ts';
import type { Closing } from '../metrics/openingHours.ts';
import type { AgentFacts, Segment, StateSums, Wrap } from './model.ts';

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
  endWrap(wrap: Wrap, at: number): void;
  /** Whether all of these queues are closed [T8]; null where no queue ever closes. */
  closing: ((queues: Iterable<string>, at: number) => Closing) | null;
}

export function emptySums(): StateSums {
  return { talking: 0, hold: 0, ringing: 0, wrap_up: 0, paused: 0, available: 0, offline: 0, closed: 0 };
}

/** Why whoever is available gets no calls: all queues served are closed [T8]. */
const CLOSED = 'closed';

/** One for all: these maps are replaced, never changed. */
export const NO_PAUSES: ReadonlyMap<string, string> = new Map();

/** Nothing known yet: offline since ever, so that the order in which events arrive leaves no trace. */
export function emptyFacts(): AgentFacts {
  return cloneFacts({
    signedIn: false,
    reported: false,
    queues: new Set(),
    served: null,
    paused: null,
    pausedQueues: NO_PAUSES,
    hand: [],
    ringing: [],
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
    hoursChangeAt: null,
    sums: emptySums(),
    recent: null,
    lastHeardAt: 0,
    last: null,
  });
}

/** Field by field: objects made in one place have one hidden class, and what reads them is twice as fast. */
export function cloneFacts(f: AgentFacts): AgentFacts {
  const { talking, hold, ringing, wrap_up, paused, available, offline, closed } = f.sums;
  return {
    signedIn: f.signedIn,
    reported: f.reported,
    queues: f.queues,
    served: f.served,
    paused: f.paused,
    pausedQueues: f.pausedQueues,
    hand: f.hand,
    ringing: f.ringing,
    wrap: f.wrap,
    lastLeg: f.lastLeg,
    shortRings: f.shortRings,
    outbound: f.outbound,
    dialing: f.dialing,
    state: f.state,
    since: f.since,
    reason: f.reason,
    callId: f.callId,
    queueId: f.queueId,
    hoursChangeAt: f.hoursChangeAt,
    sums: { talking, hold, ringing, wrap_up, paused, available, offline, closed },
    recent: f.recent,
    lastHeardAt: f.lastHeardAt,
    last: f.last,
  };
}

/** True when the agent-wide flag or the flag of every served queue is set. */
export function isPaused(f: AgentFacts): boolean {
  if (f.paused !== null) return true;
  if (f.pausedQueues.size === 0) return false;
  for (const queue of f.queues) if (!f.pausedQueues.has(queue)) return false;
  return true;
}

/**
 * Brings the shown state in line with the facts as of `at`; a change closes the running segment. Shown is the first that
 * holds [A1]: talking, hold, ringing, wrap_up, paused, available, offline.
 */
export function relabel(f: AgentFacts, at: number, { dayStart, closing }: Clock): void {
  f.hoursChangeAt = null;
  const hand =
    f.hand.length > 1 ? (f.hand.find(({ heldSince }) => heldSince === null) ?? f.hand[0]) : f.hand[0];
  const ring = f.ringing[0];
  if (hand) {
    const state = hand.heldSince === null ? 'talking' : 'hold';
    show(f, at, dayStart, state, hand.direction, hand.callId, hand.queueId);
  } else if (ring) show(f, at, dayStart, 'ringing', null, ring.callId, ring.queueId);
  else if (f.dialing !== null) show(f, at, dayStart, 'ringing', 'outbound', f.dialing, null);
  else if (f.wrap) show(f, at, dayStart, 'wrap_up', null, f.wrap.callId || null, null);
  else if (f.signedIn && isPaused(f)) {
    const reason = f.paused ?? f.pausedQueues.values().next().value ?? '';
    show(f, at, dayStart, 'paused', reason === '' ? null : reason, null, null);
  } else if (f.signedIn) {
    const known = closing?.(f.queues, at);
    f.hoursChangeAt = known?.changesAt ?? null;
    show(f, at, dayStart, 'available', known?.isClosed ? CLOSED : null, null, null);
  } else show(f, at, dayStart, 'offline', null, null, null);
}

function show(
  f: AgentFacts,
  at: number,
  dayStart: number,
  state: AgentState,
  reason: string | null,
  callId: string | null,
  queueId: string | null,
): void {
  if (state !== f.state || reason !== f.reason || callId !== f.callId) {
    closeSegment(f, at, dayStart);
    f.state = state;
    f.since = at;
    f.reason = reason;
    f.callId = callId;
  }
  f.queueId = queueId;
}

function closeSegment(f: AgentFacts, at: number, dayStart: number): void {
  if (at <= f.since) return;
  spend(f.sums, f, overlap(f.since, at, dayStart, at));
  f.recent = segmentOf(f, f.since, at, f.recent);
}

/** Made in one place, like facts: what walks along the timelines is faster for it. */
export function segmentOf(
  { state, reason, callId }: Label,
  from: number,
  to: number,
  before: Segment | null,
): Segment {
  return { state, from, to, reason, callId, before };
}

/** Adds so many ms of one state. */
export function spend(
  sums: StateSums,
  { state, reason }: Pick<Segment, 'state' | 'reason'>,
  ms: number,
): void {
  sums[state] += ms;
  if (state === 'available' && reason === CLOSED) sums.closed += ms;
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
    relabel(f, Math.max(due, f.since), clock);
  }
}

/** Whether something ends by `at` without an event. */
export function endsByTime(f: AgentFacts, at: number, clock: Clock): boolean {
  return nextDeadline(f, clock) <= at;
}

/** The earliest instant at which a fact ends without an event; infinite when none will. */
function nextDeadline(f: AgentFacts, clock: Clock): number {
  let next = f.wrap?.until ?? Number.POSITIVE_INFINITY;
  const rings = f.ringing.length > 0;
  if (rings) for (const ring of f.ringing) next = Math.min(next, ring.until ?? next);
  if (f.hand.length > 0 || f.dialing !== null) next = Math.min(next, f.lastHeardAt + SILENT_TALK_MS);
  if (f.signedIn && !f.reported) next = Math.min(next, f.lastHeardAt + INFERRED_SIGN_IN_MS);
  if (f.signedIn || rings) next = Math.min(next, f.lastHeardAt + clock.unheardMs);
  if (f.hoursChangeAt !== null) next = Math.min(next, f.hoursChangeAt);
  return next;
}

/** Ends everything that is due at `at`. */
function expire(f: AgentFacts, at: number, clock: Clock): void {
  f.ringing = f.ringing.filter(({ until }) => until === null || until > at);
  const until = f.wrap?.until;
  if (until !== null && until !== undefined && until <= at) endWrap(f, until, clock);
  if (f.lastHeardAt + SILENT_TALK_MS <= at) {
    f.hand = [];
    f.dialing = null;
  }
  if (!f.reported && f.lastHeardAt + INFERRED_SIGN_IN_MS <= at) f.signedIn = false;
  if (f.lastHeardAt + clock.unheardMs <= at) {
    f.signedIn = false;
    f.ringing = [];
  }
}

/** Ends the running wrap-up, if any, at `at`. */
export function endWrap(f: AgentFacts, at: number, clock: Clock): void {
  if (!f.wrap) return;
  clock.endWrap(f.wrap, Math.max(at, f.wrap.from));
  f.wrap = null;
}

/** What a stretch of the past turns out to have been. */
export type Label = Pick<Segment, 'state' | 'reason' | 'callId'>;

/**
 * What is learned afterwards (how long it rang, that it was wrap-up or an outbound talk) re-labels the past, but
 * only time spent in the states of `only` [A1].
 */
export function relabelPast(
  f: AgentFacts,
  from: number,
  to: number,
  label: Label,
  only: readonly AgentState[],
  dayStart: number,
): void {
  if (only.includes(f.state) && f.since < to) {
    closeSegment(f, to, dayStart);
    f.since = to;
  }
  f.recent = relabelled(f, f.recent, from, to, label, only, dayStart);
}

function relabelled(
  f: AgentFacts,
  segment: Segment | null,
  from: number,
  to: number,
  label: Label,
  only: readonly AgentState[],
  dayStart: number,
): Segment | null {
  if (segment === null || segment.to <= from) return segment;
  const before = relabelled(f, segment.before, from, to, label, only, dayStart);
  const low = Math.max(segment.from, from);
  const high = Math.min(segment.to, to);
  if (!only.includes(segment.state) || high <= low) {
    return before === segment.before ? segment : segmentOf(segment, segment.from, segment.to, before);
  }
  const moved = overlap(low, high, dayStart, high);
  spend(f.sums, segment, -moved);
  spend(f.sums, label, moved);
  let last = before;
  if (low > segment.from) last = segmentOf(segment, segment.from, low, last);
  last = segmentOf(label, low, high, last);
  if (segment.to > high) last = segmentOf(segment, high, segment.to, last);
  return last;
}
