import type { Chore } from './history/chores.ts';
import { refreshScorecards } from './history/rollUps/refreshScorecards.ts';

/** What the leader does for every tenant, in this order: a chore is a line here. */
export function chores(): Chore[] {
  return [refreshScorecards];
}
