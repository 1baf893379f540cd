import type { Agenda } from './agenda.ts';
import { SECTORS } from './centre.ts';
import type { Tell } from './day.ts';
import type { createStaff, Person } from './people.ts';
import type { Random } from './random.ts';

const REACHED = 0.6;
const LONGEST_TALK_MS = 10 * 60_000;

/** Calls that agents make themselves: with nobody waiting, an idle one may dial out. */
export function createOutbound(options: {
  agenda: Agenda;
  random: Random;
  tell: Tell;
  staff: Pick<ReturnType<typeof createStaff>, 'free'>;
  prefix: string;
}): { mayDial(person: Person, now: number): void } {
  const { agenda, random, tell, staff, prefix } = options;
  const shares = new Map(SECTORS.map(({ id, outboundShare }) => [id, outboundShare]));
  let count = 0;

  const dial = (person: Person, now: number): void => {
    person.state = 'busy';
    const call = { callId: `${prefix}-out-${count++}`, agent: person.duty.name };
    const ringMs = Math.round(random.between(4_000, 20_000));
    const isReached = random.chance(REACHED);
    const talkMs = isReached ? Math.round(Math.min(random.lognormal(120_000, 90_000), LONGEST_TALK_MS)) : 0;
    const outcome = isReached ? 'connected' : 'not_connected';
    tell({ kind: 'call.dialed', occurredAt: now, ...call, number: numberOf(random) });
    if (isReached) tell({ kind: 'call.outbound_started', occurredAt: now + ringMs, ...call });
    agenda.at(now + ringMs + talkMs, (over) => {
      tell({ kind: 'call.outbound', occurredAt: over, ...call, ringMs, talkMs, outcome });
      agenda.at(over + 1, (later) => staff.free(person, later));
    });
  };

  return {
    mayDial(person, now) {
      const { sector, isNight } = person.duty;
      if (isNight || !random.chance(shares.get(sector) ?? 0)) return;
      const { idleSince } = person;
      agenda.at(now + random.between(20_000, 60_000), (then) => {
        if (person.state === 'idle' && person.idleSince === idleSince) dial(person, then);
      });
    },
  };
}

/** A number of nobody, in one city. */
export function numberOf(random: Random): string {
  return `+4930${Math.floor(random.between(1_000_000, 9_999_999))}`;
}
