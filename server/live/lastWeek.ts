import { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { LiveSettings } from '../../shared/contract/settings.ts';
import { type LastWeek, offeredByMinute } from '../../shared/live/trend.ts';
import type { Database } from '../db/connect.ts';
import { BUILD_REACH_MS, buildState } from '../log/build.ts';
import { type LocalDay, localDayOf } from '../log/localDay.ts';
import { countUpTo, readFirstInstant, readHead } from '../log/readLog.ts';

/**
 * The same weekday a week earlier, for today to stand beside: read from the log once a day in the background, through
 * the code that makes every other number [L14], and again when events of the past arrive. What cannot be had is null,
 * and a screen shows no comparison.
 */
export interface LastWeekKeeper {
  current(): LastWeek | null;
  /** Live state is there, of this day. */
  begin(day: LocalDay, settings: LiveSettings): void;
  /** An event too old for live state has come: it may be one of that day. */
  heard(): void;
  close(): Promise<void>;
}

/** Runs one piece of work after the other, whoever asks. */
export type InTurn = (work: () => Promise<void>) => Promise<void>;

export function createTurns(): InTurn {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    last = last.then(work);
    return last;
  };
}

export interface LastWeekIntervals {
  /** From the first word of the past until it is read. */
  quietMs: number;
}

export const LAST_WEEK_INTERVALS: LastWeekIntervals = { quietMs: 5_000 };

const MINUTE_MS = 60_000;
/** Clocks change on a quarter of an hour. */
const BLOCK_MINUTES = 15;
/** A day of more events than this would cost today's numbers too much memory and time. */
const EVENT_LIMIT = 500_000;
/** While a long past is being imported it is read again and again, in one part in this many of the time. */
const SHARE = 10;

export function createLastWeek(options: {
  db: Database;
  tenantId: string;
  log: Logger;
  inTurn: InTurn;
  intervals?: Partial<LastWeekIntervals>;
}): LastWeekKeeper {
  const { db, tenantId, log, inTurn } = options;
  const { quietMs } = { ...LAST_WEEK_INTERVALS, ...options.intervals };
  let wanted: { day: LocalDay; settings: LiveSettings } | null = null;
  let current: LastWeek | null = null;
  let timer: NodeJS.Timeout | null = null;
  let loading: Promise<void> = Promise.resolve();
  let tookMs = 0;
  let closed = false;

  const load = async (): Promise<void> => {
    const asked = wanted;
    if (!asked || closed) return;
    const began = performance.now();
    try {
      const isOver = (): boolean => closed || wanted?.day.start !== asked.day.start;
      const found = await readLastWeek(db, tenantId, { ...asked, isOver });
      if (!isOver()) current = found;
    } catch (error) {
      // Tomorrow, or the next word of the past, is another chance; today goes without.
      if (!closed) log.warn({ err: error }, 'last_week:unreadable');
    }
    tookMs = performance.now() - began;
  };
  const schedule = (waitMs: number): void => {
    if (timer || closed) return;
    timer = setTimeout(() => {
      timer = null;
      loading = inTurn(load);
    }, waitMs);
  };

  return {
    current: () => (current && current.dayStart === wanted?.day.start ? current : null),
    begin(day, settings) {
      wanted = { day, settings };
      schedule(0);
    },
    heard: () => schedule(Math.max(quietMs, tookMs * SHARE)),
    async close() {
      closed = true;
      if (timer) clearTimeout(timer);
      await loading;
    },
  };
}

async function readLastWeek(
  db: Database,
  tenantId: string,
  { day, settings, isOver }: { day: LocalDay; settings: LiveSettings; isOver: () => boolean },
): Promise<LastWeek | null> {
  const { timeZone, dayStartMinutes } = settings;
  const weekBefore = (at: number): number =>
    DateTime.fromMillis(at, { zone: timeZone }).minus({ weeks: 1 }).toMillis();
  const then = localDayOf(weekBefore(day.start), timeZone, dayStartMinutes);
  const first = await readFirstInstant(db, tenantId, then.start - BUILD_REACH_MS);
  if (first === null || first >= then.end) return null;
  const { seq } = await readHead(db, tenantId);
  const size = await countUpTo(db, tenantId, { since: then.start, until: then.end, limit: EVENT_LIMIT });
  if (size === 0 || size === EVENT_LIMIT) return null;
  const range = { settings, dayStart: then.start, until: then.end, seq, isOver };
  const state = await buildState(db, tenantId, range);
  if (!state) return null;
  const starts: number[] = [];
  for (let at = day.start; at < day.end; at += BLOCK_MINUTES * MINUTE_MS) {
    const from = weekBefore(at);
    for (let minute = 0; minute < BLOCK_MINUTES; minute++) starts.push(from + minute * MINUTE_MS);
  }
  const byQueue = offeredByMinute(state, starts);
  return {
    dayStart: day.start,
    offered: starts.map((start, minute) => {
      if (start < first) return null;
      let sum = 0;
      for (const counts of byQueue.values()) sum += counts[minute] ?? 0;
      return sum;
    }),
    byQueue,
  };
}
