import { FUTURE_LIMIT_MS, HISTORY_START_MS, PAST_LIMIT_MS } from '../../shared/contract/events.ts';

/** Live events come from a running system; an import may bring its whole history. */
export type Reach = 'live' | 'history';

/** What is wrong with an instant, or null. A clock set wrong in the sender must not reach a wall [S62]. */
export function instantProblem(at: number, now: number, reach: Reach): string | null {
  if (at > now + FUTURE_LIMIT_MS) return 'must not be more than 5 minutes in the future';
  if (reach === 'live' && at < now - PAST_LIMIT_MS) {
    return 'must not be more than 400 days ago; import older events as history';
  }
  if (at < HISTORY_START_MS) return 'must not be before 2000-01-01';
  return null;
}
