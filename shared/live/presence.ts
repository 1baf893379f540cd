import { type AgentState, type Metrics, WINDOW_MS, type Window } from '../contract/metrics.ts';
import type { LiveSettings } from '../contract/settings.ts';
import { ratio } from '../metrics/serviceLevel.ts';
import {
  advance,
  type Clock,
  cloneFacts,
  emptySums,
  endsByTime,
  HOUR_MS,
  overlap,
  spend,
} from './agentTime.ts';
import type { Agent, AgentFacts, Queue, StateSums } from './model.ts';
import type { LiveState } from './state.ts';
import { clockOf } from './wrapUp.ts';

/**
 * Agents as a group: how many are in which state now, and how they spent a window [A1]–[A3]. Ratios of time are
 * evaluated at state changes and at most every 10 s, so that an idle queue has nothing new to say every second [L6].
 */

const RATIO_STEP_MS = 10_000;

/** An agent's facts as of `now`: what ends by time alone has ended; the state's own facts stay untouched. */
export function factsAt(state: LiveState, settings: LiveSettings, agent: Agent, now: number): AgentFacts {
  const { facts } = agent;
  const clock: Clock = {
    dayStart: state.dayStart,
    unheardMs: settings.agentUnheardHours * HOUR_MS,
    endWrap: leaveAsItIs,
    closing: clockOf(state).closing,
  };
  if (!endsByTime(facts, now, clock)) return facts;
  const copy = cloneFacts(facts);
  advance(copy, now, clock);
  return copy;
}

/** A reader's copy of the facts forgets the wrap-up; the call keeps its own. */
function leaveAsItIs(): void {}

/** Milliseconds in each state within the window, the running state included, up to `at`. */
export function sumsWithin(state: LiveState, f: AgentFacts, window: Window, at: number): StateSums {
  if (window === 'today') {
    const sums = { ...f.sums };
    spend(sums, f, overlap(f.since, at, state.dayStart, at));
    return sums;
  }
  const low = at - WINDOW_MS[window];
  const sums = emptySums();
  for (let segment = f.recent; segment !== null && segment.to > low; segment = segment.before) {
    spend(sums, segment, overlap(segment.from, segment.to, low, at));
  }
  spend(sums, f, overlap(f.since, at, low, at));
  return sums;
}

/** [A2] numerator: talk, hold and wrap-up, outbound included. */
export function workOf(sums: StateSums): number {
  return sums.talking + sums.hold + sums.wrap_up;
}

export function signedInOf(sums: StateSums): number {
  return workOf(sums) + sums.ringing + sums.available + sums.paused;
}

/** [A2][A3]: of time in work, of that in reach of calls, and of all that was not spent before closed doors [T8]. */
export function sharesOf(sums: StateSums): { work: number; reachable: number; present: number } {
  const work = workOf(sums);
  const reachable = work + sums.ringing + sums.available - sums.closed;
  return { work, reachable, present: reachable + sums.paused };
}

type PresenceMetrics = Pick<
  Metrics,
  | 'occupancy'
  | 'utilisation'
  | 'agentsSignedIn'
  | 'agentsAvailable'
  | 'agentsRinging'
  | 'agentsOnCall'
  | 'agentsWrapUp'
  | 'agentsPaused'
>;

/** Counts and ratios over `members`; available means not paused in at least one of `queues`. */
export function presenceOf(
  state: LiveState,
  settings: LiveSettings,
  now: number,
  window: Window,
  members: readonly Agent[],
  queues: readonly Queue[],
): { metrics: PresenceMetrics } {
  const numbers: Record<AgentState, number> = emptySums();
  const facts: AgentFacts[] = [];
  let changedAt = 0;
  for (const agent of members) {
    if (agent.displayId === null) continue;
    const f = factsAt(state, settings, agent, now);
    facts.push(f);
    changedAt = Math.max(changedAt, f.since);
    const paused = f.state === 'available' && queues.length === 1 && isPausedIn(f, queues[0]);
    numbers[paused ? 'paused' : f.state]++;
  }
  const at = Math.max(Math.min(changedAt, now), Math.floor(now / RATIO_STEP_MS) * RATIO_STEP_MS);
  let work = 0;
  let reachable = 0;
  let present = 0;
  for (const f of facts) {
    const shares = sharesOf(sumsWithin(state, f, window, at));
    work += shares.work;
    reachable += shares.reachable;
    present += shares.present;
  }
  const metrics = {
    occupancy: ratio(work, reachable),
    utilisation: ratio(work, present),
    agentsSignedIn: facts.length - numbers.offline,
    agentsAvailable: numbers.available,
    agentsRinging: numbers.ringing,
    agentsOnCall: numbers.talking + numbers.hold,
    agentsWrapUp: numbers.wrap_up,
    agentsPaused: numbers.paused,
  };
  return { metrics };
}

function isPausedIn(f: AgentFacts, queue: Queue | undefined): boolean {
  return queue !== undefined && f.pausedQueues.has(queue.id);
}

/** [V9] N: available, ringing and handling agents, each divided by the number of its queues with callers waiting. */
export function staffingShare(
  state: LiveState,
  settings: LiveSettings,
  now: number,
  members: readonly Agent[],
  queue: Queue,
): number {
  let share = 0;
  for (const agent of members) {
    const f = factsAt(state, settings, agent, now);
    if (agent.displayId === null || f.state === 'offline' || f.state === 'paused' || isPausedIn(f, queue))
      continue;
    let busy = 0;
    for (const id of f.queues) if (id === queue.id || (state.queues.get(id)?.waiting.length ?? 0) > 0) busy++;
    share += 1 / Math.max(1, busy);
  }
  return share;
}
