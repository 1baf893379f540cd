import type { Logger } from 'pino';
import type { LogEvent } from '../../shared/contract/events.ts';
import type { LiveSettings } from '../../shared/contract/settings.ts';
import { startDay } from '../../shared/live/day.ts';
import { evolve } from '../../shared/live/evolve.ts';
import type { LiveState } from '../../shared/live/state.ts';
import type { Database } from '../db/connect.ts';
import { buildState, END_OF_TIME, refoldPending } from './build.ts';
import { checkpointIsDue, readCheckpoint, takeChunks, writeCheckpoint } from './checkpoints.ts';
import { type FeedIntervals, type FeedStatus, type Follower, startFeed } from './feed.ts';
import { type LoadedSettings, loadSettings } from './liveSettings.ts';
import { type LocalDay, localDayOf } from './localDay.ts';
import { type Cursor, type LogPage, readCursorAt, readHead, readPage } from './readLog.ts';
import { inSlices } from './slices.ts';

/**
 * Owns one tenant's live state. Only its feed's loop changes the state, one thing at a time:
 *
 *   settle    settings that moved → read them; no state, or one folded under other settings → build it (from the
 *             checkpoint and the tail, else from the log [L14]); midnight passed → begin the day; refolds [L15];
 *             a checkpoint when one is due
 *   take      fold a page of events
 *
 * so whoever reads between two of its turns reads a state that belongs together, up to `seq`.
 */
export interface Engine {
  readonly tenantId: string;
  /** The state and the settings to measure it by; null until it has been built. */
  view(): LiveView | null;
  status(): EngineStatus;
  wake(): void;
  /** Resolves with true once everything up to `seq` is folded in, with false after `limitMs`. */
  untilSeq(seq: number, limitMs: number): Promise<boolean>;
  close(): Promise<void>;
}

export interface LiveView {
  state: LiveState;
  settings: LiveSettings;
  /** Every event up to here is in every number. */
  seq: number;
}

export interface EngineStatus {
  feed: FeedStatus;
  seq: number;
  /** False while state is being built, or the feed has been reading behind the log for a while. */
  caughtUp: boolean;
  lagMs: number;
}

/** What happened to the state, for those who show it. */
export interface EngineWatcher {
  /** Events were folded: see the state's dirty marks. */
  onFolded(events: number): void;
  /** Everything may read differently: another state, day or settings. */
  onReset(): void;
  onStatus(): void;
}

export interface EngineIntervals {
  feed: Partial<FeedIntervals>;
  checkpointMs: number;
  /** After this long of reading full pages the numbers count as behind, and screens are told. */
  behindMs: number;
}

export const ENGINE_INTERVALS: EngineIntervals = { feed: {}, checkpointMs: 60_000, behindMs: 2_000 };

/** An event from before this is history: too late to change what a wall shows [L14]. */
const LATE_MS = 24 * 3_600_000;
/** A checkpoint halts folding while it is taken; a large one is taken rarely enough to cost 0.5 % of the time. */
const CHECKPOINT_SHARE = 200;

export function startEngine(options: {
  db: Database;
  tenantId: string;
  log: Logger;
  watcher: EngineWatcher;
  /** Epoch ms; an argument so that tests can pass midnight. */
  now?: () => number;
  intervals?: Partial<EngineIntervals>;
}): Engine {
  const { db, tenantId, log, watcher } = options;
  const now = options.now ?? Date.now;
  const intervals = { ...ENGINE_INTERVALS, ...options.intervals };
  let loaded: LoadedSettings | null = null;
  let settingsVersion = 0;
  let state: LiveState | null = null;
  let stateFingerprint = '';
  let day: LocalDay = { start: 0, end: 0 };
  let cursor: Cursor = { seq: 0, recordedAt: 0 };
  let settledSeq = 0;
  let behindSince: number | null = performance.now();
  let closed = false;
  let checkpointing: Promise<void> | null = null;
  let nextCheckpointAt = 0;
  const waiters = new Set<{ seq: number; done: (reached: boolean) => void }>();

  const refreshSettings = async (): Promise<void> => {
    if (loaded && settingsVersion <= loaded.version) return;
    loaded = await loadSettings(db, tenantId);
    settingsVersion = loaded.version;
    if (!state || stateFingerprint !== loaded.foldFingerprint) return;
    state.settings = loaded.settings;
    watcher.onReset();
  };

  /** From the checkpoint, when it can still be carried on from; the tail then comes by the feed. */
  const restore = async (from: LoadedSettings, today: LocalDay): Promise<LiveState | null> => {
    try {
      const restored = await readCheckpoint(db, tenantId, from.foldFingerprint, from.settings);
      if (!restored || restored.dayStart > today.start) return null;
      const at = await readCursorAt(db, tenantId, restored.seq);
      if (!at || !startDay(restored, today.start)) return null;
      cursor = at;
      return restored;
    } catch (error) {
      log.error({ err: error }, 'checkpoint:unreadable');
      return null;
    }
  };

  const build = async (from: LoadedSettings): Promise<void> => {
    const today = localDayOf(now(), from.settings.timeZone, from.settings.dayStartMinutes);
    const first = state === null;
    let built = first ? await restore(from, today) : null;
    if (!built) {
      const head = await readHead(db, tenantId);
      built = await buildState(db, tenantId, {
        settings: from.settings,
        dayStart: today.start,
        until: END_OF_TIME,
        seq: head.seq,
        isOver: () => closed,
      });
      if (!built) return;
      cursor = head;
    }
    state = built;
    stateFingerprint = from.foldFingerprint;
    day = today;
    settledSeq = state.seq;
    nextCheckpointAt = now() + intervals.checkpointMs * (0.5 + Math.random());
    log.info({ seq: settledSeq, first }, 'engine:built');
    watcher.onReset();
  };

  const checkpoint = async (of: LiveState): Promise<void> => {
    if (checkpointing || now() < nextCheckpointAt) return;
    nextCheckpointAt = now() + intervals.checkpointMs;
    if (!(await checkpointIsDue(db, tenantId, intervals.checkpointMs * 0.9))) return;
    const began = performance.now();
    const chunks = await takeChunks(of);
    const tookMs = performance.now() - began;
    nextCheckpointAt = now() + Math.max(intervals.checkpointMs, tookMs * CHECKPOINT_SHARE);
    // Writing needs the text only: folding goes on meanwhile.
    checkpointing = writeCheckpoint(db, tenantId, { seq: of.seq, foldFingerprint: stateFingerprint, chunks })
      .then((written) =>
        log.debug({ seq: of.seq, chunks: chunks.length, tookMs, written }, 'checkpoint:written'),
      )
      .catch((error: unknown) => log.warn({ err: error }, 'checkpoint:failed'))
      .finally(() => {
        checkpointing = null;
      });
  };

  const settle = async (page: LogPage | null): Promise<void> => {
    if (page && page.settingsVersion > settingsVersion) settingsVersion = page.settingsVersion;
    await refreshSettings();
    if (!loaded || closed) return;
    if (!state || stateFingerprint !== loaded.foldFingerprint) await build(loaded);
    if (!state) return;
    if (now() >= day.end) {
      const { timeZone, dayStartMinutes } = loaded.settings;
      const today = localDayOf(now(), timeZone, dayStartMinutes);
      if (startDay(state, today.start)) {
        day = today;
        watcher.onReset();
      } else await build(loaded);
    }
    const refolded = await refoldPending(db, tenantId, state);
    settledSeq = state.seq;
    for (const waiter of waiters) if (waiter.seq <= settledSeq) waiter.done(true);
    if (refolded) watcher.onFolded(0);
    if (page?.events.length) watcher.onFolded(page.events.length);
    await checkpoint(state);
  };

  const take = async (events: LogEvent[]): Promise<void> => {
    const folding = state;
    const last = events.at(-1);
    if (!folding || !last) return;
    const horizon = day.start - LATE_MS;
    await inSlices(events, (event) => {
      if (event.occurredAt >= horizon) evolve(folding, event);
      else folding.seq = event.seq;
    });
    cursor = { seq: last.seq, recordedAt: last.recordedAt };
  };

  const follower: Follower = { cursor: () => cursor, settle, take };
  const feed = startFeed({
    read: (from, limit) => readPage(db, tenantId, from, limit),
    follower,
    log,
    intervals: intervals.feed,
    onStatus({ state: became }) {
      if (became === 'following') behindSince = null;
      else behindSince ??= performance.now();
      // Behind for a moment is how a busy log is read: only the clock (`caughtUp`) makes that news.
      if (became !== 'behind') watcher.onStatus();
    },
  });

  return {
    tenantId,
    view: () => state && loaded && { state, settings: state.settings, seq: settledSeq },
    wake: () => feed.wake(),
    status() {
      const status = feed.status();
      const reading = behindSince !== null && performance.now() - behindSince > intervals.behindMs;
      const lagging = settledSeq < status.headSeq;
      return {
        feed: status,
        seq: settledSeq,
        // A stopped feed will not catch up by itself: what it shows is no longer now.
        caughtUp:
          state !== null &&
          status.state !== 'stopped' &&
          stateFingerprint === loaded?.foldFingerprint &&
          !(lagging && reading),
        lagMs: lagging ? Math.max(0, now() - cursor.recordedAt) : 0,
      };
    },
    untilSeq(seq, limitMs) {
      if (state && seq <= settledSeq) return Promise.resolve(true);
      return new Promise((resolve) => {
        const waiter = {
          seq,
          done(reached: boolean) {
            clearTimeout(timer);
            waiters.delete(waiter);
            resolve(reached);
          },
        };
        const timer = setTimeout(() => waiter.done(false), limitMs);
        waiters.add(waiter);
        feed.wake();
      });
    },
    async close() {
      closed = true;
      for (const waiter of waiters) waiter.done(false);
      await feed.close();
      await checkpointing;
    },
  };
}
