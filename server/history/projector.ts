import type { Logger } from 'pino';
import type { LogEvent } from '../../shared/contract/events.ts';
import type { LiveSettings } from '../../shared/contract/settings.ts';
import { QUARTER_MS } from '../../shared/live/facts.ts';
import { type Database, inTenant } from '../db/connect.ts';
import { loadSettings } from '../live/liveSettings.ts';
import { type Feed, type FeedIntervals, type FeedStatus, type Follower, startFeed } from '../log/feed.ts';
import type { LocalDay } from '../log/localDay.ts';
import { type Cursor, type LogPage, readPage } from '../log/readLog.ts';
import { createAgentNames } from './agentNames.ts';
import { createAnalysis } from './analysis.ts';
import { CheckpointMoved, logEpochOf, moveCheckpoint, readCheckpoint } from './checkpoint.ts';
import { changesOf, type DayChanges, type DayFold, readyUntil, wholeDay } from './dayFold.ts';
import { createDays } from './days.ts';
import {
  isFolded,
  keptMark,
  markOutdated,
  markStale,
  nextStale,
  noteChanged,
  noteFixed,
  noteFolded,
  noteWritten,
  overrunDays,
  unbegunDays,
} from './historyDays.ts';
import { createWarmDays } from './warmDays.ts';
import { writeChanges, writeWholeDay } from './writeFacts.ts';

/**
 * Takes one tenant's log into facts, exactly once: what it writes, and how far it has come, go in one transaction. Its feed's
 * loop owns everything, one thing at a time:
 *
 *   take     a page: into the warm days it concerns; what changed of them is written, what it means for days that are not
 *            warm makes those stale. While a full page is being written the next one is read and folded: the database and
 *            this process share the work
 *   settle   settings that moved; then, once the end of the log is reached, what time alone brings (a quarter of an hour has
 *            ended, a day has begun), one stale day folded as a whole, and roll-ups that are due
 *
 * A step that fails forgets the warm days, which may be ahead of what is written, and is done again from the checkpoint.
 */
export interface Projector {
  wake(): void;
  status(): FeedStatus & { seq: number };
  close(): Promise<void>;
}

/** Changes whenever the same events give other facts: every day is then folded again. */
const FACTS_VERSION = '3';
/** Events a transaction of facts holds up nobody with, and enough that what runs on is seldom written anew. */
const PAGE_SIZE = 10_000;

/** What follows from facts, when there is time; answers whether there is more to do. `now` in epoch ms. */
export type Afterwards = (round: {
  tenantId: string;
  settings: LiveSettings;
  now: number;
}) => Promise<boolean>;

/** What goes into one transaction beside the checkpoint. */
interface Written {
  changed?: DayChanges[];
  whole?: DayChanges[];
  stale?: LocalDay[];
  events?: readonly LogEvent[];
}

export function startProjector(options: {
  db: Database;
  tenantId: string;
  log: Logger;
  now: () => number;
  afterwards: Afterwards;
  intervals?: Partial<FeedIntervals>;
}): Projector {
  const { db, tenantId, log, now, afterwards } = options;
  const names = createAgentNames();
  const analysis = createAnalysis(db);
  let closed = false;
  /** As far as facts are written, and as far as the log is taken in: one page further while that is being written. */
  let cursor: Cursor | null = null;
  let taken: Cursor | null = null;
  /** The last of `cursor` that was known. */
  let written = 0;
  let writing: Promise<void> = Promise.resolve();
  let settingsVersion = 0;
  let context: Awaited<ReturnType<typeof readContext>> | null = null;
  let lastQuarter = 0;
  /** Days were written: others may follow from them. */
  let daysChanged = true;

  const readContext = async () => {
    const { version, settings, foldFingerprint, stateFingerprint, logEpoch } = await loadSettings(
      db,
      tenantId,
    );
    const foldName = `${FACTS_VERSION}:${foldFingerprint}`;
    const days = createDays(settings);
    const warm = createWarmDays({ db, tenantId, settings, days, foldName, now, isOver: () => closed });
    return { version, settings, foldName, stateFingerprint, logEpoch, days, warm };
  };

  const refreshSettings = async (): Promise<void> => {
    if (context && settingsVersion <= context.version) return;
    const before = context;
    const after = await readContext();
    settingsVersion = Math.max(settingsVersion, after.version);
    if (before?.foldName !== after.foldName) {
      const outdated = await markOutdated(db, tenantId, after);
      if (outdated > 0) log.info({ days: outdated }, 'history:outdated');
    }
    // What only acts when a number is read leaves the folded days as they are. An import that was taken back does not, though
    // it makes only its own days stale.
    const isSame = before?.stateFingerprint === after.stateFingerprint;
    context = before && isSame ? { ...before, version: after.version, settings: after.settings } : after;
    if (!isSame) names.forget();
  };

  /** Runs what writes; where it fails, everything in memory is read again. */
  const orForget = async <T>(work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      context?.warm.forget();
      names.forget();
      [cursor, taken] = [null, null];
      // Somebody may fold under other settings: they are read again.
      if (error instanceof CheckpointMoved) context = null;
      writing = Promise.resolve();
      if (!(error instanceof CheckpointMoved)) throw error;
      log.info('history:checkpoint_moved');
      return null;
    }
  };

  const known = (): { cursor: Cursor; context: NonNullable<typeof context> } => {
    if (!cursor || !context) throw new Error('history: nothing is known yet');
    return { cursor, context };
  };

  /** Writes what is known of some days and moves the checkpoint to `to`. */
  const write = async (
    to: Cursor,
    { changed = [], whole = [], stale = [], events = [] }: Written,
  ): Promise<void> => {
    const { cursor: from, context: at } = known();
    const instant = now();
    await inTenant(db, tenantId, async (tx) => {
      await moveCheckpoint(tx, tenantId, at.foldName, from, to);
      // Whoever takes events back waits for us, or we for him: see finish_void.
      if ((await logEpochOf(tx, tenantId)) !== at.logEpoch)
        throw new CheckpointMoved('events were taken back');
      const kept = await keptMark(tx, tenantId);
      if ([...changed, ...whole].some((changes) => changes.kept !== kept))
        throw new CheckpointMoved('less is kept than was read');
      await names.write(tx, tenantId, events);
      for (const changes of changed) {
        if (await writeChanges(tx, tenantId, changes, instant)) await noteWritten(tx, tenantId, changes.day);
      }
      await noteChanged(
        tx,
        tenantId,
        changed.map(({ day }) => day),
      );
      for (const changes of whole) {
        await writeWholeDay(tx, tenantId, changes, instant);
        await noteFolded(tx, tenantId, changes.day, at.foldName, changes.mark);
      }
      await markStale(tx, tenantId, stale);
    });
    [cursor, written] = [to, to.seq];
    if (whole.length > 0) daysChanged = true;
    const parts = [...changed, ...whole];
    await analysis.wrote(parts.reduce((rows, { visits, pieces }) => rows + visits.length + pieces.length, 0));
  };

  const take = async (events: LogEvent[]): Promise<void> => {
    await orForget(async () => {
      const { context: at } = known();
      const last = events.at(-1);
      if (!last || !taken) return;
      const page = await at.warm.take(events, taken.seq);
      const until = (fold: DayFold) => readyUntil(fold, now());
      const read: ({ fold: DayFold } & Awaited<ReturnType<typeof changesOf>>)[] = [];
      for (const fold of page.folds) read.push({ fold, ...(await changesOf(fold, until(fold))) });
      await writing;
      const { whole, stale } = await at.warm.consequencesOf(page);
      const written: Required<Written> = { changed: [], whole: [], stale, events };
      for (const { fold, changes, earlier } of read) {
        if (whole.has(fold)) written.whole.push(wholeDay(fold, until(fold)));
        else written.changed.push(changes);
        if (until(fold) < now()) daysChanged = true;
        for (const instant of earlier) {
          const day = at.days.of(instant);
          if (!at.warm.of(day)) stale.push(day);
        }
      }
      taken = { seq: last.seq, recordedAt: last.recordedAt };
      writing = write(taken, written);
      writing.catch(() => {}); // Whoever waits for it hears of it.
    });
  };

  /** A day as a whole, in place of what there is of it; unless less is left of its log than that was made of. */
  const refold = async (day: LocalDay): Promise<void> => {
    await orForget(async () => {
      const { cursor: at, context: under } = known();
      const fold = await under.warm.fold(day, at.seq);
      if (!fold) return;
      if (fold === 'fixed') {
        await inTenant(db, tenantId, (tx) => noteFixed(tx, tenantId, day, under.foldName));
        return;
      }
      await write(at, { whole: [wholeDay(fold, now())] });
      log.debug({ day: new Date(day.start).toISOString() }, 'history:folded');
    });
  };

  /** What time alone brings: timelines are cut where a quarter of an hour has ended, and days begin without an event. */
  const passTime = async (): Promise<void> => {
    const instant = now();
    const quarter = Math.floor(instant / QUARTER_MS);
    if (quarter === lastQuarter && !daysChanged) return;
    const overrun = await overrunDays(db, tenantId, instant);
    const unbegun = await unbegunDays(db, tenantId, instant);
    await orForget(async () => {
      const { cursor: at, context: under } = known();
      const [changed, stale]: [DayChanges[], LocalDay[]] = [[], unbegun.map((start) => under.days.of(start))];
      const starts = new Set(overrun.map((began) => under.days.of(began).start));
      // Begun early by an event dated ahead, its timelines begin only now.
      const today = under.days.of(instant);
      if (quarter !== lastQuarter && under.warm.of(today)) starts.add(today.start);
      for (const start of starts) {
        const fold = under.warm.of(under.days.of(start));
        if (fold) changed.push((await changesOf(fold, instant, true)).changes);
        else stale.push(under.days.of(start));
      }
      if (changed.length > 0 || stale.length > 0) await write(at, { changed, stale });
      // With timelines cut at midnight, the next day may begin.
      daysChanged = changed.length > 0;
      lastQuarter = quarter;
    });
  };

  const settle = async (page: LogPage | null): Promise<void> => {
    if (page && page.settingsVersion > settingsVersion) settingsVersion = page.settingsVersion;
    const isBehind = page === null || page.events.length === PAGE_SIZE;
    const isCurrent = context !== null && settingsVersion <= context.version;
    if (isBehind && isCurrent && cursor) return;
    await orForget(() => writing);
    await refreshSettings();
    cursor ??= await readCheckpoint(db, tenantId);
    written = cursor.seq;
    taken ??= cursor;
    if (isBehind) return;
    await passTime();
    const stale = await nextStale(db, tenantId);
    if (stale && cursor) {
      const { days } = known().context;
      const [day, next] = [days.of(stale.start), days.of(stale.end - 1)];
      await refold(day);
      // One of another zone or start of day reaches into two of those there are now.
      if (
        next.start !== day.start &&
        !(await inTenant(db, tenantId, (tx) => isFolded(tx, tenantId, next, known().context.foldName)))
      )
        await refold(next);
    }
    const more = await afterwards({ tenantId, settings: known().context.settings, now: now() });
    if (stale || more) feed.wake();
  };

  const follower: Follower = { cursor: () => taken ?? { seq: 0, recordedAt: 0 }, settle, take };
  const feed: Feed = startFeed({
    read: (from, limit) => readPage(db, tenantId, from, limit),
    follower,
    log,
    intervals: { ...options.intervals, pageSize: PAGE_SIZE },
    onStatus() {},
  });

  return {
    wake: () => feed.wake(),
    status: () => ({ ...feed.status(), seq: written }),
    async close() {
      closed = true;
      await feed.close();
      // What could not be written is taken in again from the checkpoint, by whoever leads next.
      await writing.catch((error: unknown) => log.warn({ err: error }, 'history:not_written'));
    },
  };
}
