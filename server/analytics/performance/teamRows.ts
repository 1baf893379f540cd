import type { TransactionSql } from 'postgres';
import type { TimeSums } from '../../../shared/metrics/timeSums.ts';
import type { Piece } from '../pieces.ts';
import { type Places, placeOf, unionOf } from './visitRows.ts';

/** How the agents who served exactly `queues` spent a step, by its place among `starts`. */
export interface TeamGroup {
  place: number;
  queues: string[];
  time: TimeSums;
}

/** One row a step and team; an agent is in one team at a time, so the times of several add up [T5]. */
export async function readTeams(
  tx: TransactionSql,
  tenantId: string,
  { pieces, starts }: { pieces: readonly Piece[]; starts: Places },
): Promise<TeamGroup[]> {
  if (pieces.length === 0) return [];
  const rows = await tx<(TimeSums & { place: number; queues: string[] })[]>`
    select ${placeOf(tx, starts)} as place, queues, ${timeSums(tx)}
    from (${unionOf(tx, 'team_trends', tenantId, pieces, tx`true`)}) as piece
    group by 1, 2`;
  return rows.map(({ place, queues, ...time }) => ({ place, queues, time }));
}

function timeSums(tx: TransactionSql) {
  return tx`
    sum(talking_ms::float8) as "talkingMs", sum(outbound_ms::float8) as "outboundMs", sum(hold_ms::float8) as "holdMs",
    sum(ringing_ms::float8) as "ringingMs", sum(wrap_up_ms::float8) as "wrapUpMs",
    sum(paused_ms::float8) as "pausedMs", sum(available_ms::float8) as "availableMs"`;
}
