import type { z } from 'zod';
import type { Computed, waitsAnswer } from '../../../shared/contract/analytics.ts';
import type { WaitsQuery } from '../../../shared/contract/analyticsQuery.ts';
import { thresholdsInForce } from '../../../shared/metrics/thresholds.ts';
import { waitRows } from '../../../shared/metrics/waitRows.ts';
import { type Asked, ask, metaOf, rangeOf } from '../asked.ts';
import { piecesOf } from '../pieces.ts';
import { queueIdsOf, queueScope } from '../scope.ts';
import { measureOf, thresholdsUsed } from './figures.ts';
import { readOpenVisits } from './openVisits.ts';
import { isRecounting } from './summary.ts';
import { readVisits, sumsIn } from './visitRows.ts';

/** How long visits waited, by what became of them: from it a service level at any threshold can be told. */
export async function waits(asked: Asked, query: WaitsQuery): Promise<Computed<z.infer<typeof waitsAnswer>>> {
  const { centre, sight, now } = asked;
  const { settings, tenantId, checkpoint } = centre;
  const { range } = rangeOf(centre, query);
  const queues = queueScope(centre, sight, query);
  const measure = measureOf(settings, queueIdsOf(centre, queues), query, checkpoint.stamped);
  const { common } = measure;
  const thresholdsOf = (queueId: string) =>
    measure.thresholds.get(queueId) ?? common ?? thresholdsInForce(settings, queueId);
  const pieces = piecesOf(range, centre.calendar, 'month');
  // What is short is its queue's to say.
  const question = { pieces, queues, by: common === null ? 'queue' : 'total', starts: [] } as const;
  const longestMs = Math.max(
    settings.maxWaitSeconds * 1_000,
    ...[...measure.thresholds.values()].map(({ maxWaitMs }) => maxWaitMs),
  );
  const since = now - longestMs;
  const [groups, open] = await ask(asked, (tx) =>
    Promise.all([
      readVisits(tx, tenantId, question),
      range.to > since ? readOpenVisits(tx, tenantId, { from: range.from, to: range.to, since, queues }) : [],
    ]),
  );
  const ages = open
    .map(({ queueId, enteredAt }) => ({ age: now - enteredAt, maxWaitMs: thresholdsOf(queueId).maxWaitMs }))
    .filter(({ age, maxWaitMs }) => age >= 0 && age <= maxWaitMs)
    .map(({ age }) => age);
  const data = waitRows(
    groups.map((group) => ({
      waits: sumsIn(group).tally,
      shortAbandonSeconds: thresholdsOf(group.queueId).shortAbandonSeconds,
    })),
    ages,
  );
  const meta = {
    ...metaOf(asked, query, isRecounting(centre)),
    definition: measure.definition,
    thresholds: thresholdsUsed(measure),
    genesys: settings.genesys,
  };
  return { data, meta };
}

/** Days in which somebody may still wait, of any zone and however long a queue lets them: their waits grow by the clock. */
const MAY_WAIT_MS = 4 * 86_400_000;

/** What the answer depends on beside what is stored: the second, while somebody may wait. */
export function momentOfWaits({ endDate }: Pick<WaitsQuery, 'endDate'>, now: number): string {
  return now < Date.parse(endDate) + MAY_WAIT_MS ? String(Math.floor(now / 1_000)) : '';
}
