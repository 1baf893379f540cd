import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { IngestEvent } from '../../../shared/contract/events.ts';
import type { Database } from '../../db/connect.ts';
import type { Ingest } from '../ingest.ts';
import type { DemoDay } from './calendar.ts';
import { demoDayAt, hasten } from './clock.ts';
import { SIMULATOR } from './day.ts';
import { readPlace, setUpDemo } from './demoTenant.ts';
import { BATCH, calmly, LONGEST_SLEEP_MS, tellPast } from './history.ts';

/**
 * Plays the demo call centre into a tenant, as any client of ingest would: first today until now,
 * then everything as it happens, around the clock, and beside it what is missing of the days before, oldest first. It can be stopped and started at any moment, and two
 * of it do no harm: a day is always told under the same keys [L2]. It ends for good once a real source is connected.
 */
export interface Simulator {
  /** Resolves when it has ended by itself, with the sentence that says why; never after `close`. */
  ended: Promise<string>;
  close(): Promise<void>;
}

export interface SimulatorIntervals {
  /** How often it looks for a real source. */
  lookMs: number;
  /** After a failure, e.g. of the database. */
  retryMs: number;
}

export const SIMULATOR_INTERVALS: SimulatorIntervals = { lookMs: 30_000, retryMs: 2_000 };

const HOUR_MS = 3_600_000;
const GONE = 'its call centre was deleted';
/** What was said last may have been said by half: it is said again from a little before. */
const OVERLAP_MS = 10 * 60_000;

export function startSimulator(options: {
  db: Database;
  ingest: Pick<Ingest, 'append'>;
  log: Logger;
  tenantId: string;
  seed: string;
  /** How many times faster than life it goes on from now; what is past is told as it was. */
  speed: number;
  /** Whole days before today that are told when it begins. */
  pastDays: number;
  /** Sources heard lately, to stop beside one that is not the simulator. */
  sources?: () => readonly string[];
  now?: () => number;
  intervals?: Partial<SimulatorIntervals>;
}): Simulator {
  const { db, ingest, log, tenantId, seed, speed } = options;
  const now = options.now ?? Date.now;
  const intervals = { ...SIMULATOR_INTERVALS, ...options.intervals };
  const closing = new AbortController();
  const isClosing = (): boolean => closing.signal.aborted;
  const sleep = (ms: number): Promise<void> =>
    pause(ms, undefined, { signal: closing.signal }).catch(() => {}); // Closing cuts it short.

  /** Plays until something stands against it; answers what. */
  const play = async (): Promise<string | null> => {
    const place = await readPlace(db, tenantId);
    if (place === null) return GONE;
    await setUpDemo(db, tenantId);
    const anchor = now();
    const { timeZone } = place;
    const { day, from } = resumeAt(anchor, place.saidUntil, timeZone);
    const tellMore = tellFrom(day, from, anchor, timeZone);
    const past = startPast({ timeZone, today: anchor, until: day.start });
    let looked = Number.NEGATIVE_INFINITY;
    let upcoming: IngestEvent[] = [];
    try {
      while (!isClosing()) {
        if (now() - looked >= intervals.lookMs) {
          looked = now();
          const current = await readPlace(db, tenantId);
          const reason = current === null ? GONE : (current.realSource ?? otherSource());
          if (reason !== null) return reason;
        }
        past.check();
        upcoming = await tellMore(now(), upcoming);
        const later = upcoming.findIndex((event) => event.occurredAt > now());
        const due = upcoming.slice(0, Math.min(BATCH, later === -1 ? upcoming.length : later));
        if (due.length > 0) {
          await ingest.append(tenantId, { events: due });
          upcoming = upcoming.slice(due.length);
          continue;
        }
        // The wall is alive: now there is time for what was before.
        past.begin();
        await sleep(Math.min(LONGEST_SLEEP_MS, Math.max(1, (upcoming[0]?.occurredAt ?? now()) - now())));
      }
      return null;
    } finally {
      await past.end();
    }
  };

  /** The day it goes on with and from when: where it left off today or yesterday, so that the wall hears all in order; else today. */
  const resumeAt = (at: number, saidUntil: number | null, timeZone: string) => {
    const today = demoDayAt(seed, timeZone, at);
    if (saidUntil === null || saidUntil < demoDayAt(seed, timeZone, at, -1).start) {
      return { day: today, from: today.start };
    }
    const day = demoDayAt(seed, timeZone, Math.min(saidUntil, at));
    return { day, from: Math.max(day.start, saidUntil - OVERLAP_MS) };
  };

  /** Adds, in time, the day that is about to begin to what is still to be said. */
  const tellFrom = (first: DemoDay & { start: number }, from: number, anchor: number, timeZone: string) => {
    let next = 0;
    return async (at: number, upcoming: IngestEvent[]): Promise<IngestEvent[]> => {
      const storyAt = anchor + Math.max(0, at - anchor) * speed;
      let events = upcoming;
      for (;;) {
        const day = demoDayAt(seed, timeZone, first.start, next);
        if (day.start > storyAt + HOUR_MS || isClosing()) return events;
        // One day at a time while it catches up: several at once would be a hundred thousand events.
        if (events.length > 0 && day.start + 24 * HOUR_MS < storyAt) return events;
        next++;
        const fresh = (await calmly(day)).filter((event) => event.occurredAt >= from);
        events = [...events, ...fresh.map((event) => hasten(event, anchor, speed))];
        events.sort((a, b) => a.occurredAt - b.occurredAt);
      }
    };
  };

  /** The days before, told beside. */
  const startPast = (range: { timeZone: string; today: number; until: number }) => {
    let telling: Promise<void> | null = null;
    let isEnded = false;
    let failure: { cause: unknown } | null = null;
    return {
      begin() {
        const isOver = (): boolean => isEnded || isClosing();
        const { pastDays } = options;
        telling ??= tellPast({
          db,
          ingest,
          log,
          tenantId,
          seed,
          ...range,
          pastDays,
          now,
          sleep,
          isOver,
        }).catch((cause: unknown) => {
          failure = { cause };
        });
      },
      /** Throws what it failed with: all begins again where it was. */
      check() {
        if (failure) throw failure.cause;
      },
      async end() {
        isEnded = true;
        await telling;
      },
    };
  };

  const otherSource = (): string | null => {
    const other = options.sources?.().find((source) => source !== SIMULATOR);
    return other === undefined ? null : `the source “${other}” has sent events`;
  };

  const run = async (): Promise<string | null> => {
    while (!isClosing()) {
      try {
        const reason = await play();
        if (reason !== null) log.info({ tenantId, reason }, 'demo:ended');
        return reason;
      } catch (error) {
        if (!isClosing()) log.warn({ err: error }, 'demo:interrupted');
        await sleep(intervals.retryMs);
      }
    }
    return null;
  };

  const running = run();
  return {
    ended: running.then((reason) => reason ?? new Promise<never>(() => {})),
    async close() {
      closing.abort();
      await running;
    },
  };
}
