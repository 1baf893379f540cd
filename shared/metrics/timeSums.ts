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
  availableMs: number;
}

export type CountedPiece = Pick<
  PieceFact,
  'identity' | 'startedAt' | 'endedAt' | 'state' | 'reason' | 'queues'
>;

export function emptyTimeSums(): TimeSums {
  return {
    talkingMs: 0,
    outboundMs: 0,
    holdMs: 0,
    ringingMs: 0,
    wrapUpMs: 0,
    pausedMs: 0,
    availableMs: 0,
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

/** When a piece ended: one that runs lasts until `now`, and is never longer than until `bucketEnd`, where it is to be cut. */
export function endOf({ startedAt, endedAt }: CountedPiece, now: number, bucketEnd: number): number {
  return Math.max(startedAt, endedAt ?? Math.min(now, bucketEnd));
}

export function addPiece(sums: TimeSums, piece: CountedPiece, now: number, bucketEnd: number): void {
  const ms = endOf(piece, now, bucketEnd) - piece.startedAt;
  sums[FIELD[piece.state]] += ms;
  if (piece.state === 'talking' && piece.reason === 'outbound') sums.outboundMs += ms;
}

/**
 * The pieces of one bucket by team: by the queues their agents served, as JSON of the ids in order. An agent is in one
 * team at a time, so that the times of several queues are those of the teams that serve any of them [T5].
 */
export function sumTeams(
  pieces: Iterable<CountedPiece>,
  now: number,
  bucketEnd: number,
): Map<string, TimeSums> {
  const teams = new Map<string, TimeSums>();
  for (const piece of pieces) {
    const key = JSON.stringify(piece.queues);
    const sums = teams.get(key) ?? emptyTimeSums();
    teams.set(key, sums);
    addPiece(sums, piece, now, bucketEnd);
  }
  return teams;
}

export function mergeTime(into: TimeSums, from: TimeSums): void {
  for (const key of Object.keys(into) as (keyof TimeSums)[]) into[key] += from[key];
}
