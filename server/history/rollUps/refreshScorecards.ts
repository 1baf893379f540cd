import type { Chore } from '../chores.ts';

/** Beyond this the front page's days are made anew; they are over, and seldom change. */
const LEAST_AGE = '10 minutes';

/** Makes `agent_scorecard` and `sector_daily` anew: those of all tenants at once, whichever asks first. */
export const refreshScorecards: Chore = {
  name: 'scorecards',
  rhythm: 'minutes',
  async run({ db }) {
    await db.sql`select refresh_scorecards(${LEAST_AGE}::interval)`;
  },
};
