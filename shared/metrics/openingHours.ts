import type { LiveSettings } from '../contract/settings.ts';
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

/** What was worked out of some hours, by local day: these zones' clocks are slow to ask. */
const known = new WeakMap<OpeningHours, { timeZone: string; days: LocalSpans[] }>();
/** Days that are looked at by turns: those around one that is folded. */
const KNOWN_DAYS = 8;

/** Opening hours as instants: through summer time, nights and days that adjoin. */
export function openingAt(hours: OpeningHours, timeZone: string, now: number): Opening {
  let memory = known.get(hours);
  if (memory?.timeZone !== timeZone) {
    memory = { timeZone, days: [] };
    known.set(hours, memory);
  }
  let day = memory.days.find(({ from, until }) => now >= from && now < until);
  if (day === undefined) {
    day = spansFrom(hours, timeZone, now);
    memory.days = [day, ...memory.days.slice(0, KNOWN_DAYS - 1)];
  }
  const span = day.spans.find(([, to]) => to > now);
  if (span === undefined) return { isOpen: false, changesAt: null };
  const [from, to] = span;
  if (from > now) return { isOpen: false, changesAt: from };
  return { isOpen: true, changesAt: to >= now + (AHEAD_DAYS - 1) * DAY_MS ? null : to };
}

/** Whether a queue is closed at an instant [T8]; one without hours never is. */
export function isClosedAt(
  { queues, timeZone }: Pick<LiveSettings, 'queues' | 'timeZone'>,
  queueId: string,
  at: number,
): boolean {
  const hours = queues.get(queueId)?.openingHours ?? null;
  return hours !== null && !openingAt(hours, timeZone, at).isOpen;
}

/** Whether all of some queues are closed, and when that may change next (epoch ms); null: never. */
export interface Closing {
  isClosed: boolean;
  changesAt: number | null;
}

/** Of queues by their hours, null where there are none: those never close. Nobody's queues are not closed. */
export function closingAt(queues: Iterable<OpeningHours | null>, timeZone: string, now: number): Closing {
  let changesAt: number | null = null;
  let isClosed = false;
  let isOpen = false;
  for (const hours of queues) {
    if (hours === null) return { isClosed: false, changesAt: null };
    const opening = openingAt(hours, timeZone, now);
    if (opening.isOpen) isOpen = true;
    else isClosed = true;
    if (opening.changesAt !== null) changesAt = Math.min(changesAt ?? opening.changesAt, opening.changesAt);
    else if (opening.isOpen) return { isClosed: false, changesAt: null };
  }
  return { isClosed: isClosed && !isOpen, changesAt };
}

/** When it is open, in order, from a local day's begin on; epoch ms. */
interface LocalSpans {
  from: number;
  until: number;
  spans: [from: number, to: number][];
}

function spansFrom(hours: OpeningHours, timeZone: string, now: number): LocalSpans {
  const midnight = Math.floor(wallClock(now, timeZone) / DAY_MS) * DAY_MS;
  const each: [from: number, to: number][] = [];
  for (let day = -1; day <= AHEAD_DAYS; day++) {
    const date = midnight + day * DAY_MS;
    const weekday = new Date(date).getUTCDay() || 7;
    for (const { days, opens, closes } of hours) {
      if (!days.includes(weekday)) continue;
      const [from, to] = [minutesOf(opens), minutesOf(closes)];
      const end = to > from ? to : to + DAY_MINUTES;
      each.push([instantOf(date + from * MINUTE_MS, timeZone), instantOf(date + end * MINUTE_MS, timeZone)]);
    }
  }
  each.sort(([a], [b]) => a - b);
  // What adjoins or overlaps is one.
  const spans: LocalSpans['spans'] = [];
  for (const [from, to] of each) {
    const last = spans.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else if (to > from) spans.push([from, to]);
  }
  // Midnight may come twice: what a day holds is known of all of it.
  const from = Math.min(now, instantOf(midnight, timeZone));
  return { from, until: Math.max(now + 1, instantOf(midnight + DAY_MS, timeZone)), spans };
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
