import type { z } from 'zod';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type { OnTargetQuery, OnTargetRow, onTargetAnswer } from '../../../shared/contract/onTarget.ts';
import { targetsOf } from '../../../shared/live/targets.ts';
import { ratio } from '../../../shared/metrics/serviceLevel.ts';
import { type Asked, ask, metaOf, rangeOf } from '../asked.ts';
import { bucketsOf, dateAt, INTERVAL_MS } from '../calendar.ts';
import { namedQueue, queueIdsOf, queueScope } from '../scope.ts';
import { measureOf, thresholdsUsed } from './figures.ts';
import { type KeptCount, readKept } from './onTargetRows.ts';
import { isRecounting } from './summary.ts';
import { cellName, type WeekGrid } from './weekGrid.ts';

/** Of how many quarters of an hour the service level kept its target [SL8]: of each queue, or of them together by time. */
export async function onTarget(
  asked: Asked,
  query: OnTargetQuery,
): Promise<Computed<z.infer<typeof onTargetAnswer>>> {
  const { centre, sight, now } = asked;
  const { settings, tenantId } = centre;
  const { range, calendar } = rangeOf(centre, query);
  const queues = queueScope(centre, sight, query);
  const ids = queueIdsOf(centre, queues);
  const measure = measureOf(settings, ids, query, centre.checkpoint.stamped);
  const { definition } = measure;
  // One queue is held to its own; what is told of several, to the centre's.
  const [only] = query.queue.length === 1 ? query.queue : [];
  const target = targetsOf(settings, only).serviceLevel;
  // What is not over may yet be kept, or missed.
  const to = Math.min(range.to, Math.floor(now / INTERVAL_MS) * INTERVAL_MS);
  const days = bucketsOf(range, 'day', calendar).map(({ start }) => start);
  const grid: WeekGrid = { calendar, stepMinutes: 60 };
  const question = { from: range.from, to, queues, definition, genesys: settings.genesys };
  const ofAll = { ...question, target };
  const { whole, rows } = await ask(asked, async (tx) => {
    const [whole] = await readKept(tx, tenantId, { ...ofAll, by: 'place', starts: [] });
    const rows = async (): Promise<OnTargetRow[]> => {
      if (query.groupBy === 'queue') {
        const targets = new Map(ids.map((id) => [id, targetsOf(settings, id).serviceLevel]));
        const kept = await readKept(tx, tenantId, { ...question, by: 'queue', targets });
        return kept
          .sort((a, b) => (a.queueId < b.queueId ? -1 : 1))
          .map((row) => ({
            ...namedQueue(centre, row.queueId),
            ...told(row, targets.get(row.queueId) ?? target),
          }));
      }
      const isByDay = query.groupBy === 'day';
      const kept = await readKept(tx, tenantId, { ...ofAll, by: 'place', starts: isByDay ? days : grid });
      return kept
        .sort((a, b) => a.place - b.place)
        .map((row) =>
          isByDay
            ? { date: dateAt(days[row.place] ?? range.from, calendar), ...told(row, target) }
            : { ...cellName(row.place, grid), ...told(row, target) },
        );
    };
    return { whole, rows: await rows() };
  });
  return {
    // By what rows are told apart, they are of one kind.
    data: rows as Computed<z.infer<typeof onTargetAnswer>>['data'],
    meta: {
      ...metaOf(asked, query, isRecounting(centre)),
      definition,
      thresholds: thresholdsUsed(measure),
      total: told(whole, target),
    },
  };
}

function told(row: KeptCount | undefined, target: number) {
  const { intervals = 0, onTarget = 0 } = row ?? {};
  return { target, intervals, onTarget, onTargetShare: ratio(onTarget, intervals) };
}
