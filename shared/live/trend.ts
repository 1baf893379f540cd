import type { Trend } from '../contract/metrics.ts';
import { toIso } from './measure.ts';
import type { LiveState } from './state.ts';

/** The last hour in steps of five minutes, and the same weekday a week earlier beside it. */

const MINUTE_MS = 60_000;
export const STEP_MS = 5 * MINUTE_MS;
const STEPS = 12;

/**
 * Calls offered a week ago, minute by minute of *today*: index 0 is the minute at which the tenant's today began, each
 * minute stands beside the one with the same wall-clock time, and null is what the log does not know.
 */
export interface LastWeek {
  dayStart: number;
  /** Of all queues together. */
  offered: readonly (number | null)[];
  /** Of each that was offered any, so that a part of the tenant stands beside its own past. */
  byQueue: ReadonlyMap<string, Uint32Array>;
}

/**
 * Of the queues named (null: all) together, at `now` (epoch ms): visits offered by when they entered, answered and abandoned by when
 * they were [T7]. Steps begin on the clock's multiples of five minutes, so the last one is usually still under way.
 */
export function measureTrend(
  state: LiveState,
  now: number,
  lastWeek: LastWeek | null,
  queues: ReadonlySet<string> | null = null,
): Trend {
  const since = Math.floor(now / STEP_MS) * STEP_MS - (STEPS - 1) * STEP_MS;
  const offered = zeros();
  const answered = zeros();
  const abandoned = zeros();
  const count = (into: number[], at: number): void => {
    const step = Math.floor((at - since) / STEP_MS);
    const before = into[step];
    // What a source dated ahead of now comes into its step when that is reached.
    if (before !== undefined && at <= now) into[step] = before + 1;
  };
  for (const queue of state.queues.values()) {
    if (queues !== null && !queues.has(queue.id)) continue;
    for (const { visit } of queue.recent) {
      if (visit.gone) continue;
      count(offered, visit.enteredAt);
      if (visit.settledAt === null) continue;
      if (visit.outcome === 'answered') count(answered, visit.settledAt);
      else if (visit.outcome === 'abandoned') count(abandoned, visit.settledAt);
    }
  }
  const past = lastWeek && offeredThen(lastWeek, queues);
  return {
    since: toIso(since),
    stepMs: STEP_MS,
    offered,
    answered,
    abandoned,
    lastWeek: past && {
      offered: zeros().map((_, step) => sumOf(past, since + step * STEP_MS, STEP_MS / MINUTE_MS)),
      offeredByNow: offeredBy(past, now),
    },
  };
}

function zeros(): number[] {
  return Array.from({ length: STEPS }, () => 0);
}

type OfferedThen = Pick<LastWeek, 'dayStart' | 'offered'>;

function offeredThen(lastWeek: LastWeek, queues: ReadonlySet<string> | null): OfferedThen {
  if (queues === null) return lastWeek;
  const offered = lastWeek.offered.map((known): number | null => (known === null ? null : 0));
  for (const id of queues) {
    lastWeek.byQueue.get(id)?.forEach((count, minute) => {
      const before = offered[minute] ?? null;
      if (before !== null) offered[minute] = before + count;
    });
  }
  return { dayStart: lastWeek.dayStart, offered };
}

/** Null unless every one of the minutes is known: missing data is a gap, never a zero. */
function sumOf({ dayStart, offered }: OfferedThen, from: number, minutes: number): number | null {
  const first = Math.floor((from - dayStart) / MINUTE_MS);
  let sum = 0;
  for (let minute = first; minute < first + minutes; minute++) {
    const known = offered[minute] ?? null;
    if (known === null) return null;
    sum += known;
  }
  return sum;
}

/** Since the day began; of the minute under way its share. */
function offeredBy(lastWeek: OfferedThen, now: number): number | null {
  const minutes = (now - lastWeek.dayStart) / MINUTE_MS;
  const whole = Math.floor(minutes);
  const sum = sumOf(lastWeek, lastWeek.dayStart, whole);
  const current = lastWeek.offered[whole] ?? null;
  return sum === null || current === null ? null : Math.round(sum + current * (minutes - whole));
}

/**
 * Visits offered in each of the minutes that begin at `starts` (epoch ms), of the state's day, by queue. A minute that
 * stands there twice, as on the day the clocks go back, counts twice.
 */
export function offeredByMinute(state: LiveState, starts: readonly number[]): Map<string, Uint32Array> {
  const byQueue = new Map<string, Uint32Array>();
  for (const queue of state.queues.values()) {
    const byMinute = new Map<number, number>();
    for (const visit of queue.visits) {
      if (visit.gone || visit.enteredAt < state.dayStart) continue;
      const minute = Math.floor(visit.enteredAt / MINUTE_MS);
      byMinute.set(minute, (byMinute.get(minute) ?? 0) + 1);
    }
    if (byMinute.size === 0) continue;
    const counts = starts.map((start) => byMinute.get(Math.floor(start / MINUTE_MS)) ?? 0);
    byQueue.set(queue.id, Uint32Array.from(counts));
  }
  return byQueue;
}
