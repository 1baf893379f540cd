import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import type { OpeningHours } from '../contract/settingsRest.ts';
import { closingAt, openingAt } from './openingHours.ts';

const WEEK = [1, 2, 3, 4, 5, 6, 7];
const office: OpeningHours = [
  { days: [1, 2, 3, 4, 5], opens: '08:00', closes: '20:00' },
  { days: [6], opens: '09:00', closes: '16:00' },
];
const nights: OpeningHours = [{ days: [5, 6], opens: '22:00', closes: '06:00' }];

/** An instant as clocks in a zone show it. */
function at(text: string, zone: string): number {
  return DateTime.fromISO(text, { zone }).toMillis();
}

function opening(hours: OpeningHours, text: string, zone = 'Europe/Berlin') {
  const { isOpen, changesAt } = openingAt(structuredClone(hours), zone, at(text, zone));
  return [isOpen, changesAt === null ? null : DateTime.fromMillis(changesAt, { zone }).toFormat('ccc HH:mm')];
}

describe('[T8] opening hours', () => {
  // 2026-11-23 is a Monday.
  it.each([
    ['2026-11-23T07:59', false, 'Mon 08:00'],
    ['2026-11-23T08:00', true, 'Mon 20:00'],
    ['2026-11-23T19:59:59.999', true, 'Mon 20:00'],
    ['2026-11-23T20:00', false, 'Tue 08:00'],
    ['2026-11-27T21:00', false, 'Sat 09:00'],
    ['2026-11-28T16:00', false, 'Mon 08:00'],
  ])('of an office at %s: open %s until %s', (text, isOpen, until) => {
    expect(opening(office, text)).toEqual([isOpen, until]);
  });

  it('that close no later than they open go on into the next day', () => {
    expect(opening(nights, '2026-11-28T05:59')).toEqual([true, 'Sat 06:00']);
    expect(opening(nights, '2026-11-29T00:00')).toEqual([true, 'Sun 06:00']);
    expect(opening(nights, '2026-11-29T06:00')).toEqual([false, 'Fri 22:00']);
  });

  it('that adjoin or overlap are one opening', () => {
    const hours: OpeningHours = [
      { days: [1], opens: '08:00', closes: '12:00' },
      { days: [1], opens: '11:00', closes: '14:00' },
      { days: [1], opens: '14:00', closes: '00:00' },
      { days: [2], opens: '00:00', closes: '01:00' },
    ];
    expect(opening(hours, '2026-11-23T09:00')).toEqual([true, 'Tue 01:00']);
  });

  it('around the clock never change, and neither do none at all', () => {
    expect(opening([{ days: WEEK, opens: '00:00', closes: '00:00' }], '2026-11-23T12:00')).toEqual([
      true,
      null,
    ]);
    expect(opening([], '2026-11-23T12:00')).toEqual([false, null]);
  });

  it('are those of the zone, not of the machine', () => {
    expect(opening(office, '2026-11-23T08:00', 'America/Los_Angeles')).toEqual([true, 'Mon 20:00']);
    expect(opening(office, '2026-11-23T08:00', 'Asia/Kathmandu')).toEqual([true, 'Mon 20:00']);
  });

  it('keep to the clock on the wall when it is put forward and back', () => {
    // Berlin: 2026-03-29 02:00 → 03:00, 2026-10-25 03:00 → 02:00.
    expect(opening([{ days: [6], opens: '22:00', closes: '06:00' }], '2026-03-28T23:00')).toEqual([
      true,
      'Sun 06:00',
    ]);
    const daily: OpeningHours = [{ days: WEEK, opens: '08:00', closes: '20:00' }];
    for (const day of ['2026-03-28', '2026-03-29', '2026-10-24', '2026-10-25']) {
      expect(opening(daily, `${day}T07:59`)[0]).toBe(false);
      expect(opening(daily, `${day}T08:00`)[0]).toBe(true);
      expect(opening(daily, `${day}T20:00`)[0]).toBe(false);
    }
    // An opening that would begin in the hour that is left out begins when clocks go on.
    expect(
      openingAt(
        [{ days: [7], opens: '02:30', closes: '05:00' }],
        'Europe/Berlin',
        at('2026-03-29T01:00', 'Europe/Berlin'),
      ).changesAt,
    ).toBe(at('2026-03-29T03:30', 'Europe/Berlin'));
  });

  it('are the same asked once a minute through a week, or out of order', () => {
    const hours = structuredClone([...office, ...nights]);
    const zone = 'Europe/Berlin';
    const start = at('2026-10-23T00:00', zone);
    for (let minute = 0; minute < 7 * 1_440; minute += 7) {
      const now = start + minute * 60_000;
      const fresh = openingAt(structuredClone(hours), zone, now);
      expect(openingAt(hours, zone, now)).toMatchObject(fresh);
      expect(openingAt(hours, zone, start).isOpen).toBe(false);
      const { weekday, hour } = DateTime.fromMillis(now, { zone });
      const isOffice = weekday <= 5 ? hour >= 8 && hour < 20 : weekday === 6 && hour >= 9 && hour < 16;
      const isNight = ([5, 6].includes(weekday) && hour >= 22) || ([6, 7].includes(weekday) && hour < 6);
      expect(fresh.isOpen).toBe(isOffice || isNight);
    }
  });
});

describe('[T8] whether all of some queues are closed', () => {
  const zone = 'Europe/Berlin';
  const closing = (queues: (OpeningHours | null)[], text: string) => {
    const { isClosed, changesAt } = closingAt(structuredClone(queues), zone, at(text, zone));
    return [
      isClosed,
      changesAt === null ? null : DateTime.fromMillis(changesAt, { zone }).toFormat('ccc HH:mm'),
    ];
  };
  it.each<[string, (OpeningHours | null)[], string, boolean, string | null]>([
    ['one is open', [office, nights], '2026-11-27T19:00', false, 'Fri 20:00'],
    ['neither is', [office, nights], '2026-11-27T21:00', true, 'Fri 22:00'],
    ['the other is', [office, nights], '2026-11-27T23:00', false, 'Sat 06:00'],
    ['one never closes', [office, null], '2026-11-27T21:00', false, null],
    [
      'one is open for good',
      [office, [{ days: WEEK, opens: '00:00', closes: '00:00' }]],
      '2026-11-27T21:00',
      false,
      null,
    ],
    ['none ever opens', [[], []], '2026-11-27T21:00', true, null],
    ['there are none', [], '2026-11-27T21:00', false, null],
  ])('where %s', (_what, queues, text, isClosed, until) => {
    expect(closing(queues, text)).toEqual([isClosed, until]);
  });
});
