import type { TransactionSql } from 'postgres';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type { CallsBehind, ExplainAnswer } from '../../../shared/contract/explain.ts';
import type { QualityExplainQuery } from '../../../shared/contract/qualityQuery.ts';
import { reviewEntry } from '../../../shared/explain/catalogue.ts';
import { explain as explainFigure } from '../../../shared/explain/explain.ts';
import type { Term } from '../../../shared/explain/formulas.ts';
import { legParts, type ReviewParts } from '../../../shared/explain/parts.ts';
import { emptyLegSums, type LegSums, mergeLegs } from '../../../shared/metrics/agentSums.ts';
import { type Asked, ask, isoOf, metaOf } from '../asked.ts';
import { type AgentGroup, readAgents, readAgentsIn } from '../performance/agentRows.ts';
import { explain as explainVisits } from '../performance/explain.ts';
import { createCallsBehind, createReviewsBehind } from '../performance/explainLinks.ts';
import { isRecounting } from '../performance/summary.ts';
import { piecesOf } from '../pieces.ts';
import { queueScope } from '../scope.ts';
import { readPairs } from './calibration.ts';
import { askScores, type ScoreScope, scoreScope, scoresIn } from './scope.ts';
import { mergedScores, readScoreSums } from './sums.ts';

/**
 * How one figure of reviews came about: of a range, or of agents. Completion of nobody in particular is of visits, and is
 * explained as performance explains it. Of drafts one's own are told, as lists show them.
 */
export async function qualityExplain(
  asked: Asked,
  query: QualityExplainQuery,
  accountId: string,
): Promise<Computed<ExplainAnswer>> {
  const { centre } = asked;
  const { metric, agent, reviewer: _, form: __, ...visits } = query;
  if (metric === 'completionRate' && agent.length === 0)
    return explainVisits(asked, { ...visits, metric, of: 'total' });
  const scope = await scoreScope(asked, query);
  const [reviews, { legs, inSight }] = await Promise.all([
    askScores(asked, (tx) => readReviewParts(tx, centre.tenantId, scope, accountId)),
    readLegs(asked, scope),
  ]);
  const parts = { ...legParts(legs), ...reviews };
  const reviewsBehind = createReviewsBehind(query, parts);
  const { from, to } = scope.range;
  return {
    data: {
      ...explainFigure({
        ...{ metric, entry: reviewEntry(metric), parts, minimumSample: centre.settings.minimumSample },
        variants: [],
        callsBehind: (terms) => reviewsBehind(terms) ?? callsOfOne(scope, query, legs, inSight)(terms),
      }),
      from: isoOf(from),
      to: isoOf(to),
      definition: null,
      thresholds: null,
      firstContactDays: null,
      agents: null,
    },
    meta: metaOf(asked, query, isRecounting(centre)),
  };
}

/** Calls are listed by one agent. */
function callsOfOne(
  { range: { from, to }, agents }: ScoreScope,
  { queue, agent }: QualityExplainQuery,
  legs: LegSums,
  inSight: LegSums,
): (terms: readonly Term[]) => CallsBehind | null {
  const [one, ...others] = agents;
  if (agent.length === 0 || one === undefined || others.length > 0) return () => null;
  return createCallsBehind({ from, to, queue, agent: one.agentId }, legParts(legs), legParts(inSight));
}

async function readReviewParts(
  tx: TransactionSql,
  tenantId: string,
  scope: ScoreScope,
  accountId: string,
): Promise<ReviewParts> {
  const [groups, pairs, counts] = await Promise.all([
    readScoreSums(tx, tenantId, scope, { by: 'total' }),
    readPairs(tx, tenantId, scope),
    tx<{ drafts: number }[]>`
      select count(*)::float8 as drafts from call_quality_scores s
      where ${scoresIn(tx, tenantId, scope, true)} and s.state = 'draft' and s.reviewer_id = ${accountId}`,
  ]);
  const { scoreSum: scorePoints, ...sums } = mergedScores(groups);
  const { drafts = 0 } = counts[0] ?? {};
  return { ...sums, scorePoints, drafts, pairs: pairs.pairs, differencePoints: pairs.sum };
}

/** What the agents did with calls, all of it, and as far as its queues are in sight [T9]. */
async function readLegs(
  { centre, sight, ...asked }: Asked,
  { range, agents, isEverybody, queues }: ScoreScope,
): Promise<{ legs: LegSums; inSight: LegSums }> {
  const { tenantId } = centre;
  const seen = queues === null ? queueScope(centre, sight, { queue: [], sector: [] }) : null;
  const pieces = piecesOf(range, centre.calendar, 'month');
  const who = { pieces, identities: isEverybody ? null : agents.map(({ identity }) => identity) };
  const [whole, visible] = await ask({ ...asked, centre, sight }, (tx) =>
    Promise.all([
      queues === null ? readAgents(tx, tenantId, who) : readAgentsIn(tx, tenantId, who, queues),
      seen === null ? null : readAgentsIn(tx, tenantId, who, seen),
    ]),
  );
  const legs = merged(whole);
  return { legs, inSight: visible === null ? legs : merged(visible) };
}

function merged(groups: readonly AgentGroup[]): LegSums {
  const all = emptyLegSums();
  for (const { legs } of groups) mergeLegs(all, legs);
  return all;
}
