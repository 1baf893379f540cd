import { healthChore } from './analytics/health/healthChore.ts';
import type { Config } from './config.ts';
import type { Chore } from './history/chores.ts';
import { retentionChore } from './history/retention/retention.ts';

/** What the leader does for every tenant, in this order: a chore is a line here. */
export function chores({ eventRetentionMonths }: Pick<Config, 'eventRetentionMonths'>): Chore[] {
  return [healthChore, retentionChore(eventRetentionMonths)];
}
