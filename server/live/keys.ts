import {
  type AgentView,
  type CallView,
  type QueueMetrics,
  type SectorMetrics,
  type SourceView,
  type TotalMetrics,
  type Trend,
  WINDOWS,
  type Window,
} from '../../shared/contract/metrics.ts';
import { LIVE_KINDS, type LiveKind, type Scope } from '../../shared/contract/protocol.ts';
import type { Counted } from '../../shared/live/counted.ts';
import { measureQueue, measureSector, measureTotal, timeDependentQueues } from '../../shared/live/measure.ts';
import type { Dirty } from '../../shared/live/model.ts';
import { queueIds, type Sectors, sectorIds, sectorOf } from '../../shared/live/sectors.ts';
import { measureTrend } from '../../shared/live/trend.ts';
import {
  agentIds,
  liveCallIds,
  measureAgent,
  measureCall,
  measureSource,
  sourceIds,
} from '../../shared/live/views.ts';
import type { LiveView } from './engine.ts';

/** The keys of the wire: `kind:window:id` for metrics, `kind:id` for the rest; the id last and verbatim. */
export interface LiveKey {
  text: string;
  kind: LiveKind;
  /** Null where the kind has no windows. */
  window: Window | null;
  id: string;
  /** Its kind and window together. */
  space: string;
}

/** What a key tells, by its kind. */
export type LiveValue =
  | { kind: 'tenant'; value: TotalMetrics }
  | { kind: 'sector'; value: SectorMetrics }
  | { kind: 'queue'; value: QueueMetrics }
  | { kind: 'agent'; value: AgentView }
  | { kind: 'call'; value: CallView }
  | { kind: 'source'; value: SourceView }
  | { kind: 'trend'; value: Trend };

const WINDOWED: ReadonlySet<LiveKind> = new Set(['tenant', 'sector', 'queue']);

export function keyOf(kind: LiveKind, window: Window | null, id: string): LiveKey {
  const text =
    kind === 'tenant' ? `tenant:${window}` : window === null ? `${kind}:${id}` : `${kind}:${window}:${id}`;
  return { text, kind, window, id, space: spaceOf(kind, window) };
}

export function spaceOf(kind: LiveKind, window: Window | null): string {
  return `${kind}@${window}`;
}

/** A scope in one form however it was written, so that equal wishes share a stream [L8]. */
export interface CanonicalScope {
  kinds: ReadonlySet<LiveKind>;
  windows: ReadonlySet<Window>;
  name: string;
}

export function canonicalScope(scope: Scope): CanonicalScope {
  const kinds = LIVE_KINDS.filter((kind) => scope.kinds.includes(kind));
  const windowed = kinds.some((kind) => WINDOWED.has(kind));
  const windows = windowed ? WINDOWS.filter((window) => scope.windows.includes(window)) : [];
  return {
    kinds: new Set(kinds),
    windows: new Set(windows),
    name: `${kinds.join('+')}@${windows.join('+')}`,
  };
}

export function inScope(scope: CanonicalScope, key: LiveKey): boolean {
  return scope.kinds.has(key.kind) && (key.window === null || scope.windows.has(key.window));
}

/** Every key there is now, of these kinds and windows. */
export function* allKeys(view: LiveView, kind: LiveKind, window: Window | null): Iterable<LiveKey> {
  for (const id of idsOf(view, kind)) yield keyOf(kind, window, id);
}

function idsOf({ state, settings }: LiveView, kind: LiveKind): readonly string[] {
  switch (kind) {
    case 'tenant':
      return [''];
    case 'sector':
      return sectorIds(state, settings);
    case 'queue':
      return queueIds(state, settings);
    case 'agent':
      return agentIds(state);
    case 'call':
      return liveCallIds(state);
    case 'source':
      return sourceIds(state);
    case 'trend':
      return ['today'];
  }
}

/** The keys that what became dirty can have changed: a queue's, its sector's and the tenant's sums too. */
export function dirtyKeys(view: LiveView, dirty: Dirty, windows: Iterable<Window>): LiveKey[] {
  const keys: LiveKey[] = [];
  const sectors = new Set([...dirty.queues].map((id) => sectorOf(view.settings, id)));
  for (const window of windows) {
    for (const id of dirty.queues) keys.push(keyOf('queue', window, id));
    for (const id of sectors) keys.push(keyOf('sector', window, id));
    if (dirty.queues.size > 0 || dirty.agents.size > 0) keys.push(keyOf('tenant', window, ''));
  }
  for (const id of dirty.calls) keys.push(keyOf('call', null, id));
  for (const id of dirty.agents) keys.push(keyOf('agent', null, id));
  for (const id of dirty.sources) keys.push(keyOf('source', null, id));
  return keys;
}

/**
 * The keys that may read differently though no event came [L6]; `everyAgent` for their ratios of time. The trend, a
 * walk over a whole hour, is measured by the clock alone.
 */
export function keysChangingByTime(
  view: LiveView,
  wanted: { kinds: ReadonlySet<LiveKind>; windows: Iterable<Window> },
  everyAgent: boolean,
): LiveKey[] {
  const keys = dirtyKeys(view, changingByTime(view, wanted.kinds, everyAgent), wanted.windows);
  return wanted.kinds.has('trend') ? [...keys, ...allKeys(view, 'trend', null)] : keys;
}

function changingByTime(
  { state, settings }: LiveView,
  kinds: ReadonlySet<LiveKind>,
  everyAgent: boolean,
): Dirty {
  const agents = new Set(everyAgent ? state.displayed.keys() : []);
  // After-call work ends by itself [A5].
  for (const [id, agent] of state.displayed) if (agent.facts.state === 'wrap_up') agents.add(id);
  return {
    queues: new Set(timeDependentQueues(state, settings)),
    agents,
    calls: new Set(kinds.has('call') ? liveCallIds(state) : []),
    sources: new Set(kinds.has('source') ? sourceIds(state) : []),
  };
}

/** The kinds and windows of a set of scopes, as pairs. */
export function* spacesOf(scopes: Iterable<CanonicalScope>): Iterable<[LiveKind, Window | null]> {
  const seen = new Set<string>();
  for (const { kinds, windows } of scopes) {
    for (const kind of kinds) {
      for (const window of WINDOWED.has(kind) ? windows : [null]) {
        const name = spaceOf(kind, window);
        if (!seen.has(name)) yield [kind, window];
        seen.add(name);
      }
    }
  }
}

/** Measures a key; what is summed over all queues, over those of `sectors` alone. Null where there is no value (any more). */
export type Measure = (key: LiveKey, sectors: Sectors) => LiveValue | null;

/** Measures keys at one instant (epoch ms). */
export function measurer({ state, settings, lastWeek }: LiveView, now: number): Measure {
  const counted: Counted = new Map();
  let sectorsNow: Set<string> | null = null;
  return ({ kind, id, window }, sectors) => {
    const query = { window: window ?? 'today' };
    switch (kind) {
      case 'tenant':
        return { kind, value: measureTotal(state, settings, now, query, sectors, counted) };
      case 'sector':
        sectorsNow ??= new Set(sectorIds(state, settings));
        if (!sectorsNow.has(id)) return null;
        return { kind, value: measureSector(state, settings, now, id, query, counted) };
      case 'queue':
        return { kind, value: measureQueue(state, settings, now, id, query, counted) };
      case 'agent': {
        const value = measureAgent(state, settings, now, id);
        return value && { kind, value };
      }
      case 'call': {
        const value = measureCall(state, settings, now, id);
        return value && { kind, value };
      }
      case 'source': {
        const value = measureSource(state, settings, now, id);
        return value && { kind, value };
      }
      case 'trend': {
        const queues = sectors && new Set(queueIds(state, settings, sectors));
        return { kind, value: measureTrend(state, now, lastWeek, queues) };
      }
    }
  };
}
