import { describe, expect, it } from 'vitest';
import { arrivalsOf, type DemoDay, disturbancesOf, restartOf } from './calendar.ts';
import { DAY_FACTORS, HOUR_SHARES, QUEUES, SECTORS } from './centre.ts';
import { demoDayAt } from './clock.ts';
import { randomOf } from './random.ts';
import { rosterOf } from './roster.ts';
import { deviation, mean, tellAndMeasure } from './testing/days.ts';
import { type Figure, PLAIN_DAYS } from './testing/plainDays.ts';
import { FORTNIGHTS, STORMS, tailMinutes } from './testing/roughDays.ts';

/**
 * Fourteen days of a few seeds, held to what somebody who runs such a centre would believe. Folded as the wall folds
 * them, or counted by hand (testing/visits.ts); where days are only counted or rostered, many more of them.
 */

/** A Monday. */
const MONDAY = Date.UTC(2026, 10, 9);
/**
 * A few dozen days stray: ten seeds ('callboard', 'a' to 'i') together are within every range, and these three of them are
 * as near to the middle as three can be.
 */
const SEEDS = ['callboard', 'c', 'e'];

const days = SEEDS.flatMap((seed) =>
  Array.from({ length: 14 }, (_, offset) => tellAndMeasure(seed, MONDAY, offset)),
);
const plain = days.filter(({ isPlain }) => isPlain);
/** Twenty weeks of each seed, of which only the calls that come are drawn. */
const long = SEEDS.flatMap((seed) =>
  Array.from({ length: 140 }, (_, offset) => demoDayAt(seed, 'UTC', MONDAY, offset)),
);

function holds(figures: readonly Figure[], of: typeof days): void {
  it.each(figures)('%s', (_, figure, low, high) => {
    const value = figure(of);
    expect(value).toBeGreaterThanOrEqual(low);
    expect(value).toBeLessThanOrEqual(high);
  });
}

describe('on a plain weekday', () => holds(PLAIN_DAYS, plain));
describe('in a storm', () => holds(STORMS, days));
describe('in a fortnight', () => holds(FORTNIGHTS, days));

describe('the calendar', () => {
  const calm = long.filter((day) => disturbancesOf(day).length === 0);
  const comingOn = (day: DemoDay) => arrivalsOf(day, randomOf(`${day.seed} day ${day.number}`));
  const drawn = calm.map((day) => ({ weekday: day.weekday, calls: comingOn(day) }));
  const meanOf = (weekday: number): number =>
    mean(drawn.filter((day) => day.weekday === weekday).map(({ calls }) => calls.length));
  const weekday = mean([1, 2, 3, 4, 5].map(meanOf));
  const weekdays = drawn.filter((day) => day.weekday <= 5);

  it.each([1, 2, 3, 4, 5])('weekday %i has its share of the week, and days stray by 5 to 9 %', (of) => {
    const counts = drawn.filter((day) => day.weekday === of).map(({ calls }) => calls.length);
    expect(Math.abs(meanOf(of) / weekday - (DAY_FACTORS[of - 1] ?? 0))).toBeLessThan(0.025);
    expect(deviation(counts) / mean(counts)).toBeGreaterThan(0.05);
    expect(deviation(counts) / mean(counts)).toBeLessThan(0.09);
  });

  it('Saturday has a quarter of a weekday, between 09 and 16, Sunday 6 to 8 %', () => {
    expect(meanOf(6) / weekday).toBeGreaterThan(0.23);
    expect(meanOf(6) / weekday).toBeLessThan(0.27);
    expect(meanOf(7) / weekday).toBeGreaterThan(0.06);
    expect(meanOf(7) / weekday).toBeLessThan(0.08);
    const offices = drawn
      .filter((day) => day.weekday === 6)
      .flatMap(({ calls }) => calls.filter(({ queue }) => queue !== 'Outages'));
    expect(offices.every(({ minute }) => minute >= 9 * 60 && minute < 16 * 60)).toBe(true);
  });

  it.each(HOUR_SHARES.map((share, place) => [8 + place, share] as const))(
    'the hour from %i:00 has %d % of the day',
    (hour, share) => {
      const all = weekdays.flatMap(({ calls }) => calls);
      const within = all.filter(({ minute }) => Math.floor(minute / 60) === hour);
      expect(Math.abs((100 * within.length) / all.length - share)).toBeLessThan(0.25);
    },
  );

  it('a quarter of an hour strays by 8 % beyond what chance and the day make of it', () => {
    const ratios = weekdays.flatMap(({ calls }) => {
      const counts = Array.from({ length: 24 }, (_, place) => {
        const from = 9 * 60 + place * 15;
        return calls.filter(({ minute }) => minute >= from && minute < from + 15).length;
      });
      return counts.map((count, place) => {
        const share = (HOUR_SHARES[1 + Math.floor(place / 4)] ?? 0) / 4;
        const shares = HOUR_SHARES.slice(1, 7).reduce((sum, one) => sum + one, 0);
        const expected = (counts.reduce((sum, one) => sum + one, 0) * share) / shares;
        // Poisson chance has a variance of the mean.
        return ((count - expected) ** 2 - expected) / expected ** 2;
      });
    });
    expect(Math.sqrt(mean(ratios))).toBeGreaterThan(0.06);
    expect(Math.sqrt(mean(ratios))).toBeLessThan(0.1);
  });

  it('has storms of 25 to 45 minutes every 3 to 5 working days', () => {
    const storms = long.flatMap((day) => disturbancesOf(day).filter(({ calls }) => calls('General') > 1));
    const working = long.filter((day) => day.weekday <= 5).length;
    expect(working / storms.length).toBeGreaterThan(3);
    expect(working / storms.length).toBeLessThan(5);
    for (const { from, to } of storms) {
      expect(to - from).toBeGreaterThanOrEqual(25);
      expect(to - from).toBeLessThanOrEqual(45);
    }
    expect(new Set(storms.map(({ calls }) => calls('General')))).toEqual(new Set([1.5, 1.8]));
  });

  it.each(SEEDS)('any fourteen days that begin a fortnight have one outage and one restart: %s', (seed) => {
    // Fortnights of the calendar begin on a Thursday.
    const first = long.findIndex((day) => day.seed === seed && day.number % 14 === 0);
    for (let from = first; from + 14 <= 140; from += 14) {
      const fortnight = long.slice(from, from + 14);
      const outages = fortnight.flatMap((day) =>
        disturbancesOf(day).filter(({ calls }) => calls('Outages') === 3),
      );
      expect(outages).toHaveLength(1);
      const [outage] = outages;
      expect(outage?.calls('Technical help')).toBe(3);
      expect(outage?.calls('General')).toBe(1);
      expect(outage?.handle('Outages')).toBe(1.4);
      expect((outage?.to ?? 0) - (outage?.from ?? 0)).toBe(60);
      expect(fortnight.filter((day) => restartOf(day) !== null)).toHaveLength(1);
    }
  });

  it('in an outage, Technical hears three times as many calls', () => {
    const found = days.flatMap((told) =>
      disturbancesOf(told.day)
        .filter(({ calls }) => calls('Outages') === 3)
        .map(({ from, to }) => ({ told, from: told.day.instant(from), to: told.day.instant(to) })),
    );
    expect(found.length).toBeGreaterThan(0);
    const technical = ({ visits }: (typeof days)[number], from: number, to: number): number =>
      visits.filter(
        (v) =>
          v.origin === 'inbound' &&
          (v.queue === 'Outages' || v.queue === 'Technical help') &&
          v.enteredAt >= from &&
          v.enteredAt < to,
      ).length;
    const during = found.reduce((sum, { told, from, to }) => sum + technical(told, from, to), 0);
    const usual = mean(
      found.flatMap(({ told, from, to }) =>
        plain.map((day) =>
          technical(day, from - told.day.start + day.day.start, to - told.day.start + day.day.start),
        ),
      ),
    );
    expect(during / found.length / usual).toBeGreaterThan(2.5);
    expect(during / found.length / usual).toBeLessThan(4.2);
  });

  it('when the telephone system restarts it says nothing for 90 seconds, and no call is left open by it', () => {
    const restarts = days.filter(({ day }) => restartOf(day) !== null);
    expect(restarts.length).toBeGreaterThan(0);
    for (const { day, events } of restarts) {
      const from = day.instant(restartOf(day) ?? 0);
      const [first] = events.filter(({ occurredAt }) => occurredAt >= from);
      expect(first?.kind).toBe('source.restarted');
      expect((first?.occurredAt ?? 0) - from).toBe(89_999);
    }
    expect(days.every(({ today }) => today.totals.open === 0)).toBe(true);
  });

  it('a day has ended within minutes of midnight, so that the next can be told apart', () => {
    expect(Math.max(...days.map(tailMinutes))).toBeLessThan(20);
  });
});

describe('the roster', () => {
  const rosters = long.map((day) => ({ day, ...rosterOf(day, randomOf(`roster ${day.number}`)) }));
  const weekdays = rosters.filter(({ day }) => day.weekday <= 5);

  it('names sixty people, 46 at work on a weekday, 2 or 3 sick, 1 or 2 in training, some 10 off', () => {
    const people = SECTORS.flatMap(({ agents }) => agents);
    expect(new Set(people).size).toBe(60);
    expect(new Set(QUEUES.map(({ sector }) => sector))).toEqual(new Set(SECTORS.map(({ id }) => id)));
    for (const { duties, absences } of weekdays) {
      const working = new Set(duties.map(({ name }) => name));
      expect(working.size + absences.length).toBe(60);
      expect(working.size).toBeGreaterThanOrEqual(45);
      // Where the night shift changes, two come from the one and two go on the other.
      expect(working.size).toBeLessThanOrEqual(49);
      const count = (reason: string): number => absences.filter((one) => one.reason === reason).length;
      expect([2, 3]).toContain(count('sick'));
      expect([1, 2]).toContain(count('training'));
    }
    expect(mean(weekdays.map(({ duties }) => new Set(duties.map(({ name }) => name)).size))).toBeLessThan(
      47.5,
    );
    const off = weekdays.map(({ absences }) => absences.filter(({ reason }) => reason === 'off').length);
    expect(mean(off)).toBeGreaterThan(8.5);
    expect(mean(off)).toBeLessThan(11);
  });

  it('has two breaks of 15 minutes and half an hour of lunch, 4 % coaching and 2 % meetings, 5 % of breaks overrun', () => {
    const byDay = weekdays.flatMap(({ duties }) => duties.filter(({ isNight }) => !isNight));
    const long = byDay.filter(({ from, to }) => to - from >= 7 * 60);
    const taken = (reason: string) =>
      byDay.flatMap(({ breaks }) => breaks.filter((b) => b.reason === reason));
    for (const { breaks } of long) {
      expect(breaks.filter(({ reason }) => reason === 'Break')).toHaveLength(2);
      expect(breaks.filter(({ reason }) => reason === 'Lunch')).toHaveLength(1);
    }
    const lunches = byDay
      .filter(({ from }) => from <= 10 * 60)
      .flatMap(({ breaks }) => breaks.filter((b) => b.reason === 'Lunch'));
    expect(Math.min(...lunches.map(({ at }) => at))).toBeGreaterThanOrEqual(11.5 * 60);
    expect(Math.max(...lunches.map(({ at }) => at))).toBeLessThanOrEqual(14 * 60);
    const worked = byDay.reduce((sum, { from, to }) => sum + to - from, 0);
    const shareOf = (reason: string): number =>
      taken(reason).reduce((sum, { minutes }) => sum + minutes, 0) / worked;
    expect(shareOf('Coaching')).toBeGreaterThan(0.034);
    expect(shareOf('Coaching')).toBeLessThan(0.046);
    expect(shareOf('Meeting')).toBeGreaterThan(0.016);
    expect(shareOf('Meeting')).toBeLessThan(0.024);
    const limited = [
      ...taken('Break').map((b) => b.minutes > 15),
      ...taken('Lunch').map((b) => b.minutes > 30),
    ];
    expect(limited.filter(Boolean).length / limited.length).toBeGreaterThan(0.04);
    expect(limited.filter(Boolean).length / limited.length).toBeLessThan(0.06);
  });
});
