import type { TransactionSql } from 'postgres';
import type { z } from 'zod';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type { DueRow, dueAnswer } from '../../../shared/contract/quality.ts';
import type { DueQuery } from '../../../shared/contract/qualityQuery.ts';
import { type Asked, metaOf, pageOf } from '../asked.ts';
import { isRecounting } from '../performance/summary.ts';
import { piecesOf } from '../pieces.ts';
import { askScores, type ScoreScope, scoreScope, scoresIn } from './scope.ts';
import { readLegSums } from './sums.ts';

/** Reviews of the calls of a month: how many there are to be of each agent, and how many there are. */
export async function due(asked: Asked, query: DueQuery): Promise<Computed<z.infer<typeof dueAnswer>>> {
  const { centre } = asked;
  const { tenantId } = centre;
  const scope = await scoreScope(asked, query);
  const people = await centre.people();
  const pieces = piecesOf(scope.range, centre.calendar, 'month');
  const [[settings], legs, calls] = await askScores(asked, (tx) =>
    Promise.all([
      tx<{ perAgent: number }[]>`
        select reviews_per_agent_per_month as "perAgent" from settings where tenant_id = ${tenantId}`,
      readLegSums(tx, tenantId, scope, { pieces, by: 'agent' }),
      readCalls(tx, tenantId, scope),
    ]),
  );
  const perAgent = settings?.perAgent ?? 0;
  const answeredBy = new Map(legs.map(({ identity, answered }) => [identity, answered]));
  const doneBy = new Map<string, { done: number; begun: number }>();
  for (const { agentId, done, begun } of calls) {
    const identity = people.find(agentId)?.identity ?? agentId;
    const sums = doneBy.get(identity) ?? { done: 0, begun: 0 };
    doneBy.set(identity, { done: sums.done + done, begun: sums.begun + begun });
  }
  const rows = scope.agents.flatMap(({ identity, agentId, name, sectorId }): DueRow[] => {
    const answered = answeredBy.get(identity) ?? 0;
    const { done = 0, begun = 0 } = doneBy.get(identity) ?? {};
    if (answered === 0 && done === 0 && begun === 0) return [];
    return [{ agentId, name, sectorId, answered, due: Math.min(perAgent, answered), done, begun }];
  });
  const { rows: data, nextCursor } = pageOf(rows, query, ({ agentId }) => agentId);
  return { data, meta: { ...metaOf(asked, query, isRecounting(centre)), nextCursor, perAgent } };
}

/** A call counts once, however many have reviewed it; as begun only as long as nobody has. */
function readCalls(tx: TransactionSql, tenantId: string, scope: ScoreScope) {
  return tx<{ agentId: string; done: number; begun: number }[]>`
    select agent_id as "agentId", count(*) filter (where signed)::float8 as done,
      count(*) filter (where not signed)::float8 as begun
    from (
      select s.agent_id, s.call_id, bool_or(s.state <> 'draft') as signed from call_quality_scores s
      where ${scoresIn(tx, tenantId, scope, true)} and s.agent_id is not null group by 1, 2
    ) as call
    group by 1`;
}
