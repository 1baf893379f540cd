import type { LocalDay } from '../../log/localDay.ts';
import { AGENTS, type Chance, type Draft, SERVED } from './randomDays.ts';

/** Tests only: who is at work when, and with what, for days at random. */
export interface AgentShifts {
  /** Somebody of the queue who has nothing in hand then, but `except`; null: nobody. */
  free(at: number, queue: string, except?: string): string | null;
  /** He has something in hand until then (epoch ms). */
  occupy(agent: string, until: number): void;
  /** Somebody makes a pause. */
  pause(at: number): void;
  /** A pause that begins while he talks. */
  pauseDuring(agent: string, from: number, until: number): void;
  /** Nothing is ever heard of him again, in this shift. */
  leaveSilently(agent: string, at: number): void;
}

interface Shift {
  from: number;
  until: number;
}

const HOUR = 3_600_000;
/** Between shifts lies the night in which a silent talk ends, and who is unheard of is offline [V10] [A1]. */
const REST = 14 * HOUR;

export function planShifts(
  chance: Chance,
  days: readonly LocalDay[],
  add: (draft: Draft) => void,
): AgentShifts {
  const { is, between, oneOf } = chance;
  const shifts = new Map<string, Shift[]>();
  const freeAt = new Map<string, number>();
  for (const agent of AGENTS) {
    const own: Shift[] = [];
    const queues = [...(SERVED[agent] ?? [])];
    for (const { start } of days) {
      const from = start + between(0, 22 * HOUR);
      if (from < (own.at(-1)?.until ?? 0) + REST || is(0.1)) continue;
      const until = from + between(HOUR, 9 * HOUR);
      own.push({ from, until });
      add({ kind: 'agent.signed_in', occurredAt: from, agent, queues });
      // Whatever was forgotten in the shift before, and at once: no fold knows of a pause that began over 48 hours ago [L14].
      add({ kind: 'agent.state_changed', occurredAt: from, agent, state: 'available' });
      // One in ten goes home without a word.
      if (is(0.9)) add({ kind: 'agent.signed_out', occurredAt: until, agent, queues });
    }
    shifts.set(agent, own);
  }
  const shiftAt = (agent: string, at: number) =>
    shifts.get(agent)?.find(({ from, until }) => at > from && at < until);
  const isFree = (agent: string, at: number) =>
    (freeAt.get(agent) ?? 0) < at && shiftAt(agent, at) !== undefined;
  const occupy = (agent: string, until: number) =>
    void freeAt.set(agent, Math.max(freeAt.get(agent) ?? 0, until));

  const pauseDuring = (agent: string, from: number, until: number): void => {
    const shift = shiftAt(agent, from);
    if (!shift) return;
    const queue = is(0.3) ? { queue: oneOf(SERVED[agent] ?? []) } : is(0.5) ? { everyQueue: true } : {};
    add({ kind: 'agent.state_changed', occurredAt: from, agent, state: 'paused', reason: 'break', ...queue });
    if (is(0.9) && until < shift.until)
      add({ kind: 'agent.state_changed', occurredAt: until, agent, state: 'available' });
    occupy(agent, until);
  };

  return {
    free(at, queue, except) {
      const some = AGENTS.filter(
        (agent) => agent !== except && SERVED[agent]?.includes(queue) && isFree(agent, at),
      );
      return some.length === 0 ? null : oneOf(some);
    },
    occupy,
    pause(at) {
      const agent = oneOf(AGENTS);
      if (isFree(agent, at)) pauseDuring(agent, at, at + between(60_000, 2 * HOUR));
    },
    pauseDuring,
    leaveSilently(agent, at) {
      const shift = shiftAt(agent, at);
      if (shift) occupy(agent, shift.until);
    },
  };
}
