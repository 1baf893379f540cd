import type {
  AgentState,
  AgentView,
  CallView,
  QueueMetrics,
  SourceView,
  TotalMetrics,
  Trend,
} from '../../shared/contract/metrics.ts';
import { DEFAULT_SETTINGS } from '../../shared/contract/settings.ts';

/** Figures for the gallery, complete as the server sends them; a scene names only what is particular to it. */

/** On a Wednesday: no weekday has a longer name. */
export const NOW = Date.UTC(2026, 10, 25, 10, 42, 18);

export const ago = (seconds: number): string => new Date(NOW - seconds * 1_000).toISOString();

const NOTHING: Omit<TotalMetrics, 'calls' | 'thresholdSeconds' | 'definition'> = {
  targets: DEFAULT_SETTINGS.targets,
  received: 0,
  refused: 0,
  offered: 0,
  outsideHours: 0,
  answered: 0,
  handled: 0,
  abandoned: 0,
  shortAbandoned: 0,
  timedOut: 0,
  noAgents: 0,
  keyExits: 0,
  callbacks: 0,
  overflowed: 0,
  withdrawn: 0,
  lost: 0,
  open: 0,
  transferred: 0,
  waiting: 0,
  longestWaitSince: null,
  waitingOverThreshold: 0,
  callbackBacklog: 0,
  serviceLevel: null,
  abandonmentRate: null,
  completionRate: null,
  transferRate: null,
  asaMs: null,
  averageAbandonMs: null,
  ahtMs: null,
  averageTalkMs: null,
  averageHoldMs: null,
  averageWrapUpMs: null,
  maxWaitMs: null,
  maxAnsweredWaitMs: null,
  waitP50Ms: null,
  waitP80Ms: null,
  waitP90Ms: null,
  waitP95Ms: null,
  estimatedWaitMs: null,
  occupancy: null,
  utilisation: null,
  agentsSignedIn: 0,
  agentsAvailable: 0,
  agentsRinging: 0,
  agentsOnCall: 0,
  agentsWrapUp: 0,
  agentsPaused: 0,
  missedRings: 0,
  lowSample: [],
};

export function total(figures: Partial<TotalMetrics>): TotalMetrics {
  const calls = figures.offered ?? 0;
  return { definition: 'standard', thresholdSeconds: 20, calls, ...NOTHING, ...figures };
}

export function queue(name: string, figures: Partial<QueueMetrics>): QueueMetrics {
  return {
    queueId: name,
    name,
    sectorId: 'unassigned',
    opening: null,
    thresholdSeconds: 20,
    definition: 'standard',
    ...NOTHING,
    ...figures,
  };
}

const STILL = { ms: 0, runningSince: null };

export function agent(
  name: string,
  state: AgentState,
  seconds: number,
  more: Partial<AgentView> = {},
): AgentView {
  return {
    agentId: name,
    name,
    sectorId: 'unassigned',
    state,
    stateSince: ago(seconds),
    reason: null,
    pauseLimitMs: null,
    callId: null,
    callSince: null,
    queueId: null,
    queues: [],
    pausedQueues: [],
    inferred: false,
    unreachable: false,
    answered: 0,
    handled: 0,
    ahtMs: null,
    averageTalkMs: null,
    missedRings: 0,
    outbound: 0,
    occupancy: null,
    signedIn: STILL,
    talk: STILL,
    hold: STILL,
    ringing: STILL,
    wrapUp: STILL,
    paused: STILL,
    available: STILL,
    ...more,
  };
}

export function waitingCall(
  queueId: string,
  place: number,
  seconds: number,
  more: Partial<CallView> = {},
): CallView {
  return {
    callId: `${queueId} ${place}`,
    queueId,
    state: 'waiting',
    enteredAt: ago(seconds),
    stateSince: ago(seconds),
    agentId: null,
    position: null,
    origin: 'inbound',
    caller: `0123456789abcdef…${1_000 + place * 37}`,
    overThreshold: seconds > 20,
    ...more,
  };
}

export const SOURCE: SourceView = {
  sourceId: 'Asterisk',
  lastEventAt: ago(1),
  lastReceivedAt: ago(1),
  silentSince: null,
};

export function trend(offered: number[], lastWeek: (number | null)[] | null, byNow: number | null): Trend {
  return {
    since: new Date(Date.UTC(2026, 10, 25, 9, 45)).toISOString(),
    stepMs: 300_000,
    offered,
    answered: offered.map((count) => Math.round(count * 0.95)),
    abandoned: offered.map((count) => Math.round(count * 0.05)),
    lastWeek: lastWeek && { offered: lastWeek, offeredByNow: byNow },
  };
}
