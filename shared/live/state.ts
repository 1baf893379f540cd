import type { LiveSettings } from '../contract/settings.ts';
import { emptyTally } from '../metrics/tally.ts';
import { type Clock, emptyFacts } from './agentTime.ts';
import { UNMARKED } from './dirty.ts';
import type { Agent, AgentTally, Call, Dirty, Pending, Queue, Source, Visit } from './model.ts';

/**
 * What is known of one tenant's call centre now: today's calls and what was open when today began [L14].
 *
 * Owner: whoever called `createState` (server/live/engine, the projector, a replay). Only `evolve`, `refold` and
 * `startDay` change it; `measure…` only read. Three layers, each folded in event order [L15]:
 *   call    its visits, rings and refusals; depends on the events that carry its call id
 *   agent   sign-in, pauses, calls in hand, the timeline; depends on the events that name the agent, and, for the
 *           end of a ring, on what became of the call
 *   tally   sums over today's visits per queue and per agent; taken out and put in again when a visit changes, so
 *           that a late event leaves no trace of the order in which it came
 */
export interface LiveState {
  settings: LiveSettings;
  /** Epoch ms at which the tenant's local today began. */
  dayStart: number;
  /** Log position folded in. */
  seq: number;
  /** Latest occurredAt folded: the state's notion of now, for pruning only. */
  watermark: number;
  calls: Map<string, Call>;
  /** Calls with a visit that waits or talks. */
  open: Map<string, Call>;
  /** Calls with several visits today: they count once in totals [T5]. */
  revisiting: Set<Call>;
  queues: Map<string, Queue>;
  /** By identity, not by name: see identity.ts. */
  agents: Map<string, Agent>;
  /** By every name they are known by. */
  named: Map<string, Agent>;
  /** By the name they are shown under. */
  displayed: Map<string, Agent>;
  sources: Map<string, Source>;
  /** Ended visits whose wrap-up may still run: handled by time, without an event [A5]. */
  wrapping: Map<Visit, Call>;
  /** Calls that went quiet, by when they did: they give up their events after a while. */
  retiring: { at: number; call: Call }[];
  dirty: Dirty;
  /** Counts how often `dirty` was taken. */
  round: number;
  pending: Pending;
  sinceSweep: number;
  /** Made when first asked for: see wrapUp.ts. */
  clock: Clock | null;
  /** Calls of the checkpoint that are counted but not yet here: see cold.ts. */
  awaited: number;
  /** Agents' timelines are kept whole, not only as far back as a window reaches: what history is written from. */
  keepsTimelines: boolean;
  /** Moves whenever a call that had gone quiet for good is touched all the same. */
  stirred: number;
}

function emptyDirty(): Dirty {
  return { queues: new Set(), agents: new Set(), calls: new Set(), sources: new Set() };
}

/** An empty centre at the beginning of the tenant's day. */
export function createState(options: {
  dayStart: number;
  settings: LiveSettings;
  keepsTimelines?: boolean;
}): LiveState {
  return {
    settings: options.settings,
    dayStart: options.dayStart,
    seq: 0,
    watermark: 0,
    calls: new Map(),
    open: new Map(),
    revisiting: new Set(),
    queues: new Map(),
    agents: new Map(),
    named: new Map(),
    displayed: new Map(),
    sources: new Map(),
    wrapping: new Map(),
    retiring: [],
    dirty: emptyDirty(),
    round: UNMARKED + 1,
    pending: { calls: new Set(), agents: new Set() },
    sinceSweep: 0,
    clock: null,
    awaited: 0,
    stirred: 0,
    keepsTimelines: options.keepsTimelines ?? false,
  };
}

/** What changed since the last call, and forgets it. */
export function takeDirty(state: LiveState): Dirty {
  const dirty = state.dirty;
  state.dirty = emptyDirty();
  state.round++;
  return dirty;
}

export function emptyQueue(id: string): Queue {
  return {
    id,
    tally: emptyTally(),
    visits: [],
    gone: 0,
    recent: [],
    recentEvents: [],
    waiting: [],
    backlog: new Set(),
    members: new Set(),
    sweepAt: 256,
    markedIn: UNMARKED,
  };
}

export function queueOf(state: LiveState, id: string): Queue {
  let queue = state.queues.get(id);
  if (queue === undefined) {
    queue = emptyQueue(id);
    state.queues.set(id, queue);
  }
  return queue;
}

/** Most events are of calls that wait or talk: few, and so found sooner than among all of the day. */
export function knownCall({ open, calls }: LiveState, id: string): Call | undefined {
  return open.get(id) ?? calls.get(id);
}

export function callOf(state: LiveState, id: string, source: string): Call {
  let call = knownCall(state, id);
  if (call === undefined) {
    call = emptyCall(id, source);
    state.calls.set(id, call);
  }
  return call;
}

export function agentOf(state: LiveState, identity: string): Agent {
  let agent = state.agents.get(identity);
  if (agent === undefined) {
    agent = emptyAgent(identity);
    state.agents.set(identity, agent);
  }
  return agent;
}

export function emptyAgent(identity: string): Agent {
  return {
    identity,
    names: new Set(),
    displayId: null,
    displayRank: Number.POSITIVE_INFINITY,
    tally: emptyAgentTally(),
    facts: emptyFacts(),
    copies: [{ facts: emptyFacts(), index: 0 }],
    events: [],
    sinceCopy: 0,
    horizon: null,
    orphans: new Set(),
    markedIn: UNMARKED,
    queuesMarkedIn: UNMARKED,
  };
}

export function emptyAgentTally(): AgentTally {
  return { answered: 0, handled: 0, talkMs: 0, holdMs: 0, wrapUpMs: 0, missedRings: 0 };
}

/** What lists begin as; most of a call's stay so. */
const NONE: readonly never[] = [];

export function emptyCall(id: string, source: string): Call {
  return {
    id,
    source,
    caller: null,
    visits: NONE,
    refusals: NONE,
    misses: NONE,
    wraps: NONE,
    alerts: null,
    quiets: null,
    agents: NONE,
    adopted: null,
    isOpen: false,
    quietSince: null,
    events: [],
    last: null,
    markedIn: UNMARKED,
    tangled: false,
  };
}
