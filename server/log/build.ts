import type { LiveSettings } from '../../shared/contract/settings.ts';
import { evolve } from '../../shared/live/evolve.ts';
import { pendingRefold, refold } from '../../shared/live/refold.ts';
import { createState, type LiveState } from '../../shared/live/state.ts';
import type { Database } from '../db/connect.ts';
import { readOrdered, readStories } from './readLog.ts';
import { inSlices } from './slices.ts';

const HOUR_MS = 3_600_000;
/** Live state is built from this long before midnight: what was open then has begun by then [L14]. */
export const BUILD_REACH_MS = 48 * HOUR_MS;
/** And, to know a day for good, until this long after it: what entered before midnight is over by then, for a talk silent for 12 hours has ended [V10]. */
export const FOLLOW_MS = 24 * HOUR_MS;

/** Later than any event: for a state that is not as of an instant. Still a date PostgreSQL and JSON can say. */
export const END_OF_TIME = Date.UTC(9999, 11, 31);

/**
 * The state that the log numbered up to `seq` gives, as of `until` (epoch ms), for the day begun at `dayStart` [L14]:
 * the one way from log to state, for a start, a rebuild and a replay alike. Null once `isOver` says to stop.
 */
export async function buildState(
  db: Database,
  tenantId: string,
  options: {
    settings: LiveSettings;
    dayStart: number;
    until: number;
    seq: number;
    isOver?: () => boolean;
    keepsTimelines?: boolean;
  },
): Promise<LiveState | null> {
  const { settings, dayStart, until, seq, keepsTimelines = false } = options;
  const isOver = options.isOver ?? (() => false);
  const state = createState({ dayStart, settings, keepsTimelines });
  const range = { since: dayStart - BUILD_REACH_MS, until, seq };
  for await (const events of readOrdered(db, tenantId, range)) {
    await inSlices(events, (event) => evolve(state, event), { isOver });
    if (isOver()) return null;
  }
  state.seq = seq;
  await refoldPending(db, tenantId, state, until);
  return state;
}

/** Puts right everything the state asks the log about [L15]; answers whether there was anything. */
export async function refoldPending(
  db: Database,
  tenantId: string,
  state: LiveState,
  until = END_OF_TIME,
): Promise<boolean> {
  let any = false;
  for (let request = pendingRefold(state); request; request = pendingRefold(state)) {
    any = true;
    const { seq } = state;
    const events = await readStories(db, tenantId, request, { since: state.dayStart - BUILD_REACH_MS, seq });
    refold(
      state,
      events.filter((event) => event.occurredAt <= until),
    );
  }
  return any;
}
