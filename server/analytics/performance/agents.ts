import type { TransactionSql } from 'postgres';
import type { z } from 'zod';
import type { AgentRow, agentsAnswer, Computed } from '../../../shared/contract/analytics.ts';
import type { AgentsQuery } from '../../../shared/contract/analyticsQuery.ts';
import { type Asked, askAlone, askAtOnce, metaOf, type RangeQuery, rangeOf, refusal } from '../asked.ts';
import type { Centre } from '../centre.ts';
import { lazily } from '../lazily.ts';
import type { Agent } from '../people.ts';
import { type Piece, piecesOf } from '../pieces.ts';
import { agentScope, queueScope } from '../scope.ts';
import type { Edges } from './agentEdges.ts';
import { agentLines } from './agentLines.ts';
import { type Added, type AgentGroup, agentRowOf, readAgents, readAgentsIn } from './agentRows.ts';
import { explainTemplate } from './explainLinks.ts';
import { isRecounting } from './summary.ts';

export interface AgentsAnswer {
  data: Iterable<AgentRow>;
  meta: Computed<z.infer<typeof agentsAnswer>>['meta'];
}

/** Agents who were there, in the order of their ids, and what they did. */
export async function agents(asked: Asked, query: AgentsQuery): Promise<AgentsAnswer> {
  const { centre, sight } = asked;
  if (query.line !== undefined) expectOwnDays(asked, query, 'leave out line');
  const range = agentPieces(asked, query);
  const queues = queueFilter(asked, query);
  const everybody = await agentScope(centre, sight, query);
  const { cursor, until, limit } = query;
  const left = everybody.filter(
    ({ agentId }) => (cursor === undefined || agentId > cursor) && (until === undefined || agentId <= until),
  );
  const present: Present[] = [];
  // Not everybody who was ever heard of was there: so on until the page is full, and one more shows that there is another.
  for (let at = 0; at < left.length && present.length <= limit; at += limit + 1)
    present.push(...(await thoseThere(asked, left.slice(at, at + limit + 1), range, queues)));
  const page = present.slice(0, limit);
  const nextCursor = present.length > limit ? (page.at(-1)?.agent.agentId ?? null) : null;
  const nextCursors = nextCursor === null ? [] : cursorsFrom(nextCursor, left, limit);
  const meta = {
    ...metaOf(asked, query, isRecounting(centre)),
    explain: explainAgents(query),
    nextCursor,
    nextCursors,
  };
  const { minimumSample } = centre.settings;
  if (query.line === undefined) return { data: lazily(page, (one) => rowOf(one, minimumSample)), meta };
  const people = page.map(({ agent }) => agent);
  const { lineOf, lineSteps } = await agentLines(asked, { ...query, line: query.line }, people, queues);
  return {
    data: lazily(page, (one) => ({ ...rowOf(one, minimumSample), line: lineOf(one.agent.agentId) })),
    meta: { ...meta, lineSteps },
  };
}

/** Who the parts of what is left come after, each of as many as a page holds: so none is longer, whoever of them was there. */
function cursorsFrom(nextCursor: string, people: readonly Agent[], limit: number): string[] {
  const left = people.filter(({ agentId }) => agentId > nextCursor);
  const ends = left.filter((_, at) => at % limit === limit - 1 && at < left.length - 1);
  return [nextCursor, ...ends.map(({ agentId }) => agentId)];
}

async function thoseThere(
  asked: Asked,
  people: readonly Agent[],
  range: AgentPieces,
  queues: readonly string[] | null,
): Promise<Present[]> {
  const { all } = await asked.centre.people();
  const question = { people, isEverybody: people.length === all.length, range, queues };
  return askFor(range)(asked, (tx) => readPresent(tx, asked.centre, question));
}

/** How to ask for it: where edges are added up from facts, those must stay. */
export function askFor({ edges }: AgentPieces): typeof askAlone {
  return edges.spans.length > 0 ? askAtOnce : askAlone;
}

/** An agent who was there, and what was read of him: as a whole, and of what counts, which is that where no queues are named. */
export interface Present {
  agent: Agent;
  whole: AgentGroup | undefined;
  counted: AgentGroup;
}

export function rowOf({ agent, whole, counted }: Present, minimumSample: number): AgentRow {
  return agentRowOf(agent, counted.legs, whole, minimumSample);
}

interface PresentQuestion {
  people: readonly Agent[];
  /** Whether there is nobody beside. */
  isEverybody: boolean;
  range: AgentPieces;
  /** Null: of all they did. */
  queues: readonly string[] | null;
  only?: readonly Added[];
}

/** Those among `people` who were there; with `queues` their counts are of those queues alone. */
export async function readPresent(
  tx: TransactionSql,
  { tenantId }: Centre,
  { people, isEverybody, range, queues, only }: PresentQuestion,
): Promise<Present[]> {
  // Everybody is a range of the key; a list of hundreds is looked for one by one. Facts at the edges are looked for by name.
  const isOfAll = isEverybody && range.edges.spans.length === 0;
  const question = { ...range, only, identities: isOfAll ? null : people.map(({ identity }) => identity) };
  const [whole, inQueues] = await Promise.all([
    readAgents(tx, tenantId, question),
    queues === null ? null : readAgentsIn(tx, tenantId, question, queues),
  ]);
  const byIdentity = (groups: readonly AgentGroup[]) =>
    new Map(groups.map((group) => [group.identity, group]));
  const wholeBy = byIdentity(whole);
  const countedBy = inQueues === null ? wholeBy : byIdentity(inQueues);
  const present: Present[] = [];
  for (const agent of people) {
    const counted = countedBy.get(agent.identity);
    if (counted !== undefined) present.push({ agent, whole: wholeBy.get(agent.identity), counted });
  }
  return present;
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

/** Agents are rolled up by the tenant's days: steps of another zone are refused, and `instead` said. */
export function expectOwnDays({ centre }: Asked, { timeZone }: RangeQuery, instead: string): void {
  const own = centre.calendar.timeZone;
  if (timeZone !== undefined && timeZone !== own)
    throw refusal('timeZone', `days of agents are those of ${own}; of another zone ${instead}`);
}

interface AgentPieces {
  pieces: Piece[];
  edges: Edges;
}

/** The tenant's days and months in a range, and what of it, by another clock, lies within days of the tenant's. */
export function agentPieces(asked: Asked, query: RangeQuery): AgentPieces {
  return agentPiecesIn(asked, rangeOf(asked.centre, query).range);
}

/** The same of a stretch, in epoch ms. */
export function agentPiecesIn({ centre, now }: Asked, range: { from: number; to: number }): AgentPieces {
  const all = piecesOf(range, centre.calendar, 'month');
  const isEdge = ({ grain }: Piece) => grain === 'interval';
  return { pieces: all.filter((piece) => !isEdge(piece)), edges: { spans: all.filter(isEdge), now } };
}
