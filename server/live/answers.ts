import type { z } from 'zod';
import type {
  LiveMetrics,
  LiveQuery,
  liveAgents,
  liveCalls,
  liveListQuery,
  liveQueues,
  liveQueuesQuery,
} from '../../shared/contract/rest.ts';
import { measure, measureQueue } from '../../shared/live/measure.ts';
import { queueIds } from '../../shared/live/sectors.ts';
import { agentIds, liveCallIds, measureAgent, measureCall } from '../../shared/live/views.ts';
import type { Sight } from '../access/principal.ts';
import type { LiveView } from './engine.ts';
import type { PseudonymOf } from './pseudonyms.ts';
import { createProjection } from './sight.ts';

/** The answers of the live endpoints, read off one view of the state at one instant, with what is in sight. */

export type LiveListQuery = z.output<typeof liveListQuery>;
export type LiveQueuesQuery = z.output<typeof liveQueuesQuery>;

/** What is answered from: `at` in epoch ms. */
export interface Seen {
  view: LiveView;
  at: number;
  sight: Sight;
  pseudonymOf: PseudonymOf;
}

/** One page of a list ordered by id, and the cursor of the next; null on the last. */
export interface Paged<T> {
  data: T;
  nextCursor: string | null;
}

function measureQueryOf({ window, definition, threshold, shortAbandon }: LiveQuery) {
  return { window, definition, threshold, shortAbandon };
}

export function metricsAnswer({ view, at, sight }: Seen, query: LiveQuery): LiveMetrics {
  const { state, settings, seq } = view;
  return { asOf: iso(at), seq, ...measure(state, settings, at, measureQueryOf(query), sight.sectors) };
}

export function queuesAnswer(
  { view, at, sight }: Seen,
  query: LiveQueuesQuery,
): Paged<z.infer<typeof liveQueues>> {
  const { state, settings, seq } = view;
  const { page, nextCursor } = pageOf(queueIds(state, settings, sight.sectors), query, (id) =>
    measureQueue(state, settings, at, id, measureQueryOf(query)),
  );
  return { data: { asOf: iso(at), seq, window: query.window, queues: page }, nextCursor };
}

export function agentsAnswer(
  { view, at, sight, pseudonymOf }: Seen,
  query: LiveListQuery,
): Paged<z.infer<typeof liveAgents>> {
  const { state, settings, seq } = view;
  const projection = createProjection(sight, view, pseudonymOf);
  const seen = new Map(
    agentIds(state)
      .filter(projection.seesAgent)
      .map((id) => [projection.idOf(id), id]),
  );
  const { page, nextCursor } = pageOf([...seen.keys()], query, (shown) => {
    const agent = measureAgent(state, settings, at, seen.get(shown) ?? '');
    return agent && projection.agent(agent);
  });
  return { data: { asOf: iso(at), seq, agents: page }, nextCursor };
}

export function callsAnswer(
  { view, at, sight, pseudonymOf }: Seen,
  query: LiveListQuery,
): Paged<z.infer<typeof liveCalls>> {
  const { state, settings, seq } = view;
  const projection = createProjection(sight, view, pseudonymOf);
  const { page, nextCursor } = pageOf(liveCallIds(state), query, (id) => {
    const call = measureCall(state, settings, at, id);
    return call && projection.call(call);
  });
  return { data: { asOf: iso(at), seq, calls: page }, nextCursor };
}

/**
 * What is to be seen under the ids after the cursor, in code unit order, up to the limit. Neither a page that is not
 * full nor a cursor tells of ids that nothing is to be seen under.
 */
function pageOf<T>(
  ids: readonly string[],
  { cursor, limit }: { cursor?: string | undefined; limit: number },
  read: (id: string) => T | null,
): { page: T[]; nextCursor: string | null } {
  const page: T[] = [];
  let last = '';
  for (const id of [...ids].sort()) {
    if (cursor !== undefined && id <= cursor) continue;
    const value = read(id);
    if (value === null) continue;
    if (page.length === limit) return { page, nextCursor: last };
    page.push(value);
    last = id;
  }
  return { page, nextCursor: null };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
