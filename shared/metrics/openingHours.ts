import type { OpeningHours } from '../contract/settingsRest.ts';

/** Whether something is open at an instant, and when that changes next; null where it never does [T8]. */
export interface Opening {
  isOpen: boolean;
  /** Epoch ms. */
  changesAt: number | null;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const DAY_MS = DAY_MINUTES * MINUTE_MS;
/** Hours repeat every week: what has not changed by then never does. */
const AHEAD_DAYS = 8;

/** What was worked out last for these hours holds until it changes. */
const known = new WeakMap<OpeningHours, Opening & { timeZone: string; from: number; until: number }>();

/** Opening hours as instants: through summer time, nights and days that adjoin. */
export function openingAt(hours: OpeningHours, timeZone: string, now: number): Opening {
  const last = known.get(hours);
  if (last && last.timeZone === timeZone && now >= last.from && now < last.until) return last;
  const opening = workOut(hours, timeZone, now);
  const until = opening.changesAt ?? now + DAY_MS;
  known.set(hours, { ...opening, timeZone, from: now, until });
  return opening;
}

function workOut(hours: OpeningHours, timeZone: string, now: number): Opening {
  const midnight = Math.floor(wallClock(now, timeZone) / DAY_MS) * DAY_MS;
  const spans: [from: number, to: number][] = [];
  for (let day = -1; day <= AHEAD_DAYS; day++) {
    const date = midnight + day * DAY_MS;
    const weekday = new Date(date).getUTCDay() || 7;
    for (const { days, opens, closes } of hours) {
      if (!days.includes(weekday)) continue;
      const [from, to] = [minutesOf(opens), minutesOf(closes)];
      const end = to > from ? to : to + DAY_MINUTES;
      spans.push([instantOf(date + from * MINUTE_MS, timeZone), instantOf(date + end * MINUTE_MS, timeZone)]);
    }
  }
  spans.sort(([a], [b]) => a - b);
  let openUntil = now;
  for (const [from, to] of spans) if (from <= openUntil && to > openUntil) openUntil = to;
  if (openUntil > now) {
    return { isOpen: true, changesAt: openUntil >= now + (AHEAD_DAYS - 1) * DAY_MS ? null : openUntil };
  }
  return { isOpen: false, changesAt: spans.find(([from]) => from > now)?.[0] ?? null };
}

/** `08:30` is 510: minutes after midnight. */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/**
 * The instant at which a zone's clocks show `wall`: ms as if that were UTC. Of two such instants the first; one that
 * clocks leave out is as long after midnight as it would have been.
 */
function instantOf(wall: number, timeZone: string): number {
  const before = wall - offsetAt(wall - DAY_MS, timeZone);
  const after = wall - offsetAt(before, timeZone);
  return offsetAt(after, timeZone) === wall - after ? after : before;
}

function offsetAt(instant: number, timeZone: string): number {
  return wallClock(instant, timeZone) - instant;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What a zone's clocks show at an instant, to the second, as ms as if that were UTC. */
function wallClock(instant: number, timeZone: string): number {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  clocks.set(timeZone, clock);
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of clock.formatToParts(instant)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return (
    Date.UTC(year, month - 1, day, hour, minute, second) + (instant - Math.floor(instant / 1_000) * 1_000)
  );
}
