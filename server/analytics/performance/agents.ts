import type { z } from 'zod';
import type { AgentRow, agentsAnswer, Computed } from '../../../shared/contract/analytics.ts';
import type { AgentsQuery } from '../../../shared/contract/analyticsQuery.ts';
import { type Asked, ask, metaOf, type RangeQuery, rangeOf, refusal } from '../asked.ts';
import type { Agent } from '../people.ts';
import { type Piece, piecesOf } from '../pieces.ts';
import { agentScope, queueScope } from '../scope.ts';
import { agentLines } from './agentLines.ts';
import { agentRowOf, readAgents, readAgentsIn } from './agentRows.ts';
import { explainTemplate } from './explainLinks.ts';
import { isRecounting } from './summary.ts';

export type AgentsAnswer = Computed<z.infer<typeof agentsAnswer>>;

/** Agents who were there, in the order of their ids, and what they did. */
export async function agents(asked: Asked, query: AgentsQuery): Promise<AgentsAnswer> {
  const { centre, sight } = asked;
  const pieces = agentPieces(asked, query);
  const queues = queueFilter(asked, query);
  const everybody = await agentScope(centre, sight, query);
  const { cursor, limit } = query;
  const left = cursor === undefined ? everybody : everybody.filter(({ agentId }) => agentId > cursor);
  const rows: AgentRow[] = [];
  // Not everybody who was ever heard of was there: so on until the page is full, and one more shows that there is another.
  for (let at = 0; at < left.length && rows.length <= limit; at += limit + 1)
    rows.push(...(await agentRows(asked, left.slice(at, at + limit + 1), pieces, queues)));
  const page = rows.slice(0, limit);
  const nextCursor = rows.length > limit ? (page.at(-1)?.agentId ?? null) : null;
  const meta = { ...metaOf(asked, query, isRecounting(centre)), explain: explainAgents(query), nextCursor };
  if (query.line === undefined) return { data: page, meta };
  const shown = new Set(page.map(({ agentId }) => agentId));
  const people = everybody.filter(({ agentId }) => shown.has(agentId));
  const { lineOf, lineSteps } = await agentLines(asked, { ...query, line: query.line }, people, queues);
  return {
    data: page.map((row) => ({ ...row, line: lineOf(row.agentId) })),
    meta: { ...meta, lineSteps },
  };
}

/** Rows of those among `people` who were there; with `queues` their counts are of those queues alone. */
export async function agentRows(
  asked: Asked,
  people: readonly Agent[],
  pieces: readonly Piece[],
  queues: readonly string[] | null,
): Promise<AgentRow[]> {
  const { tenantId, settings } = asked.centre;
  const { all } = await asked.centre.people();
  // Everybody is a range of the key; a list of hundreds is looked for one by one.
  const identities = people.length === all.length ? null : people.map(({ identity }) => identity);
  const question = { pieces, identities };
  const [whole, inQueues] = await ask(asked, (tx) =>
    Promise.all([
      readAgents(tx, tenantId, question),
      queues === null ? null : readAgentsIn(tx, tenantId, question, queues),
    ]),
  );
  const wholeBy = new Map(whole.map((group) => [group.identity, group]));
  const legsBy = new Map((inQueues ?? whole).map(({ identity, legs }) => [identity, legs]));
  return people.flatMap((agent) => {
    const group = wholeBy.get(agent.identity);
    const legs = legsBy.get(agent.identity);
    if ((queues === null ? group : legs) === undefined) return [];
    return [agentRowOf(agent, legs, group, settings.minimumSample)];
  });
}

/** What each figure of an agent's row is explained by. */
export function explainAgents({
  startDate,
  endDate,
  timeZone,
  queue,
}: Omit<AgentsQuery, 'cursor' | 'limit'>): string {
  return explainTemplate({ startDate, endDate, timeZone, queue }, { agent: 'agentId' });
}

/** Which queues count: null, unless some are named. Of an agent in sight it is all he did, wherever that was [T9]. */
export function queueFilter(
  { centre, sight }: Asked,
  { queue, sector }: { queue: readonly string[]; sector: readonly string[] },
): readonly string[] | null {
  const scope = queueScope(centre, sight, { queue, sector: [] });
  queueScope(centre, sight, { queue: [], sector });
  return queue.length === 0 ? null : scope;
}

/** Throws AppError `bad_request` for days of another clock: agents are counted by days of the tenant's. */
export function agentPieces(
  { centre }: Asked,
  query: RangeQuery,
  coarsest: 'day' | 'month' = 'month',
): Piece[] {
  const { timeZone } = query;
  if (timeZone !== undefined && timeZone !== centre.calendar.timeZone)
    throw refusal('timeZone', `agents are counted by the days of ${centre.calendar.timeZone}`);
  return piecesOf(rangeOf(centre, query).range, centre.calendar, coarsest);
}
