import type { Agenda } from './agenda.ts';
import { SECTORS } from './centre.ts';
import type { Tell } from './day.ts';
import type { createStaff, Person } from './people.ts';
import type { Random } from './random.ts';

const REACHED = 0.6;
/** How much less is dialed while most people call. */
const IN_RUSH = 0.35;
const LONGEST_TALK_MS = 10 * 60_000;

/** Calls that agents make themselves: with nobody waiting, an idle one may dial out. */
export function createOutbound(options: {
  agenda: Agenda;
  random: Random;
  tell: Tell;
  staff: Pick<ReturnType<typeof createStaff>, 'free' | 'countIdle'>;
  prefix: string;
  /** The hours in which callers come first, epoch ms. */
  rush: { from: number; to: number };
}): { mayDial(person: Person, now: number): void } {
  const { agenda, random, tell, staff, prefix, rush } = options;
  const shares = new Map(SECTORS.map(({ id, outboundShare }) => [id, outboundShare]));
  let count = 0;

  const dial = (person: Person, now: number): void => {
    person.state = 'busy';
    const call = { callId: `${prefix}-out-${count++}`, agent: person.duty.name };
    const ringMs = Math.round(random.between(4_000, 20_000));
    const isReached = random.chance(REACHED);
    const talkMs = isReached ? Math.round(Math.min(random.lognormal(150_000, 100_000), LONGEST_TALK_MS)) : 0;
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
      const isRush = now >= rush.from && now < rush.to;
      if (isNight || !random.chance((shares.get(sector) ?? 0) * (isRush ? IN_RUSH : 1))) return;
      const { idleSince } = person;
      agenda.at(now + random.between(5_000, 30_000), (then) => {
        const isStillIdle = person.state === 'idle' && person.idleSince === idleSince;
        // Somebody stays for the callers.
        if (isStillIdle && staff.countIdle(sector) > 1) dial(person, then);
      });
    },
  };
}

/** A number of nobody, in one city. */
export function numberOf(random: Random): string {
  return `+4930${Math.floor(random.between(1_000_000, 9_999_999))}`;
}
