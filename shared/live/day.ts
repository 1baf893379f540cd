import { emptyTally } from '../metrics/tally.ts';
import { forgetEvents } from './agentReplay.ts';
import { emptySums, overlap, RECENT_MS, spend } from './agentTime.ts';
import { attachCall } from './attach.ts';
import { markAgent, markCall, markQueue } from './dirty.ts';
import type { AgentFacts, Call } from './model.ts';
import { emptyAgentTally, type LiveState } from './state.ts';
import { lastInstant } from './sweep.ts';

/** Callbacks promised and ghosts are carried over this long, as far back as a start from the log reads [L14]. */
const CARRY_MS = 48 * 3_600_000;

/**
 * Begins the tenant's next day at `dayStart` (epoch ms): today's sums start again from what entered since, waiting
 * and talking calls and the sliding windows go on. False where too much time has passed since midnight for the
 * timelines in memory to reach back to it: build the state from the log instead.
 */
export function startDay(state: LiveState, dayStart: number): boolean {
  if (dayStart <= state.dayStart) return true;
  if (state.watermark > dayStart + RECENT_MS - 3_600_000) return false;
  state.dayStart = dayStart;
  const calls = [...state.calls.values()];
  state.calls.clear();
  state.open.clear();
  state.revisiting.clear();
  state.wrapping.clear();
  for (const agent of state.agents.values()) agent.tally = emptyAgentTally();
  state.retiring = [];
  for (const queue of state.queues.values()) {
    queue.tally = emptyTally();
    queue.visits = [];
    queue.gone = 0;
    queue.recent = [];
    queue.recentEvents = [];
    queue.waiting = [];
    queue.backlog.clear();
    markQueue(state, queue);
  }
  for (const call of calls) keepCall(state, call);
  for (const agent of state.agents.values()) {
    // Replays from before midnight would need yesterday's sums: the new day starts with what is known now.
    restartSums(agent.facts, dayStart);
    forgetEvents(agent);
    markAgent(state, agent);
  }
  return true;
}

function keepCall(state: LiveState, call: Call): void {
  markCall(state, call);
  const horizon = Math.min(state.dayStart, state.watermark - RECENT_MS);
  const entries = [...call.refusals, ...call.misses];
  const lives =
    call.visits.some((visit) => {
      const carried =
        visit.outcome === 'open' || (visit.outcome === 'callback_requested' && !visit.calledBack);
      const last = lastInstant(call, visit);
      return (carried || last === Number.POSITIVE_INFINITY ? visit.enteredAt + CARRY_MS : last) >= horizon;
    }) ||
    entries.some((entry) => entry.at >= horizon) ||
    (call.last?.occurredAt ?? 0) >= horizon;
  if (!lives) return;
  state.calls.set(call.id, call);
  attachCall(state, call);
  const open = call.visits.some(
    (v) => v.outcome === 'open' || (v.outcome === 'answered' && v.endedAt === null),
  );
  if (open) state.open.set(call.id, call);
  else state.retiring.push({ at: state.watermark, call });
  call.isOpen = open;
  call.quietSince = open ? null : state.watermark;
}

function restartSums(f: AgentFacts, dayStart: number): void {
  f.sums = emptySums();
  for (let segment = f.recent; segment !== null; segment = segment.before) {
    spend(f.sums, segment, overlap(segment.from, segment.to, dayStart, segment.to));
  }
  f.outbound = f.outbound.filter(({ at }) => at >= dayStart);
}
