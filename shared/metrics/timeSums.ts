import type { PieceFact } from './facts.ts';

/** How agents spent their time, in ms [A1]; time offline is in none of it. */
export interface TimeSums {
  /** Outbound included. */
  talkingMs: number;
  outboundMs: number;
  holdMs: number;
  ringingMs: number;
  wrapUpMs: number;
  pausedMs: number;
  /** Closed included. */
  availableMs: number;
  /** Available while all queues served were closed [T8]. */
  closedMs: number;
}

/** So much time in one state: a piece of a timeline, or many of them. */
export type TimeSpent = Pick<PieceFact, 'state' | 'reason'> & { ms: number };

export function emptyTimeSums(): TimeSums {
  return {
    talkingMs: 0,
    outboundMs: 0,
    holdMs: 0,
    ringingMs: 0,
    wrapUpMs: 0,
    pausedMs: 0,
    availableMs: 0,
    closedMs: 0,
  };
}

const FIELD = {
  talking: 'talkingMs',
  hold: 'holdMs',
  ringing: 'ringingMs',
  wrap_up: 'wrapUpMs',
  paused: 'pausedMs',
  available: 'availableMs',
} as const satisfies Record<PieceFact['state'], keyof TimeSums>;

export function addTime(sums: TimeSums, { state, reason, ms }: TimeSpent): void {
  sums[FIELD[state]] += ms;
  if (state === 'talking' && reason === 'outbound') sums.outboundMs += ms;
  if (state === 'available' && reason === 'closed') sums.closedMs += ms;
}

export function mergeTime(into: TimeSums, from: TimeSums): void {
  into.talkingMs += from.talkingMs;
  into.outboundMs += from.outboundMs;
  into.holdMs += from.holdMs;
  into.ringingMs += from.ringingMs;
  into.wrapUpMs += from.wrapUpMs;
  into.pausedMs += from.pausedMs;
  into.availableMs += from.availableMs;
  into.closedMs += from.closedMs;
}
