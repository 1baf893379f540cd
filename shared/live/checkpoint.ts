import type { LiveSettings } from '../contract/settings.ts';
import type { Tally } from '../metrics/tally.ts';
import { cloneFacts, RECENT_MS, segmentOf } from './agentTime.ts';
import { attachCall } from './attach.ts';
import { noteOpen } from './callEvolve.ts';
import { attachCold } from './cold.ts';
import { UNMARKED } from './dirty.ts';
import type { Agent, AgentFacts, AgentTally, Call, Segment, Source, Wrap } from './model.ts';
import { placeOf } from './order.ts';
import { loadCall, loadWrap, type SavedCall, type SavedWrap, saveCall, saveWrap } from './savedCall.ts';
import { createState, emptyAgentTally, knownCall, type LiveState, queueOf } from './state.ts';
import { wrapOfLeg } from './wrapOf.ts';

/**
 * A state as text and back [L14]: chunks of JSON, so that neither writing nor reading holds the event loop. First the warm
 * part, which is all a wall shows: sums, agents, calls of the last hour; then the cold calls, see cold.ts. Events kept
 * for late arrivals are not saved: after a restart those are refolded from the log.
 */

/** Changes whenever the meaning of a saved state does: a checkpoint of another version is not read. */
export const STATE_VERSION = '5';

const CALLS_PER_CHUNK = 250;
const AGENTS_PER_CHUNK = 50;

/** Sums are all that live reads off what is over. */
type SavedSegment = [state: Segment['state'], from: number, to: number, reason: string | null];

interface SavedFacts extends Omit<AgentFacts, 'queues' | 'served' | 'pausedQueues' | 'wrap' | 'recent'> {
  recent: SavedSegment[];
  wrap: { callId: string; key: number; record: SavedWrap } | null;
  queues: string[];
  pausedQueues: [string, string][];
}

interface SavedAgent {
  identity: string;
  names: string[];
  displayId: string | null;
  displayRank: number;
  orphans: string[];
  facts: SavedFacts;
}

interface Head {
  seq: number;
  dayStart: number;
  watermark: number;
  sources: Source[];
  /** Sums over all of today's calls, warm and cold. */
  tallies: [queueId: string, SavedTally][];
  agentTallies: [identity: string, AgentTally][];
  /** How many calls follow in cold chunks. */
  cold: number;
}

type Histogram = 'answeredWaits' | 'abandonedWaits' | 'callbackWaits' | 'otherWaits';
type SavedTally = Omit<Tally, Histogram> & Record<Histogram, [bucket: number, count: number][]>;

type Chunk = { head: Head } | { calls: SavedCall[] } | { agents: SavedAgent[] };

/**
 * The warm part of a state, which is all a wall shows, as JSON chunks of a few milliseconds of work each. Nothing may
 * be folded until all are made; the cold calls it names are then saved at leisure, see {@link saveCold}.
 */
export function* saveWarm(state: LiveState, warm: Call[], cold: Call[]): Iterable<string> {
  const { seq, dayStart, watermark } = state;
  const head: Head = {
    seq,
    dayStart,
    watermark,
    sources: [...state.sources.values()].map((source) => ({ ...source, markedIn: UNMARKED })),
    tallies: [...state.queues.values()].map((queue) => [queue.id, saveTally(queue.tally)]),
    agentTallies: [...state.agents.values()].map(({ identity, tally }) => [identity, tally]),
    cold: cold.length,
  };
  yield encode({ head });
  yield* inChunks(warm, CALLS_PER_CHUNK, saveCall, (saved) => ({ calls: saved }));
  yield* inChunks(
    state.agents.values(),
    AGENTS_PER_CHUNK,
    (agent: Agent) => saveAgent(agent, watermark - RECENT_MS),
    (agents) => ({ agents }),
  );
}

/** The cold calls as JSON chunks. Whoever folds meanwhile must see that `state.stirred` stays as it was. */
export function saveCold(calls: Call[]): Iterable<string> {
  return inChunks(calls, CALLS_PER_CHUNK, saveCall, (saved) => ({ calls: saved }));
}

function saveTally(tally: Tally): SavedTally {
  return {
    ...tally,
    answeredWaits: [...tally.answeredWaits],
    abandonedWaits: [...tally.abandonedWaits],
    callbackWaits: [...tally.callbackWaits],
    otherWaits: [...tally.otherWaits],
  };
}

function loadTally(saved: SavedTally): Tally {
  return {
    ...saved,
    answeredWaits: new Map(saved.answeredWaits),
    abandonedWaits: new Map(saved.abandonedWaits),
    callbackWaits: new Map(saved.callbackWaits),
    otherWaits: new Map(saved.otherWaits),
  };
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

function saveAgent(agent: Agent, horizon: number): SavedAgent {
  const f = agent.facts;
  return {
    identity: agent.identity,
    names: [...agent.names],
    displayId: agent.displayId,
    displayRank: Math.min(agent.displayRank, 9),
    orphans: [...agent.orphans],
    facts: {
      ...f,
      wrap: f.wrap && { callId: f.wrap.callId, key: f.wrap.key, record: saveWrap(f.wrap) },
      last: f.last && placeOf(f.last),
      queues: [...f.queues],
      pausedQueues: [...f.pausedQueues],
      recent: saveSegments(f.recent, horizon),
    },
  };
}

/** The segments that ended after `horizon`, the oldest first. */
function saveSegments(last: Segment | null, horizon: number): SavedSegment[] {
  const saved: SavedSegment[] = [];
  for (let segment = last; segment !== null && segment.to >= horizon; segment = segment.before) {
    saved.unshift([segment.state, segment.from, segment.to, segment.reason]);
  }
  return saved;
}

function loadSegments(saved: SavedSegment[]): Segment | null {
  let last: Segment | null = null;
  for (const [state, from, to, reason] of saved) {
    last = segmentOf({ state, reason, callId: null }, from, to, last);
  }
  return last;
}

/**
 * The state whose warm part {@link saveWarm} wrote, under the settings of now: every number right, `state.awaited` cold
 * calls still to come by {@link loadCold}. Throws on text it did not write.
 */
export function* loadWarm(chunks: Iterable<string>, settings: LiveSettings): Generator<void, LiveState> {
  let state: LiveState | null = null;
  let head: Head | null = null;
  for (const text of chunks) {
    const chunk = JSON.parse(text) as Chunk; // Our own format, guarded by STATE_VERSION.
    if ('head' in chunk) {
      head = chunk.head;
      state = createState({ dayStart: head.dayStart, settings });
      state.seq = head.seq;
      state.watermark = head.watermark;
      for (const source of head.sources) state.sources.set(source.id, source);
      continue;
    }
    if (state === null) throw new Error('checkpoint: the first chunk must be the head');
    if ('agents' in chunk) for (const saved of chunk.agents) loadAgent(state, saved);
    else for (const saved of chunk.calls) attachSaved(state, loadCall(saved));
    yield;
  }
  if (state === null || head === null) throw new Error('checkpoint: no chunks');
  // The calls counted themselves as they came: what is true are the sums over all, warm and cold.
  for (const [id, tally] of head.tallies) queueOf(state, id).tally = loadTally(tally);
  const agentTallies = new Map(head.agentTallies);
  for (const agent of state.agents.values()) {
    agent.tally = agentTallies.get(agent.identity) ?? emptyAgentTally();
  }
  state.awaited = head.cold;
  return state;
}

/** Takes in the calls of a cold chunk. Call `finishCold` after the last. */
export function loadCold(state: LiveState, text: string): void {
  const chunk = JSON.parse(text) as Chunk; // As above.
  if (!('calls' in chunk)) throw new Error('checkpoint: a cold chunk holds calls');
  for (const saved of chunk.calls) attachCold(state, loadCall(saved));
}

function attachSaved(state: LiveState, call: Call): void {
  state.calls.set(call.id, call);
  attachCall(state, call);
  noteOpen(state, call);
}

function loadAgent(state: LiveState, saved: SavedAgent): void {
  const facts: AgentFacts = {
    ...saved.facts,
    queues: new Set(saved.facts.queues),
    served: null,
    pausedQueues: new Map(saved.facts.pausedQueues),
    recent: loadSegments(saved.facts.recent),
    wrap: saved.facts.wrap && runningWrap(state, saved.facts.wrap),
  };
  const agent: Agent = {
    ...saved,
    tally: emptyAgentTally(),
    names: new Set(saved.names),
    orphans: new Set(saved.orphans),
    facts,
    copies: [{ facts: cloneFacts(facts), index: 0 }],
    events: [],
    sinceCopy: 0,
    horizon: null,
    markedIn: UNMARKED,
    queuesMarkedIn: UNMARKED,
  };
  state.agents.set(agent.identity, agent);
  for (const name of agent.names) state.named.set(name, agent);
  if (agent.displayId !== null) state.displayed.set(agent.displayId, agent);
  for (const id of facts.queues) queueOf(state, id).members.add(agent.identity);
}

/** The running wrap-up is one object, shared with its call. */
function runningWrap(state: LiveState, { callId, key, record }: NonNullable<SavedFacts['wrap']>): Wrap {
  const call = knownCall(state, callId);
  return (call && wrapOfLeg(call.wraps, key)) ?? loadWrap(callId, key, record);
}
