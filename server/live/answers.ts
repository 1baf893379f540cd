import type { z } from 'zod';
import type { AgentView, CallView } from '../../shared/contract/metrics.ts';
import type {
  LiveMetrics,
  LiveQuery,
  liveAgents,
  liveCalls,
  liveListQuery,
  liveQueues,
  liveQueuesQuery,
} from '../../shared/contract/rest.ts';
import { measure, measureQueue, queueIds } from '../../shared/live/measure.ts';
import { agentIds, liveCallIds, measureAgent, measureCall } from '../../shared/live/views.ts';
import type { LiveView } from './engine.ts';

/** The answers of the live endpoints, read off one view of the state at one instant. */

export type LiveListQuery = z.output<typeof liveListQuery>;
export type LiveQueuesQuery = z.output<typeof liveQueuesQuery>;

/** One page of a list ordered by id, and the cursor of the next; null on the last. */
export interface Paged<T> {
  data: T;
  nextCursor: string | null;
}

function measureQueryOf({ window, definition, threshold, shortAbandon }: LiveQuery) {
  return { window, definition, threshold, shortAbandon };
}

export function metricsAnswer(view: LiveView, at: number, query: LiveQuery): LiveMetrics {
  const { state, settings, seq } = view;
  return { asOf: iso(at), seq, ...measure(state, settings, at, measureQueryOf(query)) };
}

export function queuesAnswer(
  view: LiveView,
  at: number,
  query: LiveQueuesQuery,
): Paged<z.infer<typeof liveQueues>> {
  const { state, settings, seq } = view;
  const page = pageOf(queueIds(state, settings), query);
  const queues = page.ids.map((id) => measureQueue(state, settings, at, id, measureQueryOf(query)));
  return { data: { asOf: iso(at), seq, window: query.window, queues }, nextCursor: page.nextCursor };
}

export function agentsAnswer(
  view: LiveView,
  at: number,
  query: LiveListQuery,
): Paged<z.infer<typeof liveAgents>> {
  const { state, settings, seq } = view;
  const page = pageOf(agentIds(state), query);
  const agents: AgentView[] = [];
  for (const id of page.ids) {
    const agent = measureAgent(state, settings, at, id);
    if (agent) agents.push(agent);
  }
  return { data: { asOf: iso(at), seq, agents }, nextCursor: page.nextCursor };
}

export function callsAnswer(
  view: LiveView,
  at: number,
  query: LiveListQuery,
): Paged<z.infer<typeof liveCalls>> {
  const { state, settings, seq } = view;
  const page = pageOf(liveCallIds(state), query);
  const calls: CallView[] = [];
  for (const id of page.ids) {
    const call = measureCall(state, settings, at, id);
    if (call) calls.push(call);
  }
  return { data: { asOf: iso(at), seq, calls }, nextCursor: page.nextCursor };
}

/** The ids after the cursor, in code unit order, up to the limit. */
function pageOf(
  all: readonly string[],
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): { ids: string[]; nextCursor: string | null } {
  const ids = [...all].sort();
  const from = cursor === undefined ? 0 : ids.findIndex((id) => id > cursor);
  if (from < 0) return { ids: [], nextCursor: null };
  const page = ids.slice(from, from + limit);
  return { ids: page, nextCursor: from + limit < ids.length ? (page.at(-1) ?? null) : null };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
