import type { z } from 'zod';
import type { Computed, TopRow, topAnswer } from '../../../shared/contract/analytics.ts';
import type { TopQuery } from '../../../shared/contract/analyticsQuery.ts';
import { type Asked, metaOf, refusal } from '../asked.ts';
import { lazily } from '../lazily.ts';
import { agentScope } from '../scope.ts';
import {
  agentPieces,
  askFor,
  explainAgents,
  type Present,
  queueFilter,
  readPresent,
  rowOf,
} from './agents.ts';
import { MADE_OF, rankAgents } from './ranking.ts';
import { isRecounting } from './summary.ts';

export type TopAnswer = Computed<z.infer<typeof topAnswer>>;

/** Agents by one metric, the best or the worst first. */
export async function top(asked: Asked, query: TopQuery): Promise<TopAnswer> {
  const { centre, sight } = asked;
  const { metric, order, limit } = query;
  const minimumSample = query.minimumSample ?? centre.settings.minimumSample;
  const range = agentPieces(asked, query);
  const queues = queueFilter(asked, query);
  const after = query.cursor === undefined ? 0 : placeOf(query.cursor);
  const people = await agentScope(centre, sight, query);
  const { all } = await centre.people();
  const toRow = (one: Present) => rowOf(one, centre.settings.minimumSample);
  const byId = new Map(people.map((agent) => [agent.agentId, agent]));
  const { ranked, belowMinimum, data } = await askFor(range)(asked, async (tx) => {
    // Ranked by what the metric is made of; all there is to say is read of those who are shown.
    const question = { people, isEverybody: people.length === all.length, range, queues };
    const brief = await readPresent(tx, centre, { ...question, only: MADE_OF[metric] });
    const ranking = rankAgents(lazily(brief, toRow), { metric, order, minimumSample });
    const page = ranking.ranked.slice(after, after + limit);
    const shown = page.flatMap(({ row }) => byId.get(row.agentId) ?? []);
    const there = await readPresent(tx, centre, { ...question, people: shown, isEverybody: false });
    const rankBy = new Map(page.map(({ row, rank }) => [row.agentId, rank]));
    const data = there.map((one): TopRow => ({ ...toRow(one), rank: rankBy.get(one.agent.agentId) ?? 0 }));
    return { ...ranking, data };
  });
  const end = after + data.length;
  return {
    data,
    meta: {
      ...metaOf(asked, query, isRecounting(centre)),
      explain: explainAgents(query),
      nextCursor: end < ranked.length ? String(end) : null,
      metric,
      order,
      minimumSample,
      belowMinimum,
    },
  };
}

/** A ranking moves as a whole, so a page of it begins at a place, not after somebody. */
function placeOf(cursor: string): number {
  if (!/^[1-9]\d{0,6}$/.test(cursor)) throw refusal('cursor', 'must be one this list gave');
  return Number(cursor);
}
