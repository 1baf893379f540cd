import type { TransactionSql } from 'postgres';
import type { TimeSums } from '../../../shared/metrics/timeSums.ts';
import type { Piece } from '../pieces.ts';
import type { QueueScope } from '../scope.ts';
import { countsListed, countsOf, instantsListed } from './columns.ts';
import { areFew, type Places, placeAt, placeOf, unionOf } from './visitRows.ts';

/** How agents spent a step, by its place among `starts`: those who served exactly `queues`, or, null, all in question. */
export interface TeamGroup {
  place: number;
  queues: string[] | null;
  /** As {@link timeOf} takes them, from `from` on; left out: from the first. As with visits, taken apart only when asked for. */
  sums: readonly number[] | Float64Array;
  from?: number;
}

/** What is asked of `team_trends`. */
interface TeamQuestion {
  pieces: readonly Piece[];
  starts: Places;
  /** Only teams that serve any of these. */
  queues: QueueScope;
  /** Each team, or all of them added up: an agent is in one team at a time [T5]. */
  by: 'team' | 'total';
}

/** One row or several a step, and team where each is asked for. */
export async function readTeams(
  tx: TransactionSql,
  tenantId: string,
  { pieces, starts, queues, by }: TeamQuestion,
): Promise<TeamGroup[]> {
  if (pieces.length === 0 || queues?.length === 0) return [];
  const isOfAll = queues === null && by === 'total';
  const isMeant =
    queues === null
      ? isOfAll
        ? tx`queues = '{""}'`
        : tx`queues <> '{""}'`
      : tx`queues && ${[...queues]}::text[]`;
  const from = tx`(${unionOf(tx, 'team_trends', tenantId, pieces, isMeant)}) as piece`;
  // As with visits: rows of everybody, a bucket each, are quicker read than added up.
  if (isOfAll && !('stepMinutes' in starts) && areFew(pieces, starts.length)) {
    const [row] = await tx<{ at: number[] | null; sums: string | null }[]>`
      select ${instantsListed(tx)} as at, ${countsListed(tx, TIMES)} as sums from ${from}`;
    const { at, sums: text } = row ?? {};
    if (!at || !text) return [];
    const sums = countsOf(text, at.length * TIMES.length);
    return at.map((instant, row) => {
      return { place: placeAt(instant, starts), queues: null, sums, from: row * TIMES.length };
    });
  }
  return tx<TeamGroup[]>`
    select ${placeOf(tx, starts)} as place, ${by === 'team' ? tx`queues` : tx`null::text[]`} as queues,
      array[${tx.unsafe(SUMS)}] as sums
    from ${from}
    group by 1, 2`;
}

/** In the order {@link timeOf} takes them. */
const STATES = ['talking', 'outbound', 'hold', 'ringing', 'wrap_up', 'paused', 'available', 'closed'];
const TIMES = STATES.map((state) => `${state}_ms`);
const SUMS = STATES.map((state) => `sum(${state}_ms::float8)`).join(', ');

export function timeOf(sums: TeamGroup['sums'], from = 0): TimeSums {
  let at = from;
  const next = () => sums[at++] ?? 0;
  return {
    talkingMs: next(),
    outboundMs: next(),
    holdMs: next(),
    ringingMs: next(),
    wrapUpMs: next(),
    pausedMs: next(),
    availableMs: next(),
    closedMs: next(),
  };
}
