import type { AgentView, CallView, RunningSum, SourceView } from '../contract/metrics.ts';
import { type AgentSettings, type LiveSettings, UNASSIGNED_SECTOR } from '../contract/settings.ts';
import { ratio } from '../metrics/serviceLevel.ts';
import { thresholdsOf } from './counts.ts';
import { toIso } from './measure.ts';
import type { AgentFacts, StateSums } from './model.ts';
import { factsAt, sharesOf, signedInOf, sumsWithin } from './presence.ts';
import type { LiveState } from './state.ts';
import { talkingVisit, waitingVisit } from './whichVisit.ts';
import { wrapUpOf } from './wrapOf.ts';

/** Single agents, calls and sources as a wall shows them: instants, not ages, so that screens can tick [L6]. */

/** Ids of all agents that are people, by the name they are shown under. */
export function agentIds(state: LiveState): string[] {
  return [...state.displayed.keys()].sort();
}

/** What the tenant decided about an agent, under whichever of his names. */
export function settingsOfAgent(
  state: LiveState,
  settings: LiveSettings,
  agentId: string,
): AgentSettings | undefined {
  const names = state.displayed.get(agentId)?.names ?? [];
  for (const name of [agentId, ...names]) {
    const found = settings.agents.get(name);
    if (found) return found;
  }
}

export function sectorOfAgent(state: LiveState, settings: LiveSettings, agentId: string): string {
  return settingsOfAgent(state, settings, agentId)?.sectorId ?? UNASSIGNED_SECTOR;
}

export function measureAgent(
  state: LiveState,
  settings: LiveSettings,
  now: number,
  agentId: string,
): AgentView | null {
  const agent = state.displayed.get(agentId);
  if (!agent) return null;
  const f = factsAt(state, settings, agent, now);
  const { tally } = agent;
  const known = settingsOfAgent(state, settings, agentId);
  const at = Math.max(Math.min(f.since, now), Math.floor(now / 10_000) * 10_000);
  const { work, reachable } = sharesOf(sumsWithin(state, f, 'today', at));
  const call = f.callId === null ? undefined : state.open.get(f.callId);
  const talking = call && talkingVisit(call);
  const answeredAt = talking?.agent === agent.identity ? talking.settledAt : null;
  let handled = tally.handled;
  let handledMs = tally.talkMs + tally.holdMs + tally.wrapUpMs;
  let { talkMs } = tally;
  for (const [visit, call] of state.wrapping) {
    if (visit.agent !== agent.identity || visit.enteredAt < state.dayStart) continue;
    const { doneAt, ms } = wrapUpOf(call, visit, now);
    if (doneAt === null) continue;
    handled++;
    talkMs += visit.talkMs ?? 0;
    handledMs += (visit.talkMs ?? 0) + (visit.holdMs ?? 0) + ms;
  }
  return {
    agentId,
    name: known?.name ?? agentId,
    sectorId: known?.sectorId ?? UNASSIGNED_SECTOR,
    state: f.state,
    stateSince: toIso(availableSince(f) || f.lastHeardAt),
    reason: f.reason,
    pauseLimitMs: f.state === 'paused' ? pauseLimitOf(settings, f.reason) : null,
    callId: f.callId,
    callSince: answeredAt === null ? null : toIso(answeredAt),
    queueId: f.queueId,
    queues: [...f.queues].sort(),
    pausedQueues: [...f.pausedQueues.keys()].sort(),
    inferred: f.signedIn && !f.reported,
    unreachable: f.shortRings >= 3,
    answered: tally.answered,
    handled,
    ahtMs: ratio(handledMs, handled),
    averageTalkMs: ratio(talkMs, handled),
    missedRings: tally.missedRings,
    outbound: f.outbound.filter(({ at }) => at >= state.dayStart).length,
    occupancy: ratio(work, reachable),
    signedIn: signedInSum(state, f),
    talk: running(state, f, 'talking'),
    hold: running(state, f, 'hold'),
    ringing: running(state, f, 'ringing'),
    wrapUp: running(state, f, 'wrap_up'),
    paused: running(state, f, 'paused'),
    available: running(state, f, 'available'),
  };
}

/** Since when the state is shown: whoever is available stays so when queues close or open. */
function availableSince({ state, since, recent }: AgentFacts): number {
  if (state !== 'available') return since;
  let from = since;
  for (let one = recent; one?.state === state && one.to === from; one = one.before) from = one.from;
  return from;
}

/** By the pause's reason, however it is spelled; else what holds for any other reason. */
function pauseLimitOf({ pauseLimits }: LiveSettings, reason: string | null): number | null {
  const spoken = reason?.trim().toLowerCase();
  const limit =
    pauseLimits.find((known) => known.reason !== null && known.reason.toLowerCase() === spoken) ??
    pauseLimits.find((known) => known.reason === null);
  return limit ? limit.minutes * 60_000 : null;
}

/** A sum of finished segments, and since when the running one adds to it by itself. */
function running(state: LiveState, f: AgentFacts, of: keyof StateSums): RunningSum {
  const since = Math.max(f.since, state.dayStart);
  return { ms: f.sums[of], runningSince: f.state === of ? toIso(since) : null };
}

function signedInSum(state: LiveState, f: AgentFacts): RunningSum {
  const since = Math.max(f.since, state.dayStart);
  return { ms: signedInOf(f.sums), runningSince: f.state === 'offline' ? null : toIso(since) };
}

/** Ids of the calls that wait or talk. */
export function liveCallIds(state: LiveState): string[] {
  return [...state.open.keys()].sort();
}

/** A call that waits or talks; null once it does neither, or has waited so long that it is a ghost [V10]. */
export function measureCall(
  state: LiveState,
  settings: LiveSettings,
  now: number,
  callId: string,
): CallView | null {
  const call = state.open.get(callId);
  const visit = call && (talkingVisit(call) ?? waitingVisit(call));
  if (!call || !visit) return null;
  const t = thresholdsOf(settings, visit.queueId, { window: 'today' });
  const age = now - visit.enteredAt;
  const waits = visit.outcome === 'open';
  if (waits && age > t.maxWaitMs) return null;
  const [ringing] = call.alerts ?? [];
  const identity = visit.agent ?? ringing?.[0] ?? null;
  const talking = visit.heldSince === null ? 'talking' : 'hold';
  return {
    callId,
    queueId: visit.queueId,
    state: waits ? (ringing ? 'ringing' : 'waiting') : talking,
    enteredAt: toIso(visit.enteredAt),
    stateSince: toIso(waits ? (ringing?.[1] ?? visit.enteredAt) : (visit.heldSince ?? visit.settledAt ?? 0)),
    agentId: identity === null ? null : (state.agents.get(identity)?.displayId ?? null),
    position: visit.position,
    origin: visit.origin,
    caller: call.caller,
    overThreshold: waits && age > t.thresholdSeconds * 1_000,
  };
}

export function sourceIds(state: LiveState): string[] {
  return [...state.sources.keys()].sort();
}

export function measureSource(
  state: LiveState,
  settings: LiveSettings,
  now: number,
  sourceId: string,
): SourceView | null {
  const source = state.sources.get(sourceId);
  if (!source) return null;
  const silentMs = settings.sourceSilentSeconds * 1_000;
  const silent = now - source.lastReceivedAt > silentMs;
  return {
    sourceId,
    lastEventAt: toIso(source.lastEventAt),
    lastReceivedAt: toIso(source.lastReceivedAt),
    silentSince: silent ? toIso(source.lastReceivedAt) : null,
  };
}
