import type { z } from 'zod';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type { QualityAgentRow, qualityAgentsAnswer } from '../../../shared/contract/quality.ts';
import type { QualityAgentsQuery } from '../../../shared/contract/qualityQuery.ts';
import { ratio } from '../../../shared/metrics/serviceLevel.ts';
import { type Asked, metaOf, pageOf } from '../asked.ts';
import { grouped } from '../grouped.ts';
import { explainTemplate } from '../performance/explainLinks.ts';
import { isRecounting } from '../performance/summary.ts';
import { piecesOf } from '../pieces.ts';
import { askScores, scoreScope } from './scope.ts';
import { figuresOf, mergedScores, readLegSums, readScoreSums } from './sums.ts';

/** Agents who answered calls or were reviewed, in the order of their ids: their scores beside what they handled. */
export async function qualityAgents(
  asked: Asked,
  query: QualityAgentsQuery,
): Promise<Computed<z.infer<typeof qualityAgentsAnswer>>> {
  const { centre } = asked;
  const { tenantId, settings } = centre;
  const scope = await scoreScope(asked, query);
  const people = await centre.people();
  const pieces = piecesOf(scope.range, centre.calendar, 'month');
  const [scores, legs] = await askScores(asked, (tx) =>
    Promise.all([
      readScoreSums(tx, tenantId, scope, { by: 'agent' }),
      readLegSums(tx, tenantId, scope, { pieces, by: 'agent' }),
    ]),
  );
  const scoresBy = grouped(scores, ({ agentId }) => agentId && (people.find(agentId)?.identity ?? agentId));
  const legsBy = new Map(legs.map((group) => [group.identity, group]));
  const { minimumSample } = settings;
  const isSmall = (size: number) => size > 0 && size < minimumSample;
  const rows = scope.agents.flatMap(({ identity, agentId, name, sectorId }): QualityAgentRow[] => {
    const sums = mergedScores(scoresBy.get(identity) ?? []);
    const { answered = 0, completed = 0, handled = 0, handleMs = 0 } = legsBy.get(identity) ?? {};
    if (sums.reviews === 0 && answered === 0) return [];
    const { lowSample, ...figures } = figuresOf(sums, answered, minimumSample);
    return [
      {
        agentId,
        name,
        sectorId,
        ...figures,
        ahtMs: ratio(handleMs, handled),
        completionRate: ratio(completed, answered),
        lowSample: [
          ...lowSample,
          ...(isSmall(handled) ? ['ahtMs'] : []),
          ...(isSmall(answered) ? ['completionRate'] : []),
        ],
      },
    ];
  });
  const { rows: data, nextCursor } = pageOf(rows, query, ({ agentId }) => agentId);
  const explain = explainTemplate(query, { agent: 'agentId' }, 'quality');
  return { data, meta: { ...metaOf(asked, query, isRecounting(centre)), explain, nextCursor } };
}
