import {
  ALWAYS_OPEN,
  DAY_FACTORS,
  HOUR_SHARES,
  NIGHT_CALLS_PER_HOUR,
  openMinutes,
  QUEUES,
} from './centre.ts';
import { type Random, randomOf } from './random.ts';

/** One local day of the demo centre, without a time zone: `instant` says when its minutes are. */
export interface DemoDay {
  seed: string;
  /** Days since 1970-01-01 of the local date: the rhythm of storms and rosters. */
  number: number;
  /** ISO, Monday is 1. */
  weekday: number;
  /** Epoch ms of a local minute after midnight, fractions and minutes of the next day included. */
  instant(minutes: number): number;
}

/** A while in which a day is not like others; local minutes. */
export interface Disturbance {
  from: number;
  to: number;
  /** How many times as many calls, by queue name; absent: as ever. */
  calls(queue: string): number;
  /** How much longer they take. */
  handle(queue: string): number;
}

const INTERVAL = 15;
/** Of a day's calls; the others are handed on from another queue, or by callers who try again. */
const FIRST_CALLS = 0.966;
const STORM_EVERY = 4;
const FORTNIGHT = 14;

/** Storms come every 3 to 5 days, a technical outage once a fortnight; both in office hours. */
export function disturbancesOf({ seed, number, weekday }: DemoDay): Disturbance[] {
  const found: Disturbance[] = [];
  if (weekday > 5) return found;
  const block = Math.floor(number / STORM_EVERY);
  const storm = randomOf(`${seed} storm ${block}`);
  if (number % STORM_EVERY === (storm.chance(0.5) ? 1 : 2)) {
    const from = storm.between(9.5 * 60, 14.5 * 60);
    // Something has happened, and it takes longer than usual to explain.
    const [factor, longer] = storm.chance(0.5) ? [1.5, 1.17] : [1.8, 1.42];
    found.push({ from, to: from + storm.between(25, 45), calls: () => factor, handle: () => longer });
  }
  if (number % FORTNIGHT === fortnightly(seed, 'outage', number)) {
    const from = randomOf(`${seed} outage ${number}`).between(10 * 60, 16 * 60);
    const technical = new Set(QUEUES.filter(({ sector }) => sector === 'technical').map(({ name }) => name));
    const only = (queue: string, factor: number): number => (technical.has(queue) ? factor : 1);
    const [calls, handle] = [(queue: string) => only(queue, 3), (queue: string) => only(queue, 1.4)];
    found.push({ from, to: from + 60, calls, handle });
  }
  return found;
}

/** When the telephone system restarts, in local minutes; null on most days. */
export function restartOf({ seed, number, weekday }: DemoDay): number | null {
  if (weekday > 5 || number % FORTNIGHT !== fortnightly(seed, 'restart', number)) return null;
  return randomOf(`${seed} restart ${number}`).between(9 * 60, 17 * 60);
}

/** The day of the fortnight on which something happens once: always a weekday, whatever day a fortnight begins on. */
function fortnightly(seed: string, what: string, number: number): number {
  const random = randomOf(`${seed} ${what} ${Math.floor(number / FORTNIGHT)}`);
  const first = number - (number % FORTNIGHT);
  // 1970-01-01 was a Thursday.
  const weekdays = Array.from({ length: FORTNIGHT }, (_, at) => at).filter((at) => (first + at + 3) % 7 < 5);
  return weekdays[Math.floor(random.next() * weekdays.length)] ?? 0;
}

/** Every call of a day: its minute and its queue, in order. */
export function arrivalsOf(day: DemoDay, random: Random): { minute: number; queue: string }[] {
  const disturbances = disturbancesOf(day);
  const noise = 1 + 0.07 * Math.max(-2, Math.min(2, random.normal()));
  const arrivals: { minute: number; queue: string }[] = [];
  for (let minute = 0; minute < 24 * 60; minute += INTERVAL) {
    const wobble = 1 + 0.08 * Math.max(-2, Math.min(2, random.normal()));
    for (const { name, perDay } of QUEUES) {
      const mean = expected(day.weekday, minute, name, perDay) * noise * wobble;
      // A storm begins and ends within intervals: each call is told by its own minute.
      const most = Math.max(1, ...disturbances.map((disturbance) => disturbance.calls(name)));
      for (let left = poisson(random, mean * most); left > 0; left--) {
        const at = minute + random.next() * INTERVAL;
        const now = disturbances.find(({ from, to }) => at >= from && at < to);
        if (random.chance((now?.calls(name) ?? 1) / most)) arrivals.push({ minute: at, queue: name });
      }
    }
  }
  return arrivals.sort((a, b) => a.minute - b.minute);
}

/** First calls that a sector may expect on a weekday (ISO): as many as there are new callers and old ones. */
export function firstCallsOn(weekday: number, sector: string): number {
  let sum = 0;
  for (const { name, perDay, sector: of } of QUEUES) {
    if (of !== sector) continue;
    for (let minute = 0; minute < 24 * 60; minute += INTERVAL) sum += expected(weekday, minute, name, perDay);
  }
  return sum;
}

/** Calls to a queue in the interval that begins at `minute`. */
function expected(weekday: number, minute: number, queue: string, perDay: number): number {
  const perHour = INTERVAL / 60;
  const open = openMinutes(weekday);
  const isOpen = open !== null && minute >= open[0] && minute < open[1];
  if (!isOpen) return queue === ALWAYS_OPEN ? NIGHT_CALLS_PER_HOUR * perHour * dayTime(weekday, minute) : 0;
  const factor = DAY_FACTORS[weekday - 1] ?? 1;
  const ofDay = queue === ALWAYS_OPEN ? perDay - 12 * NIGHT_CALLS_PER_HOUR : perDay;
  const shares = HOUR_SHARES.slice(open[0] / 60 - 8, open[1] / 60 - 8);
  const sum = shares.reduce((total, share) => total + share, 0);
  return (FIRST_CALLS * ofDay * factor * perHour * (HOUR_SHARES[Math.floor(minute / 60) - 8] ?? 0)) / sum;
}

/** On a day without office hours the open queue hears more by day than by night. */
function dayTime(weekday: number, minute: number): number {
  return weekday >= 6 && minute >= 8 * 60 && minute < 20 * 60 ? 2 : 1;
}

function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > limit; product *= random.next()) count++;
  return count;
}
