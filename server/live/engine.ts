import type { Logger } from 'pino';
import type { LogEvent } from '../../shared/contract/events.ts';
import type { Committed } from '../../shared/contract/logEvent.ts';
import type { LiveSettings } from '../../shared/contract/settings.ts';
import { readsEveryVisit } from '../../shared/live/cold.ts';
import { startDay } from '../../shared/live/day.ts';
import { evolve } from '../../shared/live/evolve.ts';
import { pendingRefold } from '../../shared/live/refold.ts';
import type { LiveState } from '../../shared/live/state.ts';
import type { LastWeek } from '../../shared/live/trend.ts';
import type { Database } from '../db/connect.ts';
import { buildState, END_OF_TIME, refoldPending } from '../log/build.ts';
import { type FeedIntervals, type FeedStatus, type Follower, startFeed } from '../log/feed.ts';
import { type LocalDay, localDayOf } from '../log/localDay.ts';
import { type Cursor, type LogPage, readCursorAt, readHead, readPage } from '../log/readLog.ts';
import { inSlices } from '../log/slices.ts';
import { createCheckpointKeeper } from './checkpointKeeper.ts';
import { readCheckpoint, takeInCold } from './checkpoints.ts';
import { createLastWeek, type InTurn, type LastWeekIntervals } from './lastWeek.ts';
import { type LoadedSettings, loadSettings } from './liveSettings.ts';
import { createSeqWaiters } from './seqWaiters.ts';

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
  /** This node has begun to write to the tenant's log: see `Feed`. */
  writing(): (committed: Committed | null) => void;
  /** Resolves with true once everything up to `seq` is folded in, with false after `limitMs`. */
  untilSeq(seq: number, limitMs: number): Promise<boolean>;
  /** Resolves once the state holds every call of the day, which right after a restart it does not: see cold.ts. */
  whole(): Promise<void>;
  close(): Promise<void>;
}

export interface LiveView {
  state: LiveState;
  settings: LiveSettings;
  /** Every event up to here is in every number. */
  seq: number;
  /** What today is compared with; null where the log does not reach back. */
  lastWeek: LastWeek | null;
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
  lastWeek: Partial<LastWeekIntervals>;
  checkpointMs: number;
  /** After this long of reading full pages the numbers count as behind, and screens are told. */
  behindMs: number;
}

export const ENGINE_INTERVALS: EngineIntervals = {
  feed: {},
  lastWeek: {},
  checkpointMs: 60_000,
  behindMs: 2_000,
};

/** An event from before this is history: too late to change what a wall shows [L14]. */
const LATE_MS = 24 * 3_600_000;
export function startEngine(options: {
  db: Database;
  tenantId: string;
  log: Logger;
  watcher: EngineWatcher;
  /** Reads of the past are long: one at a time of all tenants'. */
  inTurn: InTurn;
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
  const keeper = createCheckpointKeeper({ db, tenantId, log, now, everyMs: intervals.checkpointMs });
  const lastWeek = createLastWeek({
    db,
    tenantId,
    log,
    inTurn: options.inTurn,
    intervals: intervals.lastWeek,
  });
  /** Under way while cold calls of the checkpoint are taken in. */
  let completing: Promise<void> = Promise.resolve();
  let isUrgent = false;
  /** A state whose cold calls could not be had: the log is folded after all. */
  let spoiled: LiveState | null = null;
  const waiters = createSeqWaiters();

  const refreshSettings = async (): Promise<void> => {
    if (loaded && settingsVersion <= loaded.version) return;
    loaded = await loadSettings(db, tenantId);
    settingsVersion = loaded.version;
    if (!state || stateFingerprint !== loaded.stateFingerprint) return;
    state.settings = loaded.settings;
    watcher.onReset();
  };

  /** From the checkpoint, when it can still be carried on from; the tail then comes by the feed. */
  const restore = async (from: LoadedSettings, today: LocalDay): Promise<LiveState | null> => {
    try {
      const restored = await readCheckpoint(db, tenantId, from.stateFingerprint, from.settings);
      if (!restored || restored.dayStart > today.start) return null;
      const at = await readCursorAt(db, tenantId, restored.seq);
      if (!at) return null;
      completing = complete(restored, from);
      if (restored.dayStart < today.start || readsEveryVisit(from.settings)) await whole();
      if (restored === spoiled || !startDay(restored, today.start)) return null;
      cursor = at;
      return restored;
    } catch (error) {
      log.error({ err: error }, 'checkpoint:unreadable');
      return null;
    }
  };

  const whole = (): Promise<void> => {
    isUrgent = true;
    return completing;
  };

  /** Takes in the cold calls behind what is already shown; where that fails, the log is folded after all. */
  const complete = async (restored: LiveState, from: LoadedSettings): Promise<void> => {
    const isOver = (): boolean => closed || (state !== null && state !== restored);
    try {
      await takeInCold(db, tenantId, restored, {
        seq: restored.seq,
        foldFingerprint: from.stateFingerprint,
        isOver,
        isUrgent: () => isUrgent,
      });
    } catch (error) {
      log.error({ err: error }, 'checkpoint:unreadable');
      spoiled = restored;
    }
    feed.wake(); // What the calls brought to light is settled now.
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
    stateFingerprint = from.stateFingerprint;
    day = today;
    settledSeq = state.seq;
    keeper.begin();
    lastWeek.begin(day, from.settings);
    log.info({ seq: settledSeq, first }, 'engine:built');
    watcher.onReset();
  };

  const settle = async (page: LogPage | null): Promise<void> => {
    if (page && page.settingsVersion > settingsVersion) settingsVersion = page.settingsVersion;
    await refreshSettings();
    if (!loaded || closed) return;
    if (state && pendingRefold(state)) await whole();
    if (!state || state === spoiled || stateFingerprint !== loaded.stateFingerprint) await build(loaded);
    if (!state) return;
    if (now() >= day.end) {
      await whole();
      const { timeZone, dayStartMinutes } = loaded.settings;
      const today = localDayOf(now(), timeZone, dayStartMinutes);
      if (startDay(state, today.start)) {
        day = today;
        lastWeek.begin(day, loaded.settings);
        watcher.onReset();
      } else await build(loaded);
    }
    const refolded = await refoldPending(db, tenantId, state);
    settledSeq = state.seq;
    waiters.reached(settledSeq);
    if (refolded) watcher.onFolded(0);
    if (page?.events.length) watcher.onFolded(page.events.length);
    await keeper.keep(state, stateFingerprint);
  };

  const take = async (events: LogEvent[]): Promise<void> => {
    const folding = state;
    const last = events.at(-1);
    if (!folding || !last) return;
    // A restart, late, may have cut any call there is.
    if (events.some((event) => event.kind === 'source.restarted')) await whole();
    const horizon = day.start - LATE_MS;
    await inSlices(events, (event) => {
      if (event.occurredAt >= horizon) evolve(folding, event);
      else {
        folding.seq = event.seq;
        lastWeek.heard();
      }
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
    view: () =>
      state && loaded && { state, settings: state.settings, seq: settledSeq, lastWeek: lastWeek.current() },
    wake: feed.wake,
    writing: feed.writing,
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
          stateFingerprint === loaded?.stateFingerprint &&
          !(lagging && reading),
        lagMs: lagging ? Math.max(0, now() - cursor.recordedAt) : 0,
      };
    },
    untilSeq(seq, limitMs) {
      if (state && seq <= settledSeq) return Promise.resolve(true);
      const reached = waiters.wait(seq, limitMs);
      feed.wake();
      return reached;
    },
    whole,
    async close() {
      closed = true;
      waiters.giveUp();
      await feed.close();
      await Promise.all([keeper.close(), lastWeek.close(), completing]);
    },
  };
}
