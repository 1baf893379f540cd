import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { LogEvent } from '../../shared/contract/events.ts';
import type { Committed } from '../../shared/contract/logEvent.ts';
import { backoffMs } from '../db/backoff.ts';
import { within } from '../db/deadline.ts';
import type { Cursor, LogPage } from './readLog.ts';

/**
 * Follows one tenant's log and hands every event on exactly once, in commit order [L1].
 *
 *   following   read to the end; reads again on a wake, and every `pollMs` anyway [L3]. Who writes on this node hands on what
 *               was committed: where that follows on what is known, there is nothing to read
 *   behind      the last page was full: reads on at once
 *   down        the database does not answer; tries again with jittered backoff, and catches up alone
 *   stopped     a number was missing: a defect that must be seen, so nothing is ever skipped over it
 *
 * One loop owns all of it, and with it the follower's state: at most one page of events is held at a time [L13].
 */
export interface Feed {
  /** Something may be new. */
  wake(): void;
  /**
   * This node has begun to write to the log. To be told how it ended, with what was committed or null. Wakes wait for that:
   * the first of them is mostly of this very write, and a read begun for it would be overtaken by what is handed on.
   */
  writing(): (committed: Committed | null) => void;
  status(): FeedStatus;
  close(): Promise<void>;
}

export interface FeedStatus {
  state: 'following' | 'behind' | 'down' | 'stopped';
  /** Epoch ms since when the state is down or stopped; null otherwise. */
  since: number | null;
  headSeq: number;
  /** Epoch ms of the last successful read. */
  readAt: number;
}

/** Whoever the events are for. */
export interface Follower {
  /** The last event taken over. */
  cursor(): Cursor;
  /** Called before every read and after every page: whatever must be put right first. Tried again if it throws. */
  settle(page: LogPage | null): Promise<void>;
  /** Takes over consecutive events; must not throw, since they will not come again. */
  take(events: LogEvent[]): Promise<void>;
}

export interface FeedIntervals {
  pollMs: number;
  /** A read unanswered for this long counts as failed: a half-open connection never answers. */
  readMs: number;
  backoffMs: number;
  backoffLimitMs: number;
  pageSize: number;
}

export const FEED_INTERVALS: FeedIntervals = {
  pollMs: 1_000,
  readMs: 15_000,
  backoffMs: 100,
  backoffLimitMs: 2_000,
  pageSize: 1_000,
};

export function startFeed(options: {
  read(cursor: Cursor, limit: number): Promise<LogPage>;
  follower: Follower;
  log: Logger;
  onStatus(status: FeedStatus): void;
  intervals?: Partial<FeedIntervals>;
}): Feed {
  const { follower, log } = options;
  const intervals = { ...FEED_INTERVALS, ...options.intervals };
  let closed = false;
  let status: FeedStatus = { state: 'behind', since: null, headSeq: 0, readAt: 0 };
  let woken = false;
  let committed: Committed | null = null;
  let writes = 0;
  let heldWake = false;
  /** Ends the rest there is; `wakeUp` only one that a wake may end. */
  let endRest = (): void => {};
  let wakeUp: (() => void) | null = null;

  const become = (state: FeedStatus['state']): void => {
    if (state === status.state) return;
    const bad = state === 'down' || state === 'stopped';
    status = { ...status, state, since: bad ? Date.now() : null };
    options.onStatus(status);
  };

  /** Reads and hands on one page; true when there may be more at once. */
  const step = async (): Promise<boolean> => {
    await follower.settle(null);
    const cursor = follower.cursor();
    const page = handedOn(cursor) ?? (await read(cursor));
    status = { ...status, headSeq: Math.max(page.headSeq, cursor.seq), readAt: Date.now() };
    const gap = firstGap(cursor.seq, page.events);
    if (gap !== null) {
      log.error({ after: gap.after, found: gap.found }, 'feed:gap');
      become('stopped');
      closed = true;
      return false;
    }
    if (page.events.length > 0) await follower.take(page.events);
    await follower.settle(page);
    const full = page.events.length === intervals.pageSize;
    become(full ? 'behind' : 'following');
    return full;
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!closed) {
      try {
        const more = await step();
        if (failures > 0) log.info({ seq: follower.cursor().seq }, 'feed:resumed');
        failures = 0;
        if (more) {
          await nextTurn();
          continue;
        }
      } catch (error) {
        if (closed) return;
        if (failures === 0) log.warn({ err: error, seq: follower.cursor().seq }, 'feed:lost');
        become('down');
        // Wakes do not cut this short: a database in trouble is not helped by a storm of reads.
        await rest(backoffMs(failures++, intervals.backoffMs, intervals.backoffLimitMs), false);
        continue;
      }
      if (closed) return;
      // Whoever was just told has the first turn, before there is another read.
      if (woken) await nextTurn();
      else await rest(intervals.pollMs, true);
    }
  };

  const rest = (ms: number, isWakeable: boolean): Promise<void> =>
    new Promise((resolve) => {
      endRest = () => {
        clearTimeout(timer);
        wakeUp = null;
        resolve();
      };
      const timer = setTimeout(endRest, ms);
      if (isWakeable) wakeUp = endRest;
    });

  const read = (cursor: Cursor): Promise<LogPage> => {
    woken = false; // Before the read: a wake during it means another read.
    return within(options.read(cursor, intervals.pageSize), intervals.readMs);
  };

  /** What was handed on as a page, if it is what comes next; settings are found out by reading. */
  const handedOn = (cursor: Cursor): LogPage | null => {
    const next = committed;
    committed = null;
    if (next?.firstSeq !== cursor.seq + 1) return null;
    const events = next.events();
    return { events, headSeq: cursor.seq + events.length, settingsVersion: 0 };
  };

  const wake = (): void => {
    woken = true;
    wakeUp?.();
  };

  const running = run();
  return {
    wake() {
      if (writes > 0) heldWake = true;
      else wake();
    },
    writing() {
      writes++;
      return (news) => {
        writes--;
        // Only while nothing is being read: one page at a time is held, and it is not one that may be read meanwhile.
        if (news !== null && wakeUp !== null) {
          committed = news;
          wakeUp();
        } else if (news !== null) woken = true;
        if (writes > 0 || !heldWake) return;
        heldWake = false;
        wake();
      };
    },
    status: () => status,
    async close() {
      closed = true;
      endRest();
      await running;
    },
  };
}

/** The first place where the numbers are not consecutive. From scratch, a log begins where what is kept of it does. */
function firstGap(last: number, events: LogEvent[]): { after: number; found: number } | null {
  let after = last === 0 && events[0] ? events[0].seq - 1 : last;
  for (const { seq } of events) {
    if (seq !== after + 1) return { after, found: seq };
    after = seq;
  }
  return null;
}
