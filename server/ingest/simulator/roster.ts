import type { DemoDay } from './calendar.ts';
import { openMinutes, SECTORS, shiftsOf } from './centre.ts';
import { type Random, randomOf } from './random.ts';

/** Somebody's working day; local minutes. */
export interface Duty {
  name: string;
  sector: string;
  from: number;
  to: number;
  /** On duty over midnight: neither signs in at its beginning nor out at its end. */
  isNight: boolean;
  breaks: Break[];
}

export interface Break {
  at: number;
  minutes: number;
  reason: string;
}

/** Who works on a day and when. People rotate through shifts and days off; nights keep the same two from 20 to 08. */
export function rosterOf(day: DemoDay, random: Random): Duty[] {
  const duties: Duty[] = [];
  SECTORS.forEach((sector, place) => {
    // The night shift that began yesterday is still there in the morning.
    const nights = [nightOf(day, day.number - 1, sector.agents), nightOf(day, day.number, sector.agents)];
    const rest = rotated(sector.agents, day.number).filter((name) => !nights.flat().includes(name));
    for (const { from, to, people } of shiftsOf(day.weekday)) {
      const isNight = from === 0 || to === 24;
      const crew = isNight ? (nights[from === 0 ? 0 : 1] ?? []) : rest;
      for (const name of isNight ? crew.slice(0, people[place]) : crew.splice(0, people[place])) {
        const duty = { name, sector: sector.id, from: from * 60, to: to * 60, isNight };
        duties.push({ ...duty, breaks: isNight ? [] : breaksOf(duty, day, random) });
      }
    }
  });
  return duties;
}

function nightOf({ seed }: DemoDay, number: number, agents: readonly string[]): string[] {
  const first = Math.floor(randomOf(`${seed} nights ${Math.floor(number / 7)}`).next() * agents.length);
  return [0, 1].flatMap((next) => agents[(first + next) % agents.length] ?? []);
}

function rotated(agents: readonly string[], number: number): string[] {
  const by = (number * 5) % agents.length;
  return [...agents.slice(by), ...agents.slice(0, by)];
}

/** Two breaks, lunch on a long day, now and then coaching or a meeting. One in twenty takes too long over it. */
function breaksOf({ from, to }: Pick<Duty, 'from' | 'to'>, day: DemoDay, random: Random): Break[] {
  const overrun = (minutes: number): number =>
    random.chance(0.05) ? minutes + random.between(3, 12) : minutes;
  const breaks: Break[] = [];
  const add = (at: number, minutes: number, reason: string): void => {
    breaks.push({ at, minutes: overrun(minutes), reason });
  };
  const length = to - from;
  add(from + length * random.between(0.18, 0.36), random.between(11, 14.8), 'Break');
  if (length >= 7 * 60) {
    add(Math.max(from + 120, random.between(11.5 * 60, 13.5 * 60)), random.between(25, 29.8), 'Lunch');
    add(from + length * random.between(0.66, 0.88), random.between(11, 14.8), 'Break');
  }
  const open = openMinutes(day.weekday);
  if (open === null) return breaks;
  // 4 % of working time is coaching, 2 % meetings.
  if (random.chance((length * 0.04) / 25))
    add(random.between(from + 60, to - 60), random.between(20, 29), 'Coaching');
  if (random.chance((length * 0.02) / 35))
    add(random.between(from + 60, to - 60), random.between(25, 44), 'Meeting');
  return breaks;
}
