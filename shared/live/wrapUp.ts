import type { LogEvent } from '../contract/events.ts';
import { closingAt } from '../metrics/openingHours.ts';
import { type Clock, endWrap, HOUR_MS, relabelPast } from './agentTime.ts';
import { putInHandling, takeOutHandling } from './contribute.ts';
import { markCall } from './dirty.ts';
import type { Agent, AgentFacts, Call, Visit, Wrap } from './model.ts';
import type { LiveState } from './state.ts';

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
        const wraps = state.calls.get(wrap.callId)?.wraps;
        if (wraps?.get(wrap.key) !== wrap.record) return;
        setWrap(state, wrap.callId, wrap.key, { ...wrap.record, endedAt: at });
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
  const wrap = state.calls.get(leg.callId)?.wraps?.get(leg.key);
  return wrap?.endedAt === null || wrap === undefined ? leg : null;
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
  const from = f.wrap?.record.from ?? at;
  const record = newWrap(state, agent, leg, event, { from, until, endedAt: null, reportedMs: null });
  f.wrap = { callId: leg.callId, key: leg.key, record };
  setWrap(state, leg.callId, leg.key, record);
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
  const running = f.wrap?.key === leg.key;
  const ms = event.wrapUpMs ?? Math.max(0, at - leg.endedAt);
  const record = newWrap(state, agent, leg, event, {
    from: at - ms,
    until: null,
    endedAt: at,
    reportedMs: ms,
  });
  if (running) f.wrap = null;
  else {
    const work = { state: 'wrap_up', reason: null, callId: event.callId } as const;
    relabelPast(f, at - ms, at, work, ['available'], state.dayStart);
  }
  setWrap(state, leg.callId, leg.key, record);
}

function newWrap(
  state: LiveState,
  agent: Agent,
  leg: { callId: string; key: number },
  event: LogEvent,
  fields: Pick<Wrap, 'from' | 'until' | 'endedAt' | 'reportedMs'>,
): Wrap {
  const previous = state.calls.get(leg.callId)?.wraps?.get(leg.key) ?? null;
  return { agent: agent.identity, setBy: event, previous, ...fields };
}

export function wrapsOf(call: Call): Map<number, Wrap> {
  call.wraps ??= new Map();
  return call.wraps;
}

function setWrap(state: LiveState, callId: string, key: number, record: Wrap): void {
  const call = state.calls.get(callId);
  if (!call) return;
  withVisitOf(state, callId, key, () => wrapsOf(call).set(key, record));
}

/** Runs `work`, which changes the wrap-up of the leg answered at `key`, with its visit out of the sums. */
export function withVisitOf(state: LiveState, callId: string, key: number, work: () => void): void {
  const call = state.calls.get(callId);
  const visit = call?.visits.find((v: Visit) => v.settledAt === key && v.outcome === 'answered');
  if (!call || !visit) {
    work();
    return;
  }
  markCall(state, call);
  takeOutHandling(state, call, visit);
  work();
  putInHandling(state, call, visit);
}
