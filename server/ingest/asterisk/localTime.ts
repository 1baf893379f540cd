import { IANAZone } from 'luxon';
import { type Clock, milliseconds } from './line.ts';

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?$/;
/** Asterisk names a call `[system-]epoch.number` after the second its channel began. */
const CALL_EPOCH = /(?:^|-)(\d{9,10})\.\d+$/;
const HOUR_MS = 3_600_000;
/** Lines of several channels may be a little out of order; a repeated hour is far more than this. */
const DISORDER_MS = 60_000;

export function isTimeZone(name: string): boolean {
  return IANAZone.isValidZone(name);
}

/**
 * The instant of a local date-time, or null when it is none. An hour that the clocks repeat in autumn is told
 * apart by the call's own epoch, else by the line before: time does not run backwards [S65]. An hour that they skip
 * in spring, which only a clock set by hand can name, is read as if the clocks had not yet moved.
 */
export function localInstant(text: string, callId: string, clock: Clock): number | null {
  const match = LOCAL.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC carries 31 February into March; such a date is a mistake, not a day later.
  if (new Date(wall).toISOString().slice(0, 19) !== `${text.slice(0, 10)}T${text.slice(11, 19)}`) return null;
  const [first, last] = candidates(wall, clock.timeZone);
  return choose(first, last, callId, clock.previousAt) + milliseconds(match[7]);
}

/** The earliest and the latest instant at which clocks in the zone showed `wall`; equal but for a repeated hour. */
function candidates(wall: number, timeZone: string): [number, number] {
  const before = offsetAt(wall - 24 * HOUR_MS, timeZone);
  const after = offsetAt(wall + 24 * HOUR_MS, timeZone);
  const early = wall - before;
  if (before === after) return [early, early];
  const late = wall - after;
  const isEarly = offsetAt(early, timeZone) === before;
  const isLate = offsetAt(late, timeZone) === after;
  if (isEarly && isLate) return [early, late];
  return isLate ? [late, late] : [early, early];
}

function choose(first: number, last: number, callId: string, previousAt: number | null): number {
  if (first === last) return first;
  const callBegan = CALL_EPOCH.exec(callId)?.[1];
  if (callBegan !== undefined) return first < Number(callBegan) * 1_000 - DISORDER_MS ? last : first;
  return previousAt !== null && first < previousAt - DISORDER_MS ? last : first;
}

/** Offsets by zone and hour: Intl takes 20 µs an answer, and a log asks it for every line. */
const offsets = new Map<string, number>();
const OFFSETS_KEPT = 10_000;

function offsetAt(instant: number, timeZone: string): number {
  const hour = Math.floor(instant / (HOUR_MS / 4));
  const key = `${timeZone}/${hour}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    if (offsets.size >= OFFSETS_KEPT) offsets.clear();
    offset = IANAZone.create(timeZone).offset(hour * (HOUR_MS / 4)) * 60_000;
    offsets.set(key, offset);
  }
  return offset;
}
