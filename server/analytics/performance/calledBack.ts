import type { z } from 'zod';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type {
  CalledBackQuery,
  CalledBackRow,
  calledBackAnswer,
} from '../../../shared/contract/calledBack.ts';
import type { ListedCount } from '../../../shared/contract/calls.ts';
import { ratio } from '../../../shared/metrics/serviceLevel.ts';
import { type Asked, ask, isoOf, metaOf, pageOf, rangeOf } from '../asked.ts';
import { DAY_MS } from '../calendar.ts';
import { visitRules } from '../calls/visitRules.ts';
import { countVisitsBy } from '../calls/visits.ts';
import { namedQueue, queueIdsOf, queueScope } from '../scope.ts';
import { explainTemplate } from './explainLinks.ts';
import { keptPart } from './factParts.ts';
import { isRecounting } from './summary.ts';

const COUNTS = ['abandoned', 'abandonedKnown', 'abandonedReturned'] as const satisfies readonly ListedCount[];

/** Abandoned callers who called again and were answered [V12], of each queue they had hung up in. */
export async function calledBack(
  asked: Asked,
  query: CalledBackQuery,
): Promise<Computed<z.infer<typeof calledBackAnswer>>> {
  const { centre, sight, now } = asked;
  const { settings, tenantId } = centre;
  const { firstContactDays, minimumSample } = settings;
  const queues = queueScope(centre, sight, query);
  const rules = visitRules(settings, now);
  const { range } = rangeOf(centre, query);
  const { since, counts } = await ask(asked, async (tx) => {
    const { from, to, since } = await keptPart(tx, tenantId, range);
    const counts = await Promise.all(
      COUNTS.map((name) =>
        countVisitsBy(tx, tenantId, 'queue_id', { from, to, queues, counted: [name] }, rules),
      ),
    );
    return { since, counts };
  });
  const [abandoned, known, returned] = counts;
  const rows = queueIdsOf(centre, queues)
    .filter((id) => abandoned?.has(id))
    .map(
      (id): CalledBackRow => ({
        ...namedQueue(centre, id),
        ...countsOf(abandoned?.get(id), known?.get(id), returned?.get(id), minimumSample),
      }),
    );
  const sum = (of: (row: CalledBackRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const { rows: data, nextCursor } = pageOf(rows, query, ({ queueId }) => queueId);
  const openSince = now - firstContactDays * DAY_MS;
  return {
    data,
    meta: {
      ...metaOf(asked, query, isRecounting(centre)),
      explain: explainTemplate({ ...query, queue: [], sector: [] }, { queue: 'queueId' }),
      nextCursor,
      total: countsOf(
        sum((row) => row.abandoned),
        sum((row) => row.abandonedKnown),
        sum((row) => row.abandonedReturned),
        minimumSample,
      ),
      firstContactDays,
      openSince: openSince < range.to ? isoOf(Math.max(openSince, range.from)) : null,
      factsSince: since === null ? null : isoOf(since),
    },
  };
}

function countsOf(abandoned = 0, abandonedKnown = 0, abandonedReturned = 0, minimumSample: number) {
  const isSmall = abandonedKnown > 0 && abandonedKnown < minimumSample;
  return {
    abandoned,
    abandonedKnown,
    abandonedReturned,
    abandonedReturnRate: ratio(abandonedReturned, abandonedKnown),
    lowSample: isSmall ? ['abandonedReturnRate'] : [],
  };
}
