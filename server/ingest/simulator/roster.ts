import type { DemoDay } from './calendar.ts';
import { openMinutes, SECTORS, shiftsOf } from './centre.ts';
import { type Random, randomOf } from './random.ts';

/** Who works on a day, and why the others do not. */
export interface Roster {
  duties: Duty[];
  absences: { name: string; reason: 'off' | 'sick' | 'training' }[];
}

/** Somebody's working day; local minutes. */
export interface Duty {
  name: string;
  sector: string;
  from: number;
  to: number;
  /** On duty over midnight, from one day into the next: no breaks, no calls of their own. */
  isNight: boolean;
  breaks: Break[];
}

export interface Break {
  at: number;
  minutes: number;
  reason: string;
}

/** Who works on a day and when. People rotate through shifts and days off; nights keep the same two from 20 to 08. */
export function rosterOf(day: DemoDay, random: Random): Roster {
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
  const working = new Set(duties.map(({ name }) => name));
  const others = SECTORS.flatMap(({ agents }) => agents).filter((name) => !working.has(name));
  return { duties, absences: absencesOf(day, others) };
}

/** Two or three are sick, one or two in a training, where there is work to be missed; the others have the day off. */
function absencesOf(day: DemoDay, names: readonly string[]): Roster['absences'] {
  const random = randomOf(`${day.seed} absences ${day.number}`);
  const isWeekday = day.weekday <= 5;
  const sick = isWeekday ? 2 + Number(random.chance(0.5)) : 0;
  const training = isWeekday ? 1 + Number(random.chance(0.5)) : 0;
  return rotated(names, Math.floor(random.next() * names.length)).map((name, place) => ({
    name,
    reason: place < sick ? 'sick' : place < sick + training ? 'training' : 'off',
  }));
}

function nightOf({ seed }: DemoDay, number: number, agents: readonly string[]): string[] {
  const first = Math.floor(randomOf(`${seed} nights ${Math.floor(number / 7)}`).next() * agents.length);
  return [0, 1].flatMap((next) => agents[(first + next) % agents.length] ?? []);
}

function rotated(agents: readonly string[], number: number): string[] {
  const by = (number * 5) % Math.max(1, agents.length);
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
  add(from + random.between(75, 210), random.between(11, 14.8), 'Break');
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
