import type { EventKind, IngestEvent, LogEvent } from '../contract/events.ts';
import type { QueueSettings } from '../contract/settings.ts';
import { randomFrom } from '../random.ts';
import { evolve } from './evolve.ts';
import { pendingRefold, type RefoldRequest, refold } from './refold.ts';
import type { LiveState } from './state.ts';

/** Stories for tests and benches: a call centre's day from a seed, and a log that answers refolds as the database does. */

export interface StoryOptions {
  seed: number;
  calls: number;
  agents: number;
  queues: number;
  /** Epoch ms at which it begins. */
  start: number;
  /** Mean ms between two arrivals. */
  everyMs?: number;
  restarts?: number;
  /** Whether phones report that they ring: Asterisk's do not. */
  alerts?: boolean;
}

type Draft<E = IngestEvent> = E extends IngestEvent ? Omit<E, 'source' | 'sourceKey' | 'sourceOrder'> : never;

/** A believable mess in event order: waits, rings, talks, holds, transfers, wrap-ups, pauses, sign-ins, restarts. */
export function story(options: StoryOptions): LogEvent[] {
  const random = randomFrom(options.seed);
  const drafts: Draft[] = [];
  const add = (draft: Draft) => drafts.push(draft);
  const between = (low: number, high: number) => Math.floor(low + random() * (high - low));
  const pick = (prefix: string, n: number) => `${prefix}${between(0, n)}`;
  let at = options.start;
  for (let i = 0; i < options.agents; i++) {
    if (random() < 0.7)
      add({ kind: 'agent.signed_in', occurredAt: at + between(0, 60_000), agent: `Agent/${i}` });
    else
      add({
        kind: 'agent.joined',
        occurredAt: at,
        agent: `Local/${i}@x/n`,
        queue: pick('q', options.queues),
      });
  }
  for (let i = 0; i < options.calls; i++) {
    at += Math.floor(-Math.log(1 - random()) * (options.everyMs ?? 8_000));
    addCall(add, random, between, options, `c${i}`, at, pick);
    if (random() < 0.1) addPause(add, random, between, `Agent/${between(0, options.agents)}`, at);
  }
  for (let i = 0; i < (options.restarts ?? 0); i++) {
    add({ kind: 'source.restarted', occurredAt: between(options.start, at) });
  }
  return number(drafts);
}

type Add = (draft: Draft) => void;
type Between = (low: number, high: number) => number;

function addPause(add: Add, random: () => number, between: Between, agent: string, at: number): void {
  const queue = random() < 0.5 ? { queue: 'q0' } : {};
  add({ kind: 'agent.state_changed', occurredAt: at, agent, state: 'paused', reason: 'break', ...queue });
  if (random() < 0.9) {
    add({
      kind: 'agent.state_changed',
      occurredAt: at + between(5_000, 900_000),
      agent,
      state: 'available',
      ...queue,
    });
  }
}

function addCall(
  add: Add,
  random: () => number,
  between: Between,
  options: StoryOptions,
  callId: string,
  start: number,
  pick: (prefix: string, n: number) => string,
): void {
  let at = start;
  const queue = pick('q', options.queues);
  if (random() < 0.03) {
    add({ kind: 'call.refused', occurredAt: at, callId, queue, reason: 'closed' });
    return;
  }
  if (random() < 0.98) add({ kind: 'call.queued', occurredAt: at, callId, queue, origin: 'inbound' });
  at += between(0, 5_000);
  while (random() < 0.3) {
    const agent = `Agent/${between(0, options.agents)}`;
    const ringMs = between(1_000, 12_000);
    if (options.alerts) add({ kind: 'call.alerted', occurredAt: at, callId, queue, agent });
    add({ kind: 'call.missed', occurredAt: at + ringMs, callId, queue, agent, ringMs, reason: 'no_answer' });
    at += ringMs;
  }
  if (random() < 0.15) {
    const outcome = random() < 0.7 ? 'abandoned' : 'timed_out';
    add({ kind: 'call.left', occurredAt: at + between(0, 60_000), callId, queue, outcome });
    return;
  }
  const agent = `Agent/${between(0, options.agents)}`;
  if (options.alerts) {
    add({ kind: 'call.alerted', occurredAt: at, callId, queue, agent });
    add({
      kind: 'call.alerted',
      occurredAt: at,
      callId,
      queue,
      agent: `Agent/${between(0, options.agents)}`,
    });
  }
  at += between(1_000, 30_000);
  add({ kind: 'call.answered', occurredAt: at, callId, queue, agent, ringMs: between(0, 8_000) });
  at += between(5_000, 200_000);
  if (random() < 0.2) {
    add({ kind: 'call.held', occurredAt: at, callId, agent });
    at += between(1_000, 60_000);
    if (random() < 0.8) add({ kind: 'call.resumed', occurredAt: at, callId, agent });
    at += between(1_000, 60_000);
  }
  if (random() < 0.07) {
    add({ kind: 'call.transferred', occurredAt: at, callId, queue, agent, transferKind: 'blind' });
    if (random() < 0.5)
      add({ kind: 'call.queued', occurredAt: at + 500, callId, queue: 'q0', origin: 'transfer' });
  } else if (random() < 0.97) add({ kind: 'call.ended', occurredAt: at, callId, queue, agent, by: 'caller' });
  if (random() < 0.3) {
    const wrapUpMs = between(1_000, 60_000);
    add({ kind: 'call.wrapped', occurredAt: at + wrapUpMs, callId, agent, wrapUpMs });
  }
}

/** Puts drafts in event order and numbers them 1, 2, 3 … as a log that received them in that order would. */
function number(drafts: Draft[]): LogEvent[] {
  drafts.sort((a, b) => a.occurredAt - b.occurredAt);
  return drafts.map((draft, i) => {
    const place = {
      source: 'story',
      sourceKey: `k${i}`,
      sourceOrder: i,
      seq: i + 1,
      recordedAt: draft.occurredAt,
    };
    return Object.assign({}, draft, place) as LogEvent; // A draft and its place are an event.
  });
}

/** A log in memory: keeps what it is given and answers refolds as the database does. */
export class MemoryLog {
  private readonly byCall = new Map<string, LogEvent[]>();
  private readonly byAgent = new Map<string, LogEvent[]>();
  private readonly restarts: LogEvent[] = [];

  add(event: LogEvent): void {
    if ('callId' in event && event.callId !== undefined) push(this.byCall, event.callId, event);
    if ('agent' in event && event.agent !== undefined) push(this.byAgent, event.agent, event);
    if (event.kind === 'source.restarted') this.restarts.push(event);
  }

  read(request: RefoldRequest): LogEvent[] {
    const found = new Set<LogEvent>(this.restarts);
    const callIds = new Set(request.callIds);
    for (const name of request.agentNames) {
      for (const event of this.byAgent.get(name) ?? []) {
        found.add(event);
        if ('callId' in event && event.callId !== undefined) callIds.add(event.callId);
      }
    }
    for (const id of callIds) for (const event of this.byCall.get(id) ?? []) found.add(event);
    return [...found];
  }
}

function push(map: Map<string, LogEvent[]>, key: string, event: LogEvent): void {
  const list = map.get(key);
  if (list) list.push(event);
  else map.set(key, [event]);
}

/** Folds events as a feed does: in batches, refolding from the log after each. */
export function foldAll(
  state: LiveState,
  events: readonly LogEvent[],
  batch = 100,
  log = new MemoryLog(),
): void {
  for (let from = 0; from < events.length; from += batch) {
    for (const event of events.slice(from, from + batch)) {
      log.add(event);
      evolve(state, event);
    }
    settle(state, log);
  }
}

/** Refolds from the log whatever asks for it. */
export function settle(state: LiveState, log: MemoryLog): void {
  for (let request = pendingRefold(state); request; request = pendingRefold(state))
    refold(state, log.read(request));
}

/** The same events in another order of arrival: each displaced by up to `reach` places. */
export function disorder(events: readonly LogEvent[], seed: number, reach: number): LogEvent[] {
  const random = randomFrom(seed);
  return events
    .map((event, i) => ({ event, at: i + random() * reach }))
    .sort((a, b) => a.at - b.at)
    .map(({ event }, i) => ({ ...event, seq: i + 1 }));
}

/** Shorthand for hand-written stories: `[seconds, kind, fields]` from `start`. */
export function tell(
  start: number,
  lines: readonly [number, EventKind, Record<string, unknown>][],
): LogEvent[] {
  return lines.map(([seconds, kind, fields], i) => {
    const at = start + Math.round(seconds * 1_000);
    const place = {
      source: 'test',
      sourceKey: `t${i}`,
      sourceOrder: i,
      seq: i + 1,
      recordedAt: at,
      occurredAt: at,
    };
    return { ...place, kind, ...fields } as unknown as LogEvent; // Tests write fields by hand.
  });
}

/** A queue of a sector about which nothing else is decided. */
export function queueSettings(sectorId: string, name = sectorId): QueueSettings {
  return {
    name,
    sectorId,
    thresholdSeconds: null,
    shortAbandonSeconds: null,
    wrapUpSeconds: null,
    maxWaitSeconds: null,
    openingHours: null,
    targets: {},
  };
}
