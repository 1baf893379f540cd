import type { TransactionSql } from 'postgres';
import type { z } from 'zod';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type { SampleRow, sampleAnswer } from '../../../shared/contract/quality.ts';
import type { SampleQuery } from '../../../shared/contract/qualityQuery.ts';
import { ratio } from '../../../shared/metrics/serviceLevel.ts';
import { type Asked, isoOf, metaOf } from '../asked.ts';
import { grouped } from '../grouped.ts';
import type { Agent } from '../people.ts';
import { isRecounting } from '../performance/summary.ts';
import { askScores, type ScoreScope, scoreScope } from './scope.ts';
import { mergedScores, readScoreSums } from './sums.ts';

/** Calls to review: answered, over, and reviewed or begun by nobody. */

interface Leg {
  callId: string;
  identity: string;
  queueId: string;
  at: number;
  talkMs: number;
  holdMs: number | null;
  isTransferred: boolean;
}

const DAY_MS = 86_400_000;
/** How far back scores are looked at for who is scored low, and how many of the agents that is. */
const SCORED_DAYS = 90;
const LOWEST = 0.25;

export async function sample(
  asked: Asked,
  query: SampleQuery,
): Promise<Computed<z.infer<typeof sampleAnswer>>> {
  const { centre } = asked;
  const { tenantId, settings } = centre;
  const scope = await scoreScope(asked, query);
  const agentBy = new Map(scope.agents.map((agent) => [agent.identity, agent]));
  const legs = await askScores(asked, async (tx) => {
    const agents = query.order === 'lowScore' ? await lowest(tx, asked, scope) : scope.agents;
    return readUnreviewed(tx, tenantId, { ...scope, agents }, query);
  });
  // An agent who answered a call in two queues is to be listened to once.
  const once = grouped(legs, ({ callId, identity }) => `${callId} ${identity}`).values();
  const shown = [...once].flatMap(([leg]) => leg ?? []).slice(0, query.limit);
  const data = shown.flatMap(({ identity, queueId, at, ...leg }): SampleRow[] => {
    const agent = agentBy.get(identity);
    if (agent === undefined) return [];
    const { agentId, name, sectorId } = agent;
    const queueName = settings.queues.get(queueId)?.name ?? queueId;
    return [{ ...leg, agentId, agentName: name, sectorId, queueId, queueName, calledAt: isoOf(at) }];
  });
  return { data, meta: metaOf(asked, query, isRecounting(centre)) };
}

/** The quarter of the scored agents, one at least, whose mean scores were lowest. */
async function lowest(tx: TransactionSql, { centre, now }: Asked, scope: ScoreScope): Promise<Agent[]> {
  const range = { ...scope.range, from: now - SCORED_DAYS * DAY_MS, to: now };
  const groups = await readScoreSums(tx, centre.tenantId, { ...scope, range, queues: null }, { by: 'agent' });
  const people = await centre.people();
  const byIdentity = grouped(groups, ({ agentId }) => agentId && people.find(agentId)?.identity);
  const scored = scope.agents.flatMap((agent) => {
    const { scoreSum, scored: size } = mergedScores(byIdentity.get(agent.identity) ?? []);
    const mean = ratio(scoreSum, size);
    return mean === null ? [] : [{ agent, mean }];
  });
  scored.sort((a, b) => a.mean - b.mean);
  return scored.slice(0, Math.ceil(scored.length * LOWEST)).map(({ agent }) => agent);
}

/** Each agent's legs through the key of the table; random ones by a digest, so that the same seed gives the same. */
function readUnreviewed(
  tx: TransactionSql,
  tenantId: string,
  { range, agents, queues }: ScoreScope,
  { order, seed, minTalkSeconds, limit }: SampleQuery,
): Promise<Leg[]> {
  const people = agents.flatMap(({ identity, names }) => names.map((name) => ({ identity, name })));
  const orders = {
    random: tx`md5(leg.call_id || ' ' || ${seed}), leg.call_id`,
    lowScore: tx`md5(leg.call_id || ' ' || ${seed}), leg.call_id`,
    longest: tx`leg.talk_ms desc, leg.call_id`,
    shortest: tx`leg.talk_ms, leg.call_id`,
  };
  return tx<Leg[]>`
    with people as materialized (
      select identity, name from jsonb_to_recordset(${JSON.stringify(people)}::text::jsonb) as person (identity text, name text)
    )
    select leg.call_id as "callId", leg.identity, leg.queue_id as "queueId",
      floor(extract(epoch from leg.counted_at) * 1000)::float8 as at, leg.talk_ms::float8 as "talkMs",
      leg.hold_ms::float8 as "holdMs", leg.is_transferred as "isTransferred"
    from agent_metrics leg
    where leg.tenant_id = ${tenantId} and leg.kind = 'answered' and leg.ended_at is not null
      and leg.identity = any(${agents.map(({ identity }) => identity)}::text[])
      and leg.counted_at >= ${new Date(range.from)} and leg.counted_at < ${new Date(range.to)}
      and leg.talk_ms >= ${minTalkSeconds * 1_000}
      ${queues === null ? tx`` : tx`and leg.queue_id = any(${[...queues]}::text[])`}
      and not exists (
        select from call_quality_scores s join people on people.name = s.agent_id
        where s.tenant_id = ${tenantId} and s.call_id = leg.call_id and people.identity = leg.identity
      )
    order by ${orders[order]} limit ${2 * limit}`;
}
