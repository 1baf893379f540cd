import { describe, expect, it } from 'vitest';
import { ingestEvent } from '../../../shared/contract/events.ts';
import { restartOf } from './calendar.ts';
import { demoDayAt, hasten } from './clock.ts';
import { tellDay } from './day.ts';

/** A Monday. */
const MONDAY = Date.UTC(2026, 10, 9);

describe('tellDay', () => {
  const day = demoDayAt('callboard', 'Europe/Berlin', MONDAY, 3);

  it('tells a day the same way every time, in order, every event valid', () => {
    const events = tellDay(day);
    expect(tellDay(demoDayAt('callboard', 'Europe/Berlin', MONDAY, 3))).toEqual(events);
    expect(tellDay(demoDayAt('other', 'Europe/Berlin', MONDAY, 3))).not.toEqual(events);
    expect(new Set(events.map(({ sourceKey }) => sourceKey)).size).toBe(events.length);
    expect(events.every((event, at) => (events[at - 1]?.occurredAt ?? 0) <= event.occurredAt)).toBe(true);
    for (const event of events) expect(ingestEvent.safeParse(event).error).toBeUndefined();
  });

  it('tells instants and lengths in whole milliseconds, the only ones the log takes', () => {
    const days = Array.from({ length: 14 }, (_, offset) => demoDayAt('callboard', 'UTC', MONDAY, offset));
    expect(days.some((day) => restartOf(day) !== null)).toBe(true);
    const broken = days
      .flatMap(tellDay)
      .filter((event) =>
        Object.values(event).some((value) => typeof value === 'number' && !Number.isInteger(value)),
      );
    expect(broken).toEqual([]);
  });

  it('keeps office hours on the days on which clocks change', () => {
    for (const date of [Date.UTC(2026, 2, 29, 12), Date.UTC(2026, 9, 25, 12)]) {
      const changing = demoDayAt('callboard', 'Europe/Berlin', date);
      const noon = new Date(changing.instant(12 * 60)).toLocaleTimeString('en-GB', {
        timeZone: 'Europe/Berlin',
      });
      expect(noon).toBe('12:00:00');
    }
  });

  it('told faster, takes its share of the time from the anchor on, under keys of its own', () => {
    const events = tellDay(day);
    const answered = events.find(
      (event) => event.kind === 'call.answered' && event.occurredAt > day.instant(720),
    );
    if (answered?.kind !== 'call.answered') throw new Error('nobody was answered');
    const anchor = answered.occurredAt - 60_000;
    const faster = hasten(answered, anchor, 10);
    expect(faster.occurredAt).toBe(anchor + 6_000);
    expect(faster).toMatchObject({ waitMs: Math.round((answered.waitMs ?? 0) / 10) });
    expect(faster.sourceKey).not.toBe(answered.sourceKey);
    expect(hasten(answered, answered.occurredAt, 10)).toEqual(answered);
  });
});
