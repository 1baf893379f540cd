import type { LiveSettings } from '../contract/settings.ts';
import { cloneFacts } from './agentTime.ts';
import { attachCall } from './attach.ts';
import { noteOpen } from './callEvolve.ts';
import { resolveAgent } from './evolve.ts';
import type { Agent, AgentFacts, Call, Source, Visit, Wrap } from './model.ts';
import { type OrderKey, placeOf } from './order.ts';
import type { LiveState } from './state.ts';
import { createState, emptyCall, queueOf } from './state.ts';

/**
 * A state as text and back [L14]: chunks of JSON, so that neither writing nor reading holds the event loop. Sums are
 * not saved but made again from the visits, so a restored state cannot disagree with itself. Events kept for late
 * arrivals are not saved either: after a restart those are refolded from the log.
 */

/** Changes whenever the meaning of a saved state does: a checkpoint of another version is not read. */
export const STATE_VERSION = '1';

const CALLS_PER_CHUNK = 250;
const AGENTS_PER_CHUNK = 50;

type SavedVisit = [
  queueId: string,
  enteredAt: number,
  origin: Visit['origin'],
  position: number | null,
  outcome: Visit['outcome'],
  settledAt: number | null,
  waitMs: number,
  agent: string | null,
  endedAt: number | null,
  talkMs: number | null,
  holdMs: number | null,
  heldSince: number | null,
  flags: number,
];

interface SavedCall {
  id: string;
  source: string;
  caller: string | null;
  visits: SavedVisit[];
  refusals: Call['refusals'];
  misses: Call['misses'];
  alerts: [string, number][];
  quiets: number[] | null;
  wraps: [number, Omit<Wrap, 'previous'>][];
  agents: string[];
  adopted: [string, string][];
  last: OrderKey | null;
  tangled: boolean;
}

interface SavedFacts extends Omit<AgentFacts, 'queues' | 'pausedQueues' | 'hand' | 'ringing'> {
  queues: string[];
  pausedQueues: [string, string][];
  hand: [string, AgentFacts['hand'] extends Map<string, infer V> ? V : never][];
  ringing: [string, AgentFacts['ringing'] extends Map<string, infer V> ? V : never][];
}

interface SavedAgent {
  identity: string;
  names: string[];
  displayId: string | null;
  displayRank: number;
  orphans: string[];
  facts: SavedFacts;
}

type Chunk =
  | { head: { seq: number; dayStart: number; watermark: number; sources: Source[] } }
  | { calls: SavedCall[] }
  | { agents: SavedAgent[] };

/** The state as JSON chunks, each a few milliseconds of work; take a pause between any two. */
export function* saveState(state: LiveState): Iterable<string> {
  const { seq, dayStart, watermark } = state;
  yield encode({ head: { seq, dayStart, watermark, sources: [...state.sources.values()] } });
  yield* inChunks(
    state.calls.values(),
    CALLS_PER_CHUNK,
    (call: Call) => saveCall(call),
    (calls) => ({ calls }),
  );
  yield* inChunks(
    state.agents.values(),
    AGENTS_PER_CHUNK,
    (agent: Agent) => saveAgent(agent),
    (agents) => ({ agents }),
  );
}

function* inChunks<T, S>(
  items: Iterable<T>,
  size: number,
  save: (item: T) => S,
  wrap: (saved: S[]) => Chunk,
): Iterable<string> {
  let batch: S[] = [];
  for (const item of items) {
    batch.push(save(item));
    if (batch.length < size) continue;
    yield encode(wrap(batch));
    batch = [];
  }
  if (batch.length > 0) yield encode(wrap(batch));
}

/** Infinity is no JSON: ranks and wrap-ups without an end travel as null and are read back below. */
function encode(chunk: Chunk): string {
  return JSON.stringify(chunk);
}

function saveVisit(v: Visit): SavedVisit {
  const flags =
    (v.transferred ? 1 : 0) | (v.completed ? 2 : 0) | (v.inferred ? 4 : 0) | (v.calledBack ? 8 : 0);
  return [
    v.queueId,
    v.enteredAt,
    v.origin,
    v.position,
    v.outcome,
    v.settledAt,
    v.waitMs,
    v.agent,
    v.endedAt,
    v.talkMs,
    v.holdMs,
    v.heldSince,
    flags,
  ];
}

function loadVisit(saved: SavedVisit): Visit {
  const [queueId, enteredAt, origin, position, outcome, settledAt, waitMs, agent, endedAt, talkMs] = saved;
  const [holdMs, heldSince, flags] = [saved[10], saved[11], saved[12]];
  return {
    queueId,
    enteredAt,
    origin,
    position,
    outcome,
    settledAt,
    waitMs,
    agent,
    endedAt,
    talkMs,
    holdMs,
    heldSince,
    transferred: (flags & 1) !== 0,
    completed: (flags & 2) !== 0,
    inferred: (flags & 4) !== 0,
    calledBack: (flags & 8) !== 0,
    gone: false,
  };
}

function saveWrap({ previous: _, ...wrap }: Wrap): Omit<Wrap, 'previous'> {
  return { ...wrap, setBy: placeOf(wrap.setBy) };
}

function saveCall(call: Call): SavedCall {
  return {
    id: call.id,
    source: call.source,
    caller: call.caller,
    visits: call.visits.map(saveVisit),
    refusals: call.refusals,
    misses: call.misses,
    alerts: [...(call.alerts ?? [])],
    quiets: call.quiets,
    wraps: [...(call.wraps ?? [])].map(([key, wrap]) => [key, saveWrap(wrap)]),
    agents: call.agents,
    adopted: [...(call.adopted ?? [])],
    last: call.last && placeOf(call.last),
    tangled: call.tangled,
  };
}

function saveAgent(agent: Agent): SavedAgent {
  const f = agent.facts;
  return {
    identity: agent.identity,
    names: [...agent.names],
    displayId: agent.displayId,
    displayRank: Math.min(agent.displayRank, 9),
    orphans: [...agent.orphans],
    facts: {
      ...f,
      wrap: f.wrap && { ...f.wrap, record: { ...saveWrap(f.wrap.record), previous: null } },
      last: f.last && placeOf(f.last),
      queues: [...f.queues],
      pausedQueues: [...f.pausedQueues],
      hand: [...f.hand],
      ringing: [...f.ringing],
    },
  };
}

/** The state that {@link saveState} wrote, under the settings of now. Throws on text it did not write. */
export function loadState(chunks: Iterable<string>, settings: LiveSettings): LiveState {
  let state: LiveState | null = null;
  for (const text of chunks) {
    const chunk = JSON.parse(text) as Chunk; // Our own format, guarded by STATE_VERSION.
    if ('head' in chunk) {
      state = createState({ dayStart: chunk.head.dayStart, settings });
      state.seq = chunk.head.seq;
      state.watermark = chunk.head.watermark;
      for (const source of chunk.head.sources) state.sources.set(source.id, source);
      continue;
    }
    if (state === null) throw new Error('checkpoint: the first chunk must be the head');
    if ('calls' in chunk) for (const saved of chunk.calls) loadCall(state, saved);
    else for (const saved of chunk.agents) loadAgent(state, saved);
  }
  if (state === null) throw new Error('checkpoint: no chunks');
  return state;
}

function mapOf<K, V>(entries: [K, V][]): Map<K, V> | null {
  return entries.length > 0 ? new Map(entries) : null;
}

function loadCall(state: LiveState, saved: SavedCall): void {
  const call: Call = {
    ...emptyCall(saved.id, saved.source),
    caller: saved.caller,
    visits: saved.visits.map(loadVisit),
    refusals: saved.refusals,
    misses: saved.misses,
    alerts: mapOf(saved.alerts),
    quiets: saved.quiets,
    wraps: mapOf(saved.wraps.map(([key, wrap]) => [key, { ...wrap, previous: null }])),
    agents: saved.agents,
    adopted: mapOf(saved.adopted),
    events: null,
    last: saved.last,
    tangled: saved.tangled,
  };
  state.calls.set(call.id, call);
  attachCall(state, call);
  noteOpen(state, call);
}

function loadAgent(state: LiveState, saved: SavedAgent): void {
  const facts: AgentFacts = {
    ...saved.facts,
    queues: new Set(saved.facts.queues),
    pausedQueues: new Map(saved.facts.pausedQueues),
    hand: new Map(saved.facts.hand),
    ringing: new Map(saved.facts.ringing),
  };
  if (facts.wrap) {
    // The running wrap-up is one object, shared with its call.
    const shared = state.calls.get(facts.wrap.callId)?.wraps?.get(facts.wrap.key);
    if (shared) facts.wrap.record = shared;
  }
  const agent: Agent = {
    ...saved,
    names: new Set(saved.names),
    orphans: new Set(saved.orphans),
    facts,
    base: cloneFacts(facts),
    middle: null,
    events: [],
  };
  state.agents.set(agent.identity, agent);
  for (const name of agent.names) resolveAgent(state, name);
  if (agent.displayId !== null) state.displayed.set(agent.displayId, agent);
  for (const id of facts.queues) queueOf(state, id).members.add(agent.identity);
}
