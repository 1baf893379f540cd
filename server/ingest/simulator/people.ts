import type { Agenda } from './agenda.ts';
import type { Break, Duty } from './roster.ts';

const END_OF_DAY = 24 * 60;

/** An agent of the simulated day. Exactly one thing keeps him busy, or he is idle, or away. */
export interface Person {
  duty: Duty;
  state: 'away' | 'idle' | 'busy' | 'paused';
  idleSince: number;
  /** Breaks that are due and wait for the call in hand to end. */
  due: Break[];
  isLeaving: boolean;
}

/** What a person does that the telephone system hears of. */
export interface Says {
  signedIn(at: number, person: Person): void;
  signedOut(at: number, person: Person): void;
  paused(at: number, person: Person, reason: string): void;
  back(at: number, person: Person): void;
}

/** Brings people in, on their breaks and home again. `onIdle` offers whoever has become free the next call. */
export function createStaff(options: {
  agenda: Agenda;
  duties: readonly Duty[];
  instant(minutes: number): number;
  says: Says;
  /** Nobody goes home while callers of his sector wait. */
  hasWaiting(sector: string): boolean;
  onIdle(person: Person, now: number): void;
}) {
  const { agenda, instant, says } = options;
  const people: Person[] = options.duties.map((duty) => ({
    duty,
    state: 'away',
    idleSince: 0,
    due: [],
    isLeaving: false,
  }));

  const leave = (person: Person, now: number): void => {
    person.state = 'away';
    if (person.duty.to < END_OF_DAY) says.signedOut(now, person);
  };

  const pause = (person: Person, { minutes, reason }: Break, now: number): void => {
    person.state = 'paused';
    says.paused(now, person, reason);
    agenda.at(now + minutes * 60_000, (then) => {
      says.back(then, person);
      free(person, then);
    });
  };

  /** Whatever he did is done: home, a break that is due, or the next call. */
  const free = (person: Person, now: number): void => {
    person.state = 'idle';
    person.idleSince = now;
    const next = person.due.shift();
    if (person.isLeaving && !options.hasWaiting(person.duty.sector)) leave(person, now);
    else if (next) pause(person, next, now);
    else options.onIdle(person, now);
  };

  for (const person of people) {
    const { from, to, breaks } = person.duty;
    // Who works at night comes in on one day, is there at midnight, and goes home on the next.
    const isThere = from === 0;
    agenda.at(instant(from) + (isThere ? 0 : lateness(person)), (now) => {
      if (!isThere) says.signedIn(now, person);
      free(person, now);
    });
    for (const rest of breaks) {
      agenda.at(instant(rest.at), (now) => {
        if (person.state === 'away') return;
        if (person.state === 'idle') pause(person, rest, now);
        else person.due.push(rest);
      });
    }
    agenda.at(instant(to), (now) => {
      person.isLeaving = true;
      if (person.state === 'idle') leave(person, now);
    });
  }

  return {
    free,
    /** Whoever of a sector has been idle longest. */
    longestIdle(sector: string): Person | null {
      let found: Person | null = null;
      for (const person of people) {
        if (person.state !== 'idle' || person.duty.sector !== sector) continue;
        if (found === null || person.idleSince < found.idleSince) found = person;
      }
      return found;
    },
    countIdle: (sector: string): number =>
      people.filter(({ state, duty }) => state === 'idle' && duty.sector === sector).length,
    /** How many of a sector take calls now: neither away nor on a break. */
    countOnQueue: (sector: string): number =>
      people.filter(({ state, duty }) => state !== 'away' && state !== 'paused' && duty.sector === sector)
        .length,
    /** Anybody of a sector who is not away. */
    hasAnybody: (sector: string): boolean =>
      people.some((person) => person.state !== 'away' && person.duty.sector === sector),
  };
}

/** Nobody signs in on the stroke; always the same for the same person and shift. */
function lateness({ duty }: Person): number {
  return -(((duty.name.length * 7_919 + duty.name.charCodeAt(0) * 104_729) % 240) * 1_000);
}
