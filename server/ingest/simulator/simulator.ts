import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { IngestEvent } from '../../../shared/contract/events.ts';
import type { Database } from '../../db/connect.ts';
import type { Ingest } from '../ingest.ts';
import { demoDayAt, hasten } from './clock.ts';
import { SIMULATOR, tellDay } from './day.ts';
import { readPlace, setUpDemo } from './demoTenant.ts';

/**
 * Plays the demo call centre into a tenant, as any client of ingest would: first what is missing of the last days,
 * oldest first, then everything as it happens, around the clock. It can be stopped and started at any moment, and two
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

const BATCH = 1_000;
const HOUR_MS = 3_600_000;
/** Sleep is cut into pieces, so that a laptop that was closed catches up at once. */
const LONGEST_SLEEP_MS = 1_000;
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
    const first = demoDayAt(seed, place.timeZone, anchor, -options.pastDays).start;
    const from = Math.max(first, (place.saidUntil ?? 0) - OVERLAP_MS);
    const told = tellFrom(from, anchor, place.timeZone);
    let looked = Number.NEGATIVE_INFINITY;
    let upcoming: IngestEvent[] = [];
    while (!isClosing()) {
      if (now() - looked >= intervals.lookMs) {
        looked = now();
        const current = await readPlace(db, tenantId);
        const reason = current === null ? GONE : (current.realSource ?? otherSource());
        if (reason !== null) return reason;
      }
      upcoming = told(now(), upcoming);
      const later = upcoming.findIndex((event) => event.occurredAt > now());
      const due = upcoming.slice(0, Math.min(BATCH, later === -1 ? upcoming.length : later));
      if (due.length > 0) {
        await ingest.append(tenantId, { events: due });
        upcoming = upcoming.slice(due.length);
      } else await sleep(Math.min(LONGEST_SLEEP_MS, Math.max(1, (upcoming[0]?.occurredAt ?? now()) - now())));
    }
    return null;
  };

  /** Adds, in time, the day that is about to begin to what is still to be said. */
  const tellFrom = (from: number, anchor: number, timeZone: string) => {
    let next = 0;
    return (at: number, upcoming: IngestEvent[]): IngestEvent[] => {
      const storyAt = anchor + Math.max(0, at - anchor) * speed;
      let events = upcoming;
      for (;;) {
        const day = demoDayAt(seed, timeZone, from, next);
        if (day.start > storyAt + HOUR_MS) return events;
        // One day at a time while it catches up: a fortnight at once would be a quarter of a million events.
        if (events.length > 0 && day.start + 24 * HOUR_MS < storyAt) return events;
        next++;
        const fresh = tellDay(day).filter((event) => event.occurredAt >= from);
        events = [...events, ...fresh.map((event) => hasten(event, anchor, speed))];
        events.sort((a, b) => a.occurredAt - b.occurredAt);
      }
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
