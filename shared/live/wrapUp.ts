import type { LogEvent } from '../contract/events.ts';
import { closingAt } from '../metrics/openingHours.ts';
import { type Clock, endWrap, HOUR_MS, relabelPast } from './agentTime.ts';
import { appended } from './byCall.ts';
import { putInHandling, takeOutHandling } from './contribute.ts';
import { markCall } from './dirty.ts';
import type { Agent, AgentFacts, Call, Wrap } from './model.ts';
import { knownCall, type LiveState } from './state.ts';
import { wrapOfLeg } from './wrapOf.ts';

/**
 * After-call work [A5]. A wrap-up belongs to an agent and to the leg he has just ended; its length is part of the
 * visit's handle time, so whoever changes one takes the visit out of the sums first.
 */

/** The clock of a state's owner: a wrap-up that ends is brought into the sums. One a state, it is asked per event. */
export function clockOf(state: LiveState): Clock {
  let { clock } = state;
  if (clock === null) {
    clock = {
      dayStart: state.dayStart,
      unheardMs: state.settings.agentUnheardHours * HOUR_MS,
      endWrap(wrap, at) {
        const call = knownCall(state, wrap.callId);
        if (call?.wraps.includes(wrap)) replaceWrap(state, call, wrap.key, { ...wrap, endedAt: at });
      },
      closing: closingOf(state),
    };
    state.clock = clock;
  }
  if (clock.dayStart !== state.dayStart) clock.dayStart = state.dayStart;
  return clock;
}

/** State is folded under one set of opening hours: other hours make another fold. */
function closingOf({ settings }: LiveState): Clock['closing'] {
  const { queues, timeZone } = settings;
  if (![...queues.values()].some(({ openingHours }) => openingHours !== null)) return null;
  return (ids, at) => closingAt(hoursOf(queues, ids), timeZone, at);
}

function* hoursOf(queues: LiveState['settings']['queues'], ids: Iterable<string>) {
  for (const id of ids) yield queues.get(id)?.openingHours ?? null;
}

/** A wrap-up that belongs to no call: it is shown and timed, and in no visit's handle time. */
export const NO_LEG = { callId: '', key: -1 };

/** The leg that ended last, unless its wrap-up is already over. */
export function unwrappedLeg(state: LiveState, f: AgentFacts): AgentFacts['lastLeg'] {
  const leg = f.lastLeg;
  if (!leg) return null;
  const call = knownCall(state, leg.callId);
  const wrap = call && wrapOfLeg(call.wraps, leg.key);
  return wrap === undefined || wrap.endedAt === null ? leg : null;
}

/** Starts the wrap-up of a leg; a report that follows replaces the configured length [A5]. */
export function beginWrap(
  state: LiveState,
  agent: Agent,
  leg: { callId: string; key: number },
  event: LogEvent,
  until: number | null,
  clock: Clock,
): void {
  const f = agent.facts;
  const at = event.occurredAt;
  if (f.wrap && f.wrap.key !== leg.key) endWrap(f, at, clock);
  const from = f.wrap?.from ?? at;
  f.wrap = setWrap(state, agent, leg, event, { from, until, endedAt: null, reportedMs: null });
}

export function wrapped(
  state: LiveState,
  agent: Agent,
  event: Extract<LogEvent, { kind: 'call.wrapped' }>,
): void {
  const f = agent.facts;
  const at = event.occurredAt;
  const leg = f.lastLeg?.callId === event.callId ? f.lastLeg : null;
  if (!leg) return;
  const ms = event.wrapUpMs ?? Math.max(0, at - leg.endedAt);
  if (f.wrap?.key === leg.key) f.wrap = null;
  else {
    const work = { state: 'wrap_up', reason: null, callId: event.callId } as const;
    relabelPast(f, at - ms, at, work, ['available'], state.dayStart);
  }
  setWrap(state, agent, leg, event, { from: at - ms, until: null, endedAt: at, reportedMs: ms });
}

/** Makes the wrap-up of a leg, in place of the one there is. */
function setWrap(
  state: LiveState,
  { identity }: Agent,
  { callId, key }: { callId: string; key: number },
  event: LogEvent,
  { from, until, endedAt, reportedMs }: Pick<Wrap, 'from' | 'until' | 'endedAt' | 'reportedMs'>,
): Wrap {
  const call = knownCall(state, callId);
  const previous = (call && wrapOfLeg(call.wraps, key)) ?? null;
  const wrap = { callId, key, agent: identity, from, until, endedAt, reportedMs, setBy: event, previous };
  if (call) replaceWrap(state, call, key, wrap);
  return wrap;
}

/** Puts a wrap-up in the place of the one of the leg answered at `key`, or takes that away, with its visit out of the sums. */
export function replaceWrap(state: LiveState, call: Call, key: number, wrap: Wrap | null): void {
  const visit = call.visits.find(({ settledAt, outcome }) => settledAt === key && outcome === 'answered');
  if (visit) {
    markCall(state, call);
    takeOutHandling(state, call, visit);
  }
  const others = call.wraps.filter((other) => other.key !== key);
  call.wraps = wrap === null ? others : appended(others, wrap);
  if (visit) putInHandling(state, call, visit);
}
