import type { LogEvent } from '../../shared/contract/events.ts';
import type { LiveSettings } from '../../shared/contract/settings.ts';
import { takeDirty } from '../../shared/live/state.ts';
import { type Database, inTenant } from '../db/connect.ts';
import type { LocalDay } from '../log/localDay.ts';
import { concerns, type DayFold, foldDay, takeIn } from './dayFold.ts';
import type { Days } from './days.ts';
import { begunDays, haveVisits, isFolded } from './historyDays.ts';

/**
 * The days kept folded in memory, because events of them are arriving: today, and whatever an import is at. An event of any
 * other day makes that day stale: it is folded as a whole when the log has been read.
 */
export interface WarmDays {
  /** The day's fold, where it is kept. */
  of(day: LocalDay): DayFold | undefined;
  /** Takes in a page of the log, which follows `seq`. Reads the log alone: facts may still be being written meanwhile. */
  take(events: readonly LogEvent[], seq: number): Promise<Page>;
  /** What such a page means beside the days it changed; takes everything up to it to be written. */
  consequencesOf(page: Page): Promise<{ whole: Set<DayFold>; stale: LocalDay[] }>;
  /** Folds a day as of `seq` and keeps it; null when stopped, 'fixed' where its facts are to stay as they are. */
  fold(day: LocalDay, seq: number): Promise<DayFold | 'fixed' | null>;
  forget(): void;
}

export interface Page {
  /** The events of each day. */
  groups: Map<LocalDay, LogEvent[]>;
  /** The folds that the page may have changed. */
  folds: DayFold[];
  /** Those of them begun with it: unless their days are folded already, there is nothing yet that they could change. */
  begun: Set<DayFold>;
}

/** Days kept at once; a day holds what the three before it left open. */
const KEPT = 3;
/** So many events of a day in one page are no stragglers: more will follow. */
const WORTH_KEEPING = 50;

export function createWarmDays(options: {
  db: Database;
  tenantId: string;
  settings: LiveSettings;
  days: Days;
  /** What facts must follow from to be built upon, see `history_days`. */
  foldName: string;
  now: () => number;
  isOver: () => boolean;
}): WarmDays {
  const { db, tenantId, settings, days, foldName, now, isOver } = options;
  /** By the day's start; the one used last comes last. */
  const kept = new Map<number, DayFold>();

  const keep = (fold: DayFold): void => {
    kept.delete(fold.day.start);
    kept.set(fold.day.start, fold);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  };

  const fold = async (day: LocalDay, seq: number): Promise<DayFold | 'fixed' | null> => {
    const made = await foldDay(db, tenantId, { day, settings, seq, isOver });
    if (made && made !== 'fixed') keep(made);
    return made;
  };

  /** The events of each day. */
  const byDay = (events: readonly LogEvent[]): Map<LocalDay, LogEvent[]> => {
    const found = new Map<LocalDay, LogEvent[]>();
    for (const event of events) {
      const day = days.of(event.occurredAt);
      const known = found.get(day);
      if (known) known.push(event);
      else found.set(day, [event]);
    }
    return found;
  };

  const isWarm = (day: LocalDay): boolean => kept.has(day.start);

  /** Days in memory nowhere that stragglers have a part in: their own, the two after, and the one before by its calls. */
  const concernedBy = async (groups: Map<LocalDay, LogEvent[]>): Promise<LocalDay[]> => {
    const stale: LocalDay[] = [];
    const after = [...groups.keys()].flatMap((day) => [days.next(day), days.next(days.next(day))]);
    const unread = after.filter((day) => !isWarm(day) && !groups.has(day));
    if (unread.length > 0) {
      const begun = await inTenant(db, tenantId, (tx) => begunDays(tx, tenantId, unread));
      stale.push(...unread.filter(({ start }) => begun.has(start)));
    }
    for (const [day, events] of groups) {
      if (isWarm(day)) continue;
      stale.push(day);
      const before = days.previous(day);
      const callIds = events.flatMap((event) => ('callId' in event && event.callId ? [event.callId] : []));
      if (isWarm(before) || groups.has(before)) continue;
      if (await inTenant(db, tenantId, (tx) => haveVisits(tx, tenantId, callIds, before))) stale.push(before);
    }
    return stale;
  };

  return {
    of: (day) => kept.get(day.start),
    fold,
    async take(events, seq) {
      const groups = byDay(events);
      const begun = new Set<DayFold>();
      for (const [day, own] of groups) {
        const known = kept.get(day.start);
        const isToday = now() >= day.start && now() < day.end;
        if (known) keep(known);
        else if (isToday || own.length >= WORTH_KEEPING) {
          const made = await fold(day, seq);
          if (!made) throw new Error('history: stopped while folding a day');
          if (made === 'fixed') continue;
          takeDirty(made.state);
          begun.add(made);
        }
      }
      const folds: DayFold[] = [];
      for (const one of kept.values()) {
        if (!events.some(({ occurredAt }) => concerns(one.day, occurredAt))) continue;
        await takeIn(db, tenantId, one, events);
        folds.push(one);
      }
      return { groups, folds, begun };
    },
    async consequencesOf({ groups, begun }) {
      const whole = new Set<DayFold>();
      for (const made of begun) {
        const isKnown = await inTenant(db, tenantId, (tx) => isFolded(tx, tenantId, made.day, foldName));
        if (!isKnown) whole.add(made);
      }
      return { whole, stale: await concernedBy(groups) };
    },
    forget: () => kept.clear(),
  };
}
