import { type DemoDay, firstCallsOn } from './calendar.ts';
import { type Random, randomOf } from './random.ts';

/**
 * Who calls. The n-th new caller of a sector on a day has the same number whenever that day is told, so that people
 * come back to what was not settled, on that day or within a week [H4], though every day is told by itself.
 */
export interface Callers {
  /** The number of whoever calls a sector now: somebody new, or somebody who called before. */
  next(sector: string): string;
}

/** Of those who call, the share who called the same sector about it within the week. */
const RETURNING = 0.185;
/** How soon they come back: by the number of days since. */
const DAYS_SINCE = [0.3, 0.27, 0.15, 0.11, 0.08, 0.05, 0.04] as const;

export function createCallers(day: DemoDay, random: Random): Callers {
  const heard = new Map<string, number>();
  const expected = new Map<string, number>();
  const newOn = (weekday: number, sector: string): number => {
    const key = `${weekday} ${sector}`;
    const known = expected.get(key) ?? Math.floor((1 - RETURNING) * firstCallsOn(weekday, sector));
    expected.set(key, known);
    return known;
  };

  const before = (sector: string): string | null => {
    let chance = random.next();
    const since = DAYS_SINCE.findIndex((share) => {
      chance -= share;
      return chance < 0;
    });
    const isToday = since <= 0;
    const then = isToday ? day.number : day.number - since;
    // A night's few calls on an ordinary day come from few numbers; nobody comes back to a day without calls.
    const known = isToday ? (heard.get(sector) ?? 0) : newOn(weekdayBefore(day.weekday, since), sector);
    return known === 0 ? null : numberOf(day.seed, then, sector, Math.floor(random.next() * known));
  };

  return {
    next(sector) {
      const known = random.chance(RETURNING) ? before(sector) : null;
      if (known !== null) return known;
      const count = heard.get(sector) ?? 0;
      heard.set(sector, count + 1);
      return numberOf(day.seed, day.number, sector, count);
    },
  };
}

function weekdayBefore(weekday: number, days: number): number {
  return ((weekday - 1 - days + 7) % 7) + 1;
}

/** A number of nobody, in one city. */
function numberOf(seed: string, day: number, sector: string, count: number): string {
  return `+4930${Math.floor(randomOf(`${seed} ${day} ${sector} ${count}`).between(1_000_000, 9_999_999))}`;
}
