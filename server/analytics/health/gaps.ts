import { DateTime } from 'luxon';

/** A stretch in which a source said nothing; epoch ms. */
export interface Silence {
  source: string;
  from: number;
  to: number;
}

/** Fine enough that the last event of a day does not make the hour after it one in which the source speaks. */
const QUARTER_MS = 900_000;
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

/** A source normally speaks in a quarter when it did in at least half of those earlier weeks that it spoke on that day at all. */
export function isUsual(weeks: readonly { spoke: boolean; spokeThatDay: boolean }[]): boolean {
  const known = weeks.filter((week) => week.spokeThatDay);
  return known.length > 0 && known.filter((week) => week.spoke).length * 2 >= known.length;
}

/** Silences that last longer than the limit even without the quarters in which the source does not speak anyway. */
export function gapsOf(
  silences: readonly Silence[],
  usual: readonly Slot[],
  limitMs: number,
): { source: string; from: number; to: number }[] {
  const missing = silences.map(() => 0);
  for (const { index, from, to } of usual) missing[index] = (missing[index] ?? 0) + to - from;
  return silences.filter((_, index) => (missing[index] ?? 0) > limitMs);
}
