import type { Computed } from '../../../shared/contract/analytics.ts';
import type { ExplainAnswer, ExplainQuery } from '../../../shared/contract/explain.ts';
import { DEFINITIONS } from '../../../shared/contract/metrics.ts';
import {
  AGENT_FACT_METRICS,
  AGENT_METRICS,
  abandonmentEntry,
  agentEntry,
  FACT_METRICS,
  factEntry,
  isAgentFactMetric,
  isAgentMetric,
  isFactMetric,
  isVisitMetric,
  type Metric,
  serviceLevelEntry,
  VISIT_METRICS,
  type VisitReading,
  visitEntry,
} from '../../../shared/explain/catalogue.ts';
import { explain as explainFigure, type Reading } from '../../../shared/explain/explain.ts';
import { partsUsed } from '../../../shared/explain/formulas.ts';
import { contactParts, isTime, legParts, timeParts, visitParts } from '../../../shared/explain/parts.ts';
import { emptyLegSums, type LegSums, mergeLegs, takeLegs } from '../../../shared/metrics/agentSums.ts';
import { emptyTimeSums } from '../../../shared/metrics/timeSums.ts';
import { type Asked, ask, isoOf, metaOf, rangeOf, refusal } from '../asked.ts';
import { visitRules } from '../calls/visitRules.ts';
import { piecesOf } from '../pieces.ts';
import { agentScope, type QueueScope, queueIdsOf, queueScope } from '../scope.ts';
import { type AgentGroup, readAgents, readAgentsByQueue, readAgentsIn } from './agentRows.ts';
import { agentPiecesIn, queueFilter } from './agents.ts';
import { agentsAddress, createCallsBehind } from './explainLinks.ts';
import { factParts, keptPart } from './factParts.ts';
import { callsOf, firstContactsOf, measureOf, thresholdsUsed } from './figures.ts';
import { readFigures } from './readFigures.ts';
import { isRecounting } from './summary.ts';

const INTERVAL_MS = 900_000;

/** How one figure came about: a figure of a summary, of a row of a list, of a step of a trend, or of an agent. */
export function explain(asked: Asked, query: ExplainQuery): Promise<Computed<ExplainAnswer>> {
  return query.agent === undefined ? ofQueues(asked, query) : ofAgent(asked, query, query.agent);
}

async function ofQueues(asked: Asked, query: ExplainQuery): Promise<Computed<ExplainAnswer>> {
  const { centre, sight, now } = asked;
  const { settings, calendar } = centre;
  const { metric, queue, sector, threshold, shortAbandon } = query;
  const isOfFacts = isFactMetric(metric);
  if (!isOfFacts && !isVisitMetric(metric))
    throw refusal('metric', `without agent must be one of ${[...VISIT_METRICS, ...FACT_METRICS].join(', ')}`);
  const stretch = stretchOf(asked, query);
  const queues = queueScope(centre, sight, query);
  const measure = measureOf(settings, queueIdsOf(centre, queues), query, centre.checkpoint.stamped);
  const { definition } = measure;
  const isTotal = query.of === undefined ? queue.length !== 1 : query.of === 'total';
  const reading = { definition, genesys: settings.genesys, isTotal };
  const entry = isOfFacts ? factEntry(metric) : visitEntry(metric, reading);
  const { from, to, figures, counted } = await ask(asked, async (tx) => {
    const { from, to } = isOfFacts ? await keptPart(tx, centre.tenantId, stretch) : stretch;
    const pieces = piecesOf({ from, to }, calendar, 'month');
    const question = { pieces, queues, measure, starts: [], by: 'total' } as const;
    const rules = visitRules(settings, now, query);
    const [figures, counted] = await Promise.all([
      readFigures(tx, centre, question, now),
      factParts(tx, centre.tenantId, entry.formula, { from, to, queues }, rules),
    ]);
    return { from, to, figures, counted };
  });
  const { visits, time, contacts, queues: scope } = figures.sums(0, null);
  const parts = {
    ...visitParts(visits, callsOf(visits, scope)),
    ...contactParts(firstContactsOf(contacts, scope, settings)),
    ...timeParts(time),
    ...counted,
  };
  return {
    data: {
      ...explainFigure({
        ...{ metric, entry, parts, minimumSample: settings.minimumSample },
        variants: isOfFacts ? [] : variantsOf(metric, reading),
        callsBehind: createCallsBehind({ from, to, queue, sector, threshold, shortAbandon }, parts),
      }),
      from: isoOf(from),
      to: isoOf(to),
      definition,
      thresholds: thresholdsUsed(measure),
      firstContactDays: settings.firstContactDays,
      agents: query.start === undefined && isMadeOfTime(entry) ? agentsAddress(query) : null,
    },
    meta: metaOf(asked, query, isRecounting(centre)),
  };
}

async function ofAgent(asked: Asked, query: ExplainQuery, name: string): Promise<Computed<ExplainAnswer>> {
  const { centre, sight } = asked;
  const { metric, queue } = query;
  const isOfFacts = isAgentFactMetric(metric);
  if (!isOfFacts && !isAgentMetric(metric))
    throw refusal(
      'metric',
      `of an agent must be one of ${[...AGENT_METRICS, ...AGENT_FACT_METRICS].join(', ')}`,
    );
  for (const field of ['definition', 'threshold', 'shortAbandon', 'of', 'start', 'end'] as const)
    if (query[field] !== undefined)
      throw refusal(field, 'must be left out: agents are counted by days alone');
  const queues = queueFilter(asked, query);
  const [found] = await agentScope(centre, sight, { agent: [name], sector: query.sector });
  if (found === undefined) throw refusal('agent', `${name}: is in none of the sectors asked for`);
  // All of an agent's work counts, wherever it was done [T9]; calls are listed of the queues in sight.
  const seen = queues === null ? queueScope(centre, sight, { queue: [], sector: [] }) : null;
  const { tenantId } = centre;
  const { identity } = found;
  const stretch = stretchOf(asked, query);
  const entry = isOfFacts ? factEntry(metric) : agentEntry(metric);
  const { from, to, whole, inQueues, byQueue, counted, countedInSight } = await ask(asked, async (tx) => {
    const { from, to } = isOfFacts ? await keptPart(tx, tenantId, stretch) : stretch;
    const who = { ...agentPiecesIn(asked, { from, to }), identities: [identity] };
    const rules = visitRules(centre.settings, asked.now);
    const count = (of: QueueScope) =>
      factParts(tx, tenantId, entry.formula, { from, to, queues: of, identity }, rules);
    const [[whole], [inQueues], byQueue, counted, countedInSight] = await Promise.all([
      readAgents(tx, tenantId, who),
      queues === null ? [] : readAgentsIn(tx, tenantId, who, queues),
      seen === null ? [] : readAgentsByQueue(tx, tenantId, who),
      count(queues),
      seen === null ? {} : count(seen),
    ]);
    return { from, to, whole, inQueues, byQueue, counted, countedInSight };
  });
  const legs = (queues === null ? whole : inQueues)?.legs ?? emptyLegSums();
  const parts = { ...legParts(legs), ...timeParts(whole?.time ?? emptyTimeSums()), ...counted };
  const listed = seen === null ? parts : { ...legParts(legsSeen(byQueue, seen)), ...countedInSight };
  return {
    data: {
      ...explainFigure({
        ...{ metric, entry, parts, minimumSample: centre.settings.minimumSample },
        variants: !isOfFacts && isMadeOfTime(entry) ? variantsOf(metric, null) : [],
        callsBehind: createCallsBehind({ from, to, queue, agent: found.agentId }, parts, listed),
      }),
      from: isoOf(from),
      to: isoOf(to),
      definition: null,
      thresholds: null,
      firstContactDays: null,
      agents: isMadeOfTime(entry) ? agentsAddress(query, found.agentId) : null,
    },
    meta: metaOf(asked, query, isRecounting(centre)),
  };
}

/** What of an agent's is of queues in sight, or of none. */
function legsSeen(byQueue: readonly AgentGroup[], seen: readonly string[]): LegSums {
  const sums = emptyLegSums();
  for (const { queueId, legs } of byQueue) {
    if (queueId === '' || seen.includes(queueId)) mergeLegs(sums, legs);
    // All of it is in the row of none.
    if (queueId !== '') takeLegs(sums, legs);
  }
  return sums;
}

/** From when to when, in epoch ms: the days, or a step of them. */
function stretchOf({ centre }: Asked, query: ExplainQuery): { from: number; to: number } {
  const { start, end } = query;
  const { from, to } = rangeOf(centre, query).range;
  if (start === undefined && end === undefined) return { from, to };
  if (start === undefined) throw refusal('start', 'must be given beside end');
  if (end === undefined) throw refusal('end', 'must be given beside start');
  if (end <= start) throw refusal('end', 'must be after start');
  for (const [field, at] of Object.entries({ start, end })) {
    if (at < from || at > to) throw refusal(field, 'must be within the days from startDate to endDate');
    if (at % INTERVAL_MS !== 0)
      throw refusal(field, 'must be where an interval begins, at a quarter of an hour');
  }
  return { from: start, to: end };
}

function isMadeOfTime({ formula }: ReturnType<typeof visitEntry>): boolean {
  return partsUsed(formula).every(isTime);
}

/** Where there are several definitions, the same visits or the same time by each. */
function variantsOf(metric: Metric, reading: VisitReading | null): Reading[] {
  if (metric === 'occupancy' || metric === 'utilisation')
    return (['occupancy', 'utilisation'] as const).map((name) => ({
      name,
      isShown: name === metric,
      entry: agentEntry(name),
    }));
  if (reading === null) return [];
  if (metric === 'serviceLevel')
    return DEFINITIONS.map((name) => ({
      name,
      isShown: name === reading.definition,
      entry: serviceLevelEntry(name, reading.genesys),
    }));
  if (metric === 'abandonmentRate')
    return (['visits', 'calls'] as const).map((name) => ({
      name,
      isShown: (name === 'calls') === reading.isTotal,
      entry: abandonmentEntry(name === 'calls'),
    }));
  return [];
}
