import { DateTime } from 'luxon';
import type { IngestEvent } from '../../../shared/contract/events.ts';
import type { DemoDay } from './calendar.ts';

const DAY_MS = 86_400_000;
const QUARTER_MINUTES = 15;

/** The local day `offset` days after the one that holds `at` (epoch ms). */
export function demoDayAt(
  seed: string,
  timeZone: string,
  at: number,
  offset = 0,
): DemoDay & { start: number } {
  const local = DateTime.fromMillis(at, { zone: timeZone }).startOf('day').plus({ days: offset });
  // Thousands of instants of a day are asked for, and a calendar is slow to ask: no clock changes within a quarter.
  const quarters = new Map<number, number>();
  const quarterAt = (quarter: number): number => {
    const known = quarters.get(quarter);
    if (known !== undefined) return known;
    const minute = quarter * QUARTER_MINUTES;
    const day = local.plus({ days: Math.floor(minute / 1_440) });
    const found = day.set({ hour: Math.floor((minute % 1_440) / 60), minute: minute % 60 }).toMillis();
    quarters.set(quarter, found);
    return found;
  };
  return {
    seed,
    number: Math.round(Date.UTC(local.year, local.month - 1, local.day) / DAY_MS),
    weekday: local.weekday,
    start: local.toMillis(),
    // By the wall clock, so that opening hours hold on the days on which clocks change.
    instant(minutes) {
      const quarter = Math.floor(minutes / QUARTER_MINUTES);
      return quarterAt(quarter) + Math.round((minutes - quarter * QUARTER_MINUTES) * 60_000);
    },
  };
}

/**
 * A story told faster than it happens: from `anchor` on everything takes one `speed`-th of its time, the lengths that
 * events name included. Told under keys of its own, since it is another story than the one at the pace of life.
 */
export function hasten(event: IngestEvent, anchor: number, speed: number): IngestEvent {
  if (speed === 1 || event.occurredAt <= anchor) return event;
  const faster: Record<string, unknown> = { ...event };
  for (const [name, value] of Object.entries(faster)) {
    if (name.endsWith('Ms') && typeof value === 'number') faster[name] = Math.round(value / speed);
  }
  faster.occurredAt = Math.round(anchor + (event.occurredAt - anchor) / speed);
  faster.sourceKey = `${event.sourceKey} ×${speed} ${anchor}`;
  return faster as IngestEvent; // The same fields, numbers among them smaller.
}
