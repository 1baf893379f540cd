import type {
  DashboardAnswer,
  DashboardPeriod,
  DashboardQueue,
  DashboardSector,
} from '../../../shared/contract/dashboard.ts';
import { UNASSIGNED_SECTOR } from '../../../shared/contract/settings.ts';
import { targetsOf } from '../../../shared/live/targets.ts';
import { type Asked, ask, isoOf, metaOf } from '../asked.ts';
import { type Calendar, type DayRange, dateAt, dayRange, INTERVAL_MS, plusDays } from '../calendar.ts';
import { grouped } from '../grouped.ts';
import { readWarnings } from '../health/health.ts';
import { agentRowOf } from '../performance/agentRows.ts';
import { type Measure, measureOf, thresholdsUsed } from '../performance/figures.ts';
import { type Figures, readFigures } from '../performance/readFigures.ts';
import { isRecounting } from '../performance/summary.ts';
import { piecesOf } from '../pieces.ts';
import { agentScope, type QueueScope, queueIdsOf, queueScope, sectorScope } from '../scope.ts';
import { agentsWorthALook } from './agentsWorthALook.ts';
import { readScorecards, readSectorDays } from './scorecards.ts';
import { targetVerdicts } from './targetVerdicts.ts';

/** Sectors a front page shows, and queues at either end. */
const SECTORS_SHOWN = 50;
const QUEUES_SHOWN = 5;

interface Period {
  range: DayRange;
  compared: DayRange;
}

/** The days a front page tells of, ending with the tenant's today. */
export function dashboardPeriods(calendar: Calendar, now: number) {
  const today = dateAt(now, calendar);
  const back = (days: number) => plusDays(today, -days);
  const days = (from: number, to: number) => dayRange(back(from), back(to), calendar);
  const day = days(0, 0);
  const weekBefore = days(7, 7);
  // Half a day is compared to half a day.
  const passed = Math.floor((now - day.from) / INTERVAL_MS) * INTERVAL_MS;
  const until = Math.min(weekBefore.from + passed, weekBefore.to);
  return {
    today: { range: day, compared: { ...weekBefore, to: until } },
    yesterday: { range: days(1, 1), compared: days(8, 8) },
    last7Days: { range: days(7, 1), compared: days(14, 8) },
    last30Days: { range: days(30, 1), compared: days(60, 31) },
  } satisfies Record<string, Period>;
}

/**
 * What somebody who answers for a call centre, or for some sectors of it, looks at first. `scorecardsAt`: when the materialised
 * views were made, in epoch ms; null: not yet.
 */
export async function dashboard(asked: Asked, scorecardsAt: number | null): Promise<DashboardAnswer> {
  const { centre, sight, now } = asked;
  const { settings, calendar, checkpoint } = centre;
  const queues = queueScope(centre, sight, { queue: [], sector: [] });
  const ids = queueIdsOf(centre, queues);
  const measure = measureOf(settings, ids, {}, checkpoint.stamped);
  const periods = dashboardPeriods(calendar, now);
  const agents = await agentScope(centre, sight, { agent: [], sector: [] });
  const { last7Days, last30Days } = periods;
  const days = { startDate: last30Days.range.startDate, endDate: periods.today.range.endDate };
  const reading = ask(asked, (tx) => {
    const read = ({ from, to }: DayRange, by: 'total' | 'queue', of: QueueScope = queues) => {
      const pieces = piecesOf({ from, to }, calendar, 'month');
      return readFigures(tx, centre, { pieces, queues: of, measure, starts: [], by }, now);
    };
    const both = (period: Period) => readPeriod(period, measure, (range) => read(range, 'total'));
    return Promise.all([
      both(periods.today),
      both(periods.yesterday),
      both(last7Days),
      both(last30Days),
      read(last7Days.range, 'queue'),
      read(last30Days.range, 'queue'),
      readScorecards(tx, 30),
      readSectorDays(tx, last30Days.range.from, settings, calendar),
      readWarnings(tx, centre.tenantId, days, queues),
    ]);
  });
  const [today, yesterday, week, month, byQueue, bySector, cards, sectorDays, warnings] = await reading;
  const known = new Map(agents.map((agent) => [agent.identity, agent]));
  const figures = cards.agents.flatMap((group) => {
    const agent = known.get(group.identity);
    if (agent === undefined) return [];
    const row = agentRowOf(agent, group.legs, group, settings.minimumSample);
    const { firstSignedInAt: _, lastSignedInAt: __, ...rest } = row;
    return [rest];
  });
  const { range: _, ...meta } = metaOf(asked, periods.today.range, isRecounting(centre));
  return {
    data: {
      periods: { today, yesterday, last7Days: week, last30Days: month },
      definition: measure.definition,
      thresholds: thresholdsUsed(measure),
      targets: targetsOf(settings),
      sectors: sectorsOf(asked, ids, bySector).map((sector) => ({
        ...sector,
        days: sectorDays.get(sector.sectorId) ?? [],
      })),
      queues: queuesOf(asked, ids, byQueue),
      agents: agentsWorthALook(figures, {
        minimumSample: settings.minimumSample,
        occupancyLimit: settings.targets.occupancy,
      }),
      warnings,
    },
    meta: {
      ...meta,
      today: periods.today.range.startDate,
      timeZone: calendar.timeZone,
      scorecards:
        scorecardsAt === null
          ? null
          : {
              at: isoOf(scorecardsAt),
              ...(cards.startDate && { startDate: cards.startDate, endDate: cards.endDate }),
            },
    },
  };
}

async function readPeriod(
  { range, compared }: Period,
  { settings }: Measure,
  read: (range: DayRange) => Promise<Figures>,
): Promise<DashboardPeriod> {
  const [figures, before] = await Promise.all([read(range), read(compared)]);
  const metrics = figures.metrics(0, null, true);
  const { startDate, endDate } = range;
  return {
    startDate,
    endDate,
    ...metrics,
    verdicts: targetVerdicts(metrics, targetsOf(settings)),
    previous: before.metrics(0, null, true),
    comparedTo: {
      startDate: compared.startDate,
      endDate: compared.endDate,
      until: isoOf(compared.to),
    },
  };
}

function sectorsOf(
  { centre, sight }: Asked,
  ids: readonly string[],
  figures: Figures,
): Omit<DashboardSector, 'days'>[] {
  const { settings } = centre;
  const queuesBy = grouped(ids, (id) => settings.queues.get(id)?.sectorId ?? UNASSIGNED_SECTOR);
  return sectorScope(centre, sight, [])
    .map((sectorId) => {
      const metrics = figures.metrics(0, queuesBy.get(sectorId) ?? [], true);
      const name = settings.sectors.get(sectorId) ?? sectorId;
      return { sectorId, name, ...metrics, verdicts: targetVerdicts(metrics, targetsOf(settings)) };
    })
    .sort((a, b) => b.offered - a.offered)
    .slice(0, SECTORS_SHOWN);
}

/** By service level; queues with few calls, and those without a level, are in neither list. */
function queuesOf(
  { centre: { settings } }: Asked,
  ids: readonly string[],
  figures: Figures,
): { best: DashboardQueue[]; worst: DashboardQueue[] } {
  const all = ids.flatMap((queueId) => {
    const metrics = figures.metrics(0, [queueId], false);
    const { offered, answered, abandoned, serviceLevel, abandonmentRate, asaMs, ahtMs } = metrics;
    if (serviceLevel === null || metrics.lowSample.includes('serviceLevel')) return [];
    const decided = settings.queues.get(queueId);
    const row: DashboardQueue & { serviceLevel: number } = {
      queueId,
      name: decided?.name ?? queueId,
      sectorId: decided?.sectorId ?? UNASSIGNED_SECTOR,
      offered,
      answered,
      abandoned,
      serviceLevel,
      abandonmentRate,
      asaMs,
      ahtMs,
      verdicts: targetVerdicts(metrics, targetsOf(settings, queueId)),
    };
    return [row];
  });
  // Of equal ones the one with more calls is the better, or the worse.
  const best = [...all].sort((a, b) => b.serviceLevel - a.serviceLevel || b.offered - a.offered);
  const worst = [...all].sort((a, b) => a.serviceLevel - b.serviceLevel || b.offered - a.offered);
  const shown = Math.min(QUEUES_SHOWN, Math.ceil(all.length / 2));
  const worstShown = worst.slice(0, Math.min(QUEUES_SHOWN, all.length - shown));
  const isWorst = new Set(worstShown.map(({ queueId }) => queueId));
  return {
    best: best.filter(({ queueId }) => !isWorst.has(queueId)).slice(0, shown),
    worst: worstShown,
  };
}
