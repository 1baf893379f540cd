import type { Agenda } from './agenda.ts';
import type { Callers } from './callers.ts';
import { type DemoQueue, QUEUES, SECTORS } from './centre.ts';
import type { Tell } from './day.ts';
import type { createFeedback } from './feedback.ts';
import { createLengths } from './lengths.ts';
import { createOutbound } from './outbound.ts';
import type { createStaff, Person } from './people.ts';
import type { Random } from './random.ts';

/** Callers and what becomes of them: they wait, give up, are answered, held, handed on, and call again. */

interface Caller {
  id: string;
  queue: DemoQueue;
  number: string;
  enteredAt: number;
  origin: 'inbound' | 'transfer' | 'callback';
  isRepeat: boolean;
  state: 'waiting' | 'ringing' | 'over';
}

/** Share of those who must wait that hang up within seconds: wrong number, changed their mind. */
const HASTY = 0.048;
/** Weibull, shape 1.2: mean of 240 s. */
const PATIENCE = { shape: 1.2, scale: 255 };
/** Of talks long enough to be held at all; 22 % of all. */
const HELD = 0.27;
/** Rings nobody answers; at night there is nothing to be distracted by. */
const MISSED = { byDay: 0.032, atNight: 0.005 };
const HANDED_ON = 0.075;
const BLIND = 0.6;
const TO_QUEUE = 0.4;
const KEY_EXIT = 0.05;
const CALLS_AGAIN = 0.4;
const LONGEST_WAIT_MS = 15 * 60_000;
const CALLBACK_ABOVE_MS = 180_000;
const WANTS_CALLBACK = 0.25;
const MINUTE = 60_000;

export interface Calls {
  arrive(queue: string, now: number): void;
  /** Somebody has become idle. */
  offerTo(person: Person, now: number): void;
  hasWaiting(sector: string): boolean;
}

export function createCalls(options: {
  agenda: Agenda;
  random: Random;
  tell: Tell;
  staff: ReturnType<typeof createStaff>;
  prefix: string;
  callers: Callers;
  feedback: Pick<ReturnType<typeof createFeedback>, 'handled'>;
  /** Calls begun shortly before are brought to an end soon after: the next day is told apart. */
  midnight: number;
  /** The hours in which callers come first, epoch ms. */
  rush: { from: number; to: number };
  handleFactor(queue: string, now: number): number;
}): Calls {
  const { agenda, random, tell, staff, callers, midnight } = options;
  const waiting = new Map<string, Caller[]>(SECTORS.map(({ id }) => [id, []]));
  const queues = new Map(QUEUES.map((queue) => [queue.name, queue]));
  const lengthsOf = createLengths(options);
  let count = 0;
  const { prefix, rush } = options;
  const outbound = createOutbound({ agenda, random, tell, staff, prefix, rush });

  const lineOf = (caller: Caller): Caller[] => waiting.get(caller.queue.sector) ?? [];
  const identity = (caller: Caller) => ({ callId: caller.id, queue: caller.queue.name });

  const enter = (caller: Caller, now: number): void => {
    tell({
      kind: 'call.queued',
      occurredAt: now,
      ...identity(caller),
      caller: caller.number,
      origin: caller.origin,
    });
    const line = lineOf(caller);
    const person = line.length === 0 ? staff.longestIdle(caller.queue.sector) : null;
    agenda.at(now + patience(caller, person === null, line.length), (then) => giveUp(caller, then));
    agenda.at(now + LONGEST_WAIT_MS, (then) => leave(caller, 'timed_out', then));
    if (person) {
      ring(caller, person, now);
      return;
    }
    line.push(caller);
    if (staff.hasAnybody(caller.queue.sector)) offerChoices(caller, line.length, now);
    else leave(caller, 'no_agents', now + 1_000);
  };

  const patience = (caller: Caller, mustWait: boolean, ahead: number): number => {
    if (mustWait && caller.origin === 'inbound' && random.chance(HASTY)) return random.between(1_000, 5_000);
    // Told how many are ahead, people stay a little longer in a long line than its length would make them.
    const seconds = PATIENCE.scale * (-Math.log(1 - random.next())) ** (1 / PATIENCE.shape);
    return Math.max(5_500, seconds * 1_000 * (ahead > 20 ? 1.1 : 1));
  };

  /** Who waits hears that a key leads elsewhere, and in a long line that he may be called back. */
  const offerChoices = (caller: Caller, place: number, now: number): void => {
    if (random.chance(KEY_EXIT)) {
      agenda.at(now + random.between(8_000, 40_000), (then) => leave(caller, 'key_exit', then));
    }
    const expected =
      (place * caller.queue.handleSeconds * 1_000) / Math.max(1, staff.countOnQueue(caller.queue.sector));
    if (expected > CALLBACK_ABOVE_MS && random.chance(WANTS_CALLBACK)) {
      agenda.at(now + random.between(15_000, 45_000), (then) => {
        if (caller.state === 'waiting') leave(caller, 'callback_requested', then);
      });
    }
  };

  type LeaveOutcome = 'abandoned' | 'timed_out' | 'no_agents' | 'key_exit' | 'callback_requested';
  const leave = (caller: Caller, outcome: LeaveOutcome, now: number): void => {
    if (caller.state !== 'waiting') return;
    caller.state = 'over';
    const line = lineOf(caller);
    line.splice(line.indexOf(caller), 1);
    tell({
      kind: 'call.left',
      occurredAt: now,
      ...identity(caller),
      outcome,
      waitMs: Math.round(now - caller.enteredAt),
    });
    if (outcome === 'callback_requested') callBack(caller, now);
  };

  const giveUp = (caller: Caller, now: number): void => {
    if (caller.state !== 'waiting') return;
    leave(caller, 'abandoned', now);
    const again = now + random.between(1, 28) * MINUTE;
    if (caller.isRepeat || !random.chance(CALLS_AGAIN) || again > midnight - 10 * MINUTE) return;
    agenda.at(again, (then) => enter(newCaller(caller.queue, then, caller.number, true), then));
  };

  const callBack = (caller: Caller, now: number): void => {
    const at = now + random.between(6, 55) * MINUTE;
    if (at > midnight - 20 * MINUTE) return;
    const outcome = random.chance(0.85) ? 'connected' : 'no_answer';
    agenda.at(at, (then) =>
      tell({ kind: 'callback.completed', occurredAt: then, callId: caller.id, outcome }),
    );
  };

  const ring = (caller: Caller, person: Person, now: number): void => {
    caller.state = 'ringing';
    person.state = 'busy';
    const agent = person.duty.name;
    tell({ kind: 'call.alerted', occurredAt: now + 1, ...identity(caller), agent });
    if (random.chance(person.duty.isNight ? MISSED.atNight : MISSED.byDay)) {
      const ringMs = Math.round(random.between(14_000, 20_000));
      agenda.at(now + ringMs, (then) => {
        tell({
          kind: 'call.missed',
          occurredAt: then,
          ...identity(caller),
          agent,
          ringMs,
          reason: 'no_answer',
        });
        caller.state = 'waiting';
        lineOf(caller).unshift(caller);
        // Somebody else first: whoever missed it is rarely back at once.
        const other = staff.longestIdle(caller.queue.sector);
        if (other) take(other, then);
        agenda.at(then + random.exponential(MINUTE), (later) => giveUp(caller, later));
        agenda.at(then + 8_000, (later) => staff.free(person, later));
      });
      return;
    }
    const ringMs = Math.round(random.between(2_000, 9_000));
    agenda.at(now + ringMs, (then) => answer(caller, person, ringMs, then));
  };

  const answer = (caller: Caller, person: Person, ringMs: number, now: number): void => {
    caller.state = 'over';
    const agent = person.duty.name;
    const waitMs = Math.round(now - caller.enteredAt);
    tell({ kind: 'call.answered', occurredAt: now, ...identity(caller), agent, waitMs, ringMs });
    const { talkMs, wrapUpMs } = lengthsOf(caller.queue, now);
    const holdMs = talkMs > 90_000 && random.chance(HELD) ? hold(caller, agent, talkMs, now) : 0;
    agenda.at(now + talkMs, (then) => {
      end(caller, person, { talkMs, holdMs, wrapUpMs }, then);
      options.feedback.handled({ callId: caller.id, queue: caller.queue.name, agent, waitMs, talkMs }, then);
    });
  };

  const hold = (caller: Caller, agent: string, talkMs: number, now: number): number => {
    const holdMs = Math.round(Math.min(random.exponential(55_000) + 4_000, talkMs / 2));
    const from = now + 20_000 + random.next() * (talkMs - holdMs - 25_000);
    tell({ kind: 'call.held', occurredAt: from, callId: caller.id, agent });
    tell({ kind: 'call.resumed', occurredAt: from + holdMs, callId: caller.id, agent });
    return holdMs;
  };

  const end = (
    caller: Caller,
    person: Person,
    { talkMs, holdMs, wrapUpMs }: { talkMs: number; holdMs: number; wrapUpMs: number },
    now: number,
  ): void => {
    const agent = person.duty.name;
    if (talkMs > 20_000 && caller.origin === 'inbound' && random.chance(HANDED_ON))
      handOn(caller, agent, now);
    else {
      const by = random.chance(0.7) ? 'caller' : 'agent';
      tell({
        kind: 'call.ended',
        occurredAt: now,
        ...identity(caller),
        agent,
        by,
        talkMs: talkMs - holdMs,
        holdMs,
      });
    }
    const reason = { agent, callId: caller.id };
    tell({ kind: 'agent.state_changed', occurredAt: now + 1, agent, state: 'wrap_up' });
    agenda.at(now + wrapUpMs + 2, (then) => {
      tell({ kind: 'call.wrapped', occurredAt: then, ...reason, wrapUpMs });
      agenda.at(then + 1, (later) => staff.free(person, later));
    });
  };

  const handOn = (caller: Caller, agent: string, now: number): void => {
    const transferKind: 'blind' | 'attended' = random.chance(BLIND) ? 'blind' : 'attended';
    const others = QUEUES.filter(({ sector }) => sector !== caller.queue.sector && staff.hasAnybody(sector));
    const handed = {
      kind: 'call.transferred' as const,
      occurredAt: now,
      ...identity(caller),
      agent,
      transferKind,
    };
    const target = random.chance(TO_QUEUE) ? likely(others) : undefined;
    if (target) {
      tell({ ...handed, to: target.name, toKind: 'queue' });
      const next: Caller = {
        ...caller,
        queue: target,
        enteredAt: now + 2,
        origin: 'transfer',
        state: 'waiting',
      };
      agenda.at(now + 2, (then) => enter(next, then));
    } else tell({ ...handed, to: random.chance(0.5) ? 'Back office' : 'Branch', toKind: 'external' });
  };

  /** One of them, the more likely the more calls it has. */
  const likely = (among: readonly DemoQueue[]): DemoQueue | undefined => {
    let left = random.next() * among.reduce((sum, { perDay }) => sum + perDay, 0);
    return among.find(({ perDay }) => {
      left -= perDay;
      return left < 0;
    });
  };

  const take = (person: Person, now: number): boolean => {
    const next = waiting.get(person.duty.sector)?.shift();
    if (!next) return false;
    ring(next, person, now);
    return true;
  };

  const newCaller = (queue: DemoQueue, now: number, number: string, isRepeat = false): Caller => ({
    id: `${options.prefix}-${count++}`,
    queue,
    number,
    enteredAt: now,
    origin: 'inbound',
    isRepeat,
    state: 'waiting',
  });

  return {
    arrive(name, now) {
      const queue = queues.get(name);
      if (queue) enter(newCaller(queue, now, callers.next(queue.sector)), now);
    },
    offerTo(person, now) {
      if (!take(person, now)) outbound.mayDial(person, now);
    },
    hasWaiting: (sector) => (waiting.get(sector)?.length ?? 0) > 0,
  };
}
