import { z } from 'zod';
import { agentRow, historyMeta, performanceMetrics, thresholdsUsed } from './analytics.ts';
import { healthWarning } from './importerHealth.ts';
import { definition, targets } from './metrics.ts';

/** `/api/v1/analytics/dashboard`: a manager's front page in one answer. */

/** It takes no parameters. */
export const dashboardQuery = z.strictObject({});

const days = z.object({ startDate: z.iso.date(), endDate: z.iso.date() });

/** How a figure stands to its target; `verdict` null where there is no figure. Met is `good`; `critical` only where there is such a value. */
export const targetVerdict = z.object({
  metric: z.enum(['serviceLevel', 'abandonmentRate', 'completionRate', 'occupancy', 'asaMs', 'ahtMs']),
  value: z.number().nullable(),
  target: z.number(),
  verdict: z.enum(['good', 'missed', 'critical']).nullable(),
});
export type TargetVerdict = z.output<typeof targetVerdict>;

const verdicts = z.array(targetVerdict);

const period = z.object({
  ...days.shape,
  ...performanceMetrics.shape,
  verdicts,
  previous: performanceMetrics,
  /** Of today: the same weekday a week before, until as long after it began. */
  comparedTo: days.extend({ until: z.iso.datetime() }),
});
export type DashboardPeriod = z.output<typeof period>;

const sectorDay = z.object({
  date: z.iso.date(),
  offered: z.number().int(),
  answered: z.number().int(),
  abandoned: z.number().int(),
  serviceLevel: z.number().nullable(),
  ahtMs: z.number().nullable(),
});
export type SectorDay = z.output<typeof sectorDay>;

const sector = z.object({
  sectorId: z.string(),
  name: z.string(),
  ...performanceMetrics.shape,
  verdicts,
  /** As `meta.scorecards` says: not necessarily of this moment. */
  days: z.array(sectorDay),
});
export type DashboardSector = z.output<typeof sector>;

const queue = z.object({
  queueId: z.string(),
  name: z.string(),
  sectorId: z.string(),
  ...performanceMetrics.pick({
    offered: true,
    answered: true,
    abandoned: true,
    serviceLevel: true,
    abandonmentRate: true,
    asaMs: true,
    ahtMs: true,
  }).shape,
  verdicts,
});
export type DashboardQueue = z.output<typeof queue>;

/** Why: the agent's value, and what is usual among the agents in sight, or of occupancy the limit. */
const reason = z.object({
  metric: z.enum(['missedRings', 'ahtMs', 'transferRate', 'occupancy']),
  /** Of `missedRings` the share of all rings. */
  value: z.number(),
  usual: z.number(),
});
export type AgentReason = z.output<typeof reason>;

const agent = agentRow
  .omit({ firstSignedInAt: true, lastSignedInAt: true })
  .extend({ reasons: z.array(reason) });
export type DashboardAgent = z.output<typeof agent>;

export const dashboardAnswer = z.object({
  data: z.object({
    periods: z.object({ today: period, yesterday: period, last7Days: period, last30Days: period }),
    definition,
    thresholds: thresholdsUsed,
    /** The tenant's. */
    targets,
    /** Of the last 30 days, the busiest first. */
    sectors: z.array(sector),
    /** Of the last 7 days, by service level, of queues with calls enough; none is in both. */
    queues: z.object({ best: z.array(queue), worst: z.array(queue) }),
    /** Of the last 30 days: the one with most reasons first. */
    agents: z.array(agent),
    /** What was not told well of the last 30 days and today. */
    warnings: z.array(healthWarning),
  }),
  meta: historyMeta.omit({ range: true, warnings: true }).extend({
    /** The tenant's own date. */
    today: z.iso.date(),
    timeZone: z.string(),
    /** When what is said of agents, and of the days of sectors, was added up, and of which days; null: not yet. */
    scorecards: z.object({ at: z.iso.datetime(), ...days.partial().shape }).nullable(),
  }),
});
export type DashboardAnswer = z.output<typeof dashboardAnswer>;
