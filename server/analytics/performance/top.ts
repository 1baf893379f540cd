import type { z } from 'zod';
import type { Computed, TopRow, topAnswer } from '../../../shared/contract/analytics.ts';
import type { TopQuery } from '../../../shared/contract/analyticsQuery.ts';
import { type Asked, metaOf, refusal } from '../asked.ts';
import { agentScope } from '../scope.ts';
import { agentPieces, agentRows, explainAgents, queueFilter } from './agents.ts';
import { type Ranked, rankAgents } from './ranking.ts';
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
  const rows = await agentRows(asked, people, range, queues);
  const { ranked, belowMinimum } = rankAgents(rows, { metric, order, minimumSample });
  const data = ranked.slice(after, after + limit).map(({ rank, row }: Ranked): TopRow => ({ ...row, rank }));
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
