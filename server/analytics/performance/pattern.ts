import type { z } from 'zod';
import type { Computed, PatternRow, patternAnswer } from '../../../shared/contract/analytics.ts';
import type { PatternQuery } from '../../../shared/contract/analyticsQuery.ts';
import { type Asked, ask, metaOf, rangeOf } from '../asked.ts';
import { bucketsOf } from '../calendar.ts';
import { areContactsRecounted } from '../centre.ts';
import { grouped } from '../grouped.ts';
import { piecesOf } from '../pieces.ts';
import { queueIdsOf, queueScope } from '../scope.ts';
import { contactsIn, readContacts } from './contactRows.ts';
import { measureOf, mergedSums, performanceOf, stampedSums, thresholdsUsed, timeOf } from './figures.ts';
import { readOpenVisits } from './openVisits.ts';
import { isRecounting } from './summary.ts';
import { readTeams } from './teamRows.ts';
import { readVisits } from './visitRows.ts';
import { cellAt, cellName, type WeekGrid } from './weekGrid.ts';

const STEP_MINUTES = { interval: 15, hour: 60 } as const;

/** All days of a range laid over one week: each cell the ratio of its sums [T5]. Cells in which nothing was are left out. */
export async function pattern(
  asked: Asked,
  query: PatternQuery,
): Promise<{ data: PatternRow[]; meta: Computed<z.infer<typeof patternAnswer>>['meta'] }> {
  const { centre, sight, now } = asked;
  const { settings, checkpoint, tenantId } = centre;
  const { range, calendar } = rangeOf(centre, query);
  const isOther = calendar.timeZone !== centre.calendar.timeZone;
  const queues = queueScope(centre, sight, query);
  const measure = measureOf(settings, queueIdsOf(centre, queues), query, checkpoint.stamped);
  const grid: WeekGrid = { calendar, stepMinutes: STEP_MINUTES[query.step] };
  // Hours of another clock need not begin where the tenant's do.
  const pieces = piecesOf(range, centre.calendar, isOther ? 'interval' : query.step);
  const by = !measure.isStamped && measure.common === null ? 'queue' : 'total';
  const question = { pieces, queues, by, starts: grid } as const;
  const longest = Math.max(settings.maxWaitSeconds, ...[...measure.thresholds.values()].map(maxWaitSeconds));
  const { from, to } = range;
  const since = now - longest * 1_000;
  const mayWait = !measure.isStamped && to > since;
  const [groups, teams, open, contacts] = await ask(asked, (tx) =>
    Promise.all([
      readVisits(tx, tenantId, question),
      readTeams(tx, tenantId, { pieces, starts: grid, queues, by: 'total' }),
      mayWait ? readOpenVisits(tx, tenantId, { from, to, since, queues }) : [],
      readContacts(tx, centre, question, now),
    ]),
  );
  const openBy = grouped(
    open,
    ({ queueId, enteredAt }) => `${cellAt(enteredAt, grid)} ${by === 'queue' ? queueId : ''}`,
  );
  const sumsBy = grouped(
    groups.map((group) => {
      const waiting = openBy.get(`${group.place} ${group.queueId}`) ?? [];
      return { place: group.place, sums: stampedSums(group, measure, waiting, now) };
    }),
    ({ place }) => place,
  );
  const teamsBy = grouped(teams, ({ place }) => place);
  const contactsBy = grouped(contacts, ({ place }) => place);
  const scope = queues && new Set(queues);
  const recounting = areContactsRecounted(centre);
  const days = weekdaysOf(
    bucketsOf(range, 'day', calendar).filter(({ start }) => start <= now),
    grid,
  );
  const cells = [...new Set([...sumsBy.keys(), ...teamsBy.keys()])].sort((a, b) => a - b);
  const data = cells.map((cell): PatternRow => {
    const { weekday, startMinutes } = cellName(cell, grid);
    const read = {
      visits: mergedSums((sumsBy.get(cell) ?? []).map((group) => group.sums)),
      time: timeOf(teamsBy.get(cell) ?? [], scope),
      contacts: recounting ? null : contactsIn(contactsBy.get(cell) ?? []),
    };
    return {
      weekday,
      startMinutes,
      days: days[weekday - 1] ?? 0,
      ...performanceOf(measure, read, scope, query.queue.length !== 1),
    };
  });
  const meta = {
    ...metaOf(asked, query, isRecounting(centre)),
    stepMinutes: grid.stepMinutes,
    definition: measure.definition,
    thresholds: thresholdsUsed(measure),
  };
  return { data, meta };
}

function maxWaitSeconds({ maxWaitMs }: { maxWaitMs: number }): number {
  return maxWaitMs / 1_000;
}

/** How many of some days are each of the seven, Monday first. */
function weekdaysOf(days: readonly { start: number }[], grid: WeekGrid): number[] {
  const counts = [0, 0, 0, 0, 0, 0, 0];
  for (const { start } of days) {
    const { weekday } = cellName(cellAt(start, grid), grid);
    counts[weekday - 1] = (counts[weekday - 1] ?? 0) + 1;
  }
  return counts;
}
