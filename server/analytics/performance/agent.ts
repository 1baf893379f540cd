import type { z } from 'zod';
import type { AgentQueue, agentAnswer, Computed } from '../../../shared/contract/analytics.ts';
import type { AgentQuery } from '../../../shared/contract/analyticsQuery.ts';
import { legMetrics } from '../../../shared/metrics/legMetrics.ts';
import { AppError } from '../../http/errors.ts';
import { type Asked, ask, metaOf } from '../asked.ts';
import type { Agent } from '../people.ts';
import { queueScope } from '../scope.ts';
import { agentRowOf, readAgentsByQueue } from './agentRows.ts';
import { agentPieces } from './agents.ts';
import { explainTemplate } from './explainLinks.ts';
import { isRecounting } from './summary.ts';

export type AgentAnswer = Computed<z.infer<typeof agentAnswer>>;

/** One agent altogether, and in each queue in sight; AppError `not_found` for one who is not there to be seen. */
export async function agent(asked: Asked, agentId: string, query: AgentQuery): Promise<AgentAnswer> {
  const { centre, sight } = asked;
  const { minimumSample, queues: known } = centre.settings;
  const found = await agentInSight(asked, agentId);
  const seen = queueScope(centre, sight, { queue: [], sector: [] });
  const question = { ...agentPieces(asked, query), identities: [found.identity] };
  const groups = await ask(asked, (tx) => readAgentsByQueue(tx, centre.tenantId, question));
  const whole = groups.find(({ queueId }) => queueId === '');
  const queues = groups
    .filter(({ queueId }) => queueId !== '' && (seen === null || seen.includes(queueId)))
    .sort((a, b) => (a.queueId < b.queueId ? -1 : 1))
    .map(({ queueId, legs }): AgentQueue => {
      const { outbound: _, ...metrics } = legMetrics(legs, minimumSample);
      return { queueId, name: known.get(queueId)?.name ?? queueId, ...metrics };
    });
  return {
    data: { ...agentRowOf(found, whole?.legs, whole, minimumSample), queues },
    meta: {
      ...metaOf(asked, query, isRecounting(centre)),
      explain: explainTemplate({ ...query, agent: found.agentId }),
    },
  };
}

/** Somebody by any of his names; AppError `not_found` where he is not there to be seen. */
export async function agentInSight({ centre, sight }: Asked, agentId: string): Promise<Agent> {
  const people = await centre.people();
  const found = people.find(agentId);
  if (found === undefined || (sight.sectors !== null && !sight.sectors.has(found.sectorId)))
    throw new AppError('not_found');
  return found;
}
