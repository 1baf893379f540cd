import type { Registry } from 'prom-client';
import { createAudit } from './analytics/reconciliation/audit.ts';
import type { Chore } from './history/chores.ts';

/** What the leader does for every tenant, in this order: a chore is a line here. */
export function chores({ registry }: { registry: Registry }): Chore[] {
  return [createAudit(registry)];
}
