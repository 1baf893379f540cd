import type { z } from 'zod';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type { TransfersQuery, TransfersRow, transfersAnswer } from '../../../shared/contract/transfers.ts';
import { ratio } from '../../../shared/metrics/serviceLevel.ts';
import { type Asked, ask, isoOf, metaOf, rangeOf } from '../asked.ts';
import { visitRules } from '../calls/visitRules.ts';
import { countTransfers } from '../calls/visits.ts';
import { namedQueue, queueScope } from '../scope.ts';
import { explainTemplate } from './explainLinks.ts';
import { keptPart } from './factParts.ts';
import { isRecounting } from './summary.ts';

/** Where transferred calls went [H6]: to which queue, or elsewhere. Queues out of sight are told together, and not by name. */
export async function transfers(
  asked: Asked,
  query: TransfersQuery,
): Promise<Computed<z.infer<typeof transfersAnswer>>> {
  const { centre, sight, now } = asked;
  const { tenantId, settings } = centre;
  const queues = queueScope(centre, sight, query);
  const inSight = queueScope(centre, sight, { queue: [], sector: [] });
  const isSeen = inSight && new Set(inSight);
  const { since, ways } = await ask(asked, async (tx) => {
    const { from, to, since } = await keptPart(tx, tenantId, rangeOf(centre, query).range);
    return {
      since,
      ways: await countTransfers(tx, tenantId, { from, to, queues }, visitRules(settings, now)),
    };
  });
  const rows = new Map<string, TransfersRow>();
  let transferred = 0;
  let elsewhere = 0;
  for (const { fromQueueId, toQueueId, transfers } of ways) {
    transferred += transfers;
    if (toQueueId === null) elsewhere += transfers;
    const kind = toQueueId === null ? 'elsewhere' : isSeen?.has(toQueueId) === false ? 'unseen' : 'queue';
    const to = kind === 'queue' ? toQueueId : null;
    const from = query.groupBy === 'route' ? fromQueueId : null;
    const name = JSON.stringify([from, kind, to]);
    const row = rows.get(name) ?? {
      fromQueueId: from,
      fromName: from === null ? null : namedQueue(centre, from).name,
      to: kind,
      toQueueId: to,
      toName: to === null ? null : namedQueue(centre, to).name,
      transfers: 0,
      share: null,
    };
    rows.set(name, { ...row, transfers: row.transfers + transfers });
  }
  const data = [...rows]
    .sort(([a, one], [b, other]) => other.transfers - one.transfers || (a < b ? -1 : 1))
    .map(([, row]) => ({ ...row, share: ratio(row.transfers, transferred) }));
  return {
    data,
    meta: {
      ...metaOf(asked, query, isRecounting(centre)),
      explain: explainTemplate(query),
      total: {
        transferred,
        transferredToQueue: transferred - elsewhere,
        transferredElsewhere: elsewhere,
      },
      factsSince: since === null ? null : isoOf(since),
    },
  };
}
