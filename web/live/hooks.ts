import { createContext, use, useCallback, useSyncExternalStore } from 'react';
import type {
  AgentView,
  CallView,
  QueueMetrics,
  TotalMetrics,
  Trend,
  Window,
} from '../../shared/contract/metrics.ts';
import type { ServerClock } from './clock.ts';
import type { Trouble, watchTrouble } from './status.ts';
import type { LiveStore } from './store.ts';

/** What tiles read from: one of each a page. */
export interface Live {
  store: LiveStore;
  clock: ServerClock;
  trouble: ReturnType<typeof watchTrouble>;
  timeZone: string;
}

export const LiveContext = createContext<Live | null>(null);

export function useLive(): Live {
  const live = use(LiveContext);
  if (live === null) throw new Error('There is no LiveContext around this.');
  return live;
}

function useKey(key: string): unknown {
  const { store } = useLive();
  return useSyncExternalStore(
    useCallback((onChange) => store.subscribe(key, onChange), [store, key]),
    () => store.get(key),
  );
}

function useGroup(group: string): readonly unknown[] {
  const { store } = useLive();
  return useSyncExternalStore(
    useCallback((onChange) => store.subscribeGroup(group, onChange), [store, group]),
    () => store.list(group),
  );
}

// The assertions: a key's name says what the server put under it (shared/contract/protocol.ts).

/** The whole centre's numbers; undefined until the snapshot. */
export function useTotals(window: Window): TotalMetrics | undefined {
  return useKey(`tenant:${window}`) as TotalMetrics | undefined;
}

/** True until the first snapshot; whoever asks only this is not rendered with every figure. */
export function useIsLoading(): boolean {
  const { store } = useLive();
  return useSyncExternalStore(
    useCallback((onChange) => store.subscribe('tenant:today', onChange), [store]),
    () => store.get('tenant:today') === undefined,
  );
}

export function useQueues(window: Window): readonly QueueMetrics[] {
  return useGroup(`queue:${window}`) as readonly QueueMetrics[];
}

export function useAgents(): readonly AgentView[] {
  return useGroup('agent') as readonly AgentView[];
}

export function useCalls(): readonly CallView[] {
  return useGroup('call') as readonly CallView[];
}

/** The last hour; undefined until the snapshot. */
export function useTrend(): Trend | undefined {
  return useKey('trend:today') as Trend | undefined;
}

/** Why the numbers may be old; null when they are not. */
export function useTrouble(): Trouble | null {
  const { trouble } = useLive();
  return useSyncExternalStore(trouble.subscribe, trouble.current);
}

/** Server time to the second; whoever reads it is rendered once a second. */
export function useSecond(): number {
  const { clock } = useLive();
  return useSyncExternalStore(clock.subscribe, clock.second);
}
