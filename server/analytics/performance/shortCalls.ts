import type { z } from 'zod';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type {
  ShortCallsOfAgent,
  ShortCallsOfQueue,
  ShortCallsQuery,
  shortCallsAnswer,
} from '../../../shared/contract/shortCalls.ts';
import { ratio } from '../../../shared/metrics/serviceLevel.ts';
import { type Asked, ask, isoOf, metaOf, pageOf, rangeOf } from '../asked.ts';
import { visitRules } from '../calls/visitRules.ts';
import { countVisitsBy } from '../calls/visits.ts';
import { piecesOf } from '../pieces.ts';
import { agentScope, namedQueue, queueIdsOf, queueScope } from '../scope.ts';
import { readAgents, readAgentsIn } from './agentRows.ts';
import { agentPiecesIn, explainAgents, queueFilter } from './agents.ts';
import { explainTemplate } from './explainLinks.ts';
import { keptPart } from './factParts.ts';
import { isRecounting } from './summary.ts';
import { readVisits, sumsIn } from './visitRows.ts';

type Answer = Computed<z.infer<typeof shortCallsAnswer>>;
type Counts = ShortCallsOfQueue | ShortCallsOfAgent;

/** Answered calls whose talk was over in less than 10 s [H5]. */
export function shortCalls(asked: Asked, query: ShortCallsQuery): Promise<Answer> {
  return query.groupBy === 'agent' ? ofAgents(asked, query) : ofQueues(asked, query);
}

async function ofQueues(asked: Asked, query: ShortCallsQuery): Promise<Answer> {
  const { centre, sight, now } = asked;
  const { settings, tenantId, calendar } = centre;
  const queues = queueScope(centre, sight, query);
  const { since, answered, short } = await ask(asked, async (tx) => {
    const { from, to, since } = await keptPart(tx, tenantId, rangeOf(centre, query).range);
    const pieces = piecesOf({ from, to }, calendar, 'month');
    const [groups, short] = await Promise.all([
      readVisits(tx, tenantId, { pieces, queues, by: 'queue', starts: [] }),
      countVisitsBy(
        tx,
        tenantId,
        'queue_id',
        { from, to, queues, counted: ['shortTalks'] },
        visitRules(settings, now),
      ),
    ]);
    const answered = new Map(groups.map((group) => [group.queueId, sumsIn(group).tally.answered]));
    return { since, answered, short };
  });
  const rows = queueIdsOf(centre, queues)
    .filter((id) => answered.has(id) || short.has(id))
    .map(
      (queueId): ShortCallsOfQueue => ({
        ...namedQueue(centre, queueId),
        ...countsOf(answered.get(queueId), short.get(queueId), settings.minimumSample),
      }),
    );
  const explain = explainTemplate({ ...query, queue: [], sector: [] }, { queue: 'queueId' });
  const { rows: data, nextCursor } = pageOf(rows, query, ({ queueId }) => queueId);
  return { data, meta: { ...metaFor(asked, query, rows, since), explain, nextCursor } };
}

/** Of agents in sight, as their list has them: wherever they answered, or in the queues that are named. */
async function ofAgents(asked: Asked, query: ShortCallsQuery): Promise<Answer> {
  const { centre, sight, now } = asked;
  const { settings, tenantId } = centre;
  const queues = queueFilter(asked, query);
  const people = await agentScope(centre, sight, { agent: [], sector: query.sector });
  const identities = people.map(({ identity }) => identity);
  const { since, answered, short } = await ask(asked, async (tx) => {
    const { from, to, since } = await keptPart(tx, tenantId, rangeOf(centre, query).range);
    const question = { ...agentPiecesIn(asked, { from, to }), identities };
    const filter = { from, to, queues, counted: ['shortTalks'] } as const;
    const [groups, short] = await Promise.all([
      queues === null ? readAgents(tx, tenantId, question) : readAgentsIn(tx, tenantId, question, queues),
      countVisitsBy(tx, tenantId, 'identity', filter, visitRules(settings, now)),
    ]);
    const answered = new Map(groups.map(({ identity, legs }) => [identity, legs.answered]));
    return { since, answered, short };
  });
  const rows = people
    .map(({ agentId, name, sectorId, identity }): ShortCallsOfAgent => {
      const counts = countsOf(answered.get(identity), short.get(identity), settings.minimumSample);
      return { agentId, name, sectorId, ...counts };
    })
    .filter((row) => row.answered + row.shortTalks > 0);
  const { rows: data, nextCursor } = pageOf(rows, query, ({ agentId }) => agentId);
  const explain = explainAgents({ ...query, agent: [] });
  return { data, meta: { ...metaFor(asked, query, rows, since), explain, nextCursor } };
}

function metaFor(asked: Asked, query: ShortCallsQuery, rows: readonly Counts[], since: number | null) {
  const sum = (of: (row: Counts) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    ...metaOf(asked, query, isRecounting(asked.centre)),
    total: countsOf(
      sum(({ answered }) => answered),
      sum(({ shortTalks }) => shortTalks),
      asked.centre.settings.minimumSample,
    ),
    factsSince: since === null ? null : isoOf(since),
  };
}

function countsOf(answered = 0, shortTalks = 0, minimumSample: number) {
  const isSmall = answered > 0 && answered < minimumSample;
  return {
    answered,
    shortTalks,
    shortTalkRate: ratio(shortTalks, answered),
    lowSample: isSmall ? ['shortTalkRate'] : [],
  };
}
