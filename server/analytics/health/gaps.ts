import { DateTime } from 'luxon';

/** A stretch in which a source said nothing; epoch ms. */
export interface Silence {
  source: string;
  from: number;
  to: number;
}

/** Fine enough that the last event of a day does not make the hour after it one in which the source speaks. */
const QUARTER_MS = 900_000;
const MINUTE_MS = 60_000;
const WEEKS = [1, 2, 3, 4];

/** The part of a silence within one quarter of an hour. */
export interface Slot extends Silence {
  /** Place of its silence among those given. */
  index: number;
}

/** Silences cut at quarters of an hour, so that each piece is asked for by itself: does the source speak at that time? */
export function slotsOf(silences: readonly Silence[]): Slot[] {
  return silences.flatMap(({ source, from, to }, index) => {
    const slots: Slot[] = [];
    for (let at = from; at < to; ) {
      const end = Math.min(to, (Math.floor(at / QUARTER_MS) + 1) * QUARTER_MS);
      slots.push({ source, from: at, to: end, index });
      at = end;
    }
    return slots;
  });
}

/** The whole quarter around a slot in each of the last four weeks, at the same time of the wall clock, and the day around that. */
export function weeksBefore(
  slot: Slot,
  day: { start: number; end: number },
  zone: string,
): { quarter: [number, number]; day: [number, number] }[] {
  const quarterStart = Math.floor(slot.from / QUARTER_MS) * QUARTER_MS;
  const earlier = (at: number, weeks: number) =>
    DateTime.fromMillis(at, { zone }).minus({ weeks }).toMillis();
  return WEEKS.map((weeks) => {
    const quarter = earlier(quarterStart, weeks);
    return {
      quarter: [quarter, quarter + QUARTER_MS],
      day: [earlier(day.start, weeks), earlier(day.end, weeks)],
    };
  });
}

/** Minutes of a quarter in which the source spoke, in an earlier week; and whether it did at all on that day. */
export interface EarlierWeek {
  minutes: number;
  spokeThatDay: boolean;
}

/**
 * How much of a quarter's silence is to be wondered at, 0 to 1: all of it where the source speaks every minute at that time, in at least
 * half of those earlier weeks that it spoke on that day at all. Where it does so only now and then, less than the share of minutes: a
 * few calls at night come in bunches, and the silences between them are longer than so few minutes would have them.
 */
export function missedShare(weeks: readonly EarlierWeek[]): number {
  const known = weeks.filter((week) => week.spokeThatDay).map(({ minutes }) => minutes);
  const usual = known.sort((a, b) => b - a)[Math.ceil(known.length / 2) - 1] ?? 0;
  const share = Math.min(1, (usual * MINUTE_MS) / QUARTER_MS);
  return Math.max(share ** 2, share / 4);
}

/** Silences longer than the limit, each slot of them by how much of it is to be wondered at. */
export function gapsOf(
  silences: readonly Silence[],
  slots: readonly (Slot & { share: number })[],
  limitMs: number,
): { source: string; from: number; to: number }[] {
  const missed = silences.map(() => 0);
  for (const { index, from, to, share } of slots) missed[index] = (missed[index] ?? 0) + share * (to - from);
  return silences.filter((_, index) => (missed[index] ?? 0) > limitMs);
}
