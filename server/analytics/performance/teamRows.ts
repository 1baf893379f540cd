import type { TransactionSql } from 'postgres';
import type { TimeSums } from '../../../shared/metrics/timeSums.ts';
import type { Piece } from '../pieces.ts';
import type { QueueScope } from '../scope.ts';
import { type Places, placeOf, unionOf } from './visitRows.ts';

/** How agents spent a step, by its place among `starts`: those who served exactly `queues`, or, null, all in question. */
export interface TeamGroup {
  place: number;
  queues: string[] | null;
  time: TimeSums;
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

/** One row a step, and team where each is asked for. */
export async function readTeams(
  tx: TransactionSql,
  tenantId: string,
  { pieces, starts, queues, by }: TeamQuestion,
): Promise<TeamGroup[]> {
  if (pieces.length === 0 || queues?.length === 0) return [];
  const isMeant = queues === null ? tx`true` : tx`queues && ${[...queues]}::text[]`;
  const rows = await tx<(TimeSums & { place: number; queues: string[] | null })[]>`
    select ${placeOf(tx, starts)} as place, ${by === 'team' ? tx`queues` : tx`null::text[]`} as queues, ${timeSums(tx)}
    from (${unionOf(tx, 'team_trends', tenantId, pieces, isMeant)}) as piece
    group by 1, 2`;
  return rows.map(({ place, queues, ...time }) => ({ place, queues, time }));
}

function timeSums(tx: TransactionSql) {
  return tx`
    sum(talking_ms::float8) as "talkingMs", sum(outbound_ms::float8) as "outboundMs", sum(hold_ms::float8) as "holdMs",
    sum(ringing_ms::float8) as "ringingMs", sum(wrap_up_ms::float8) as "wrapUpMs",
    sum(paused_ms::float8) as "pausedMs", sum(available_ms::float8) as "availableMs",
    sum(closed_ms::float8) as "closedMs"`;
}
