import type { Registry } from 'prom-client';
import { healthChore } from './analytics/health/healthChore.ts';
import { createAudit } from './analytics/reconciliation/audit.ts';
import type { Config } from './config.ts';
import type { Chore } from './history/chores.ts';
import { retentionChore } from './history/retention/retention.ts';
import { refreshScorecards } from './history/rollUps/refreshScorecards.ts';

/** What the leader does for every tenant, in this order: a chore is a line here. */
export function chores(
  { eventRetentionMonths }: Pick<Config, 'eventRetentionMonths'>,
  registry: Registry,
): Chore[] {
  return [healthChore, retentionChore(eventRetentionMonths), createAudit(registry), refreshScorecards];
}
