import type { PendingQuery, Row, TransactionSql } from 'postgres';
import type { RepeatEntry } from '../../../shared/metrics/repeats.ts';
import type { VisitSums } from '../../../shared/metrics/visitSums.ts';
import { type CountedRow, sumsOf } from '../../history/rollUps/queueRow.ts';
import type { Piece } from '../pieces.ts';
import type { QueueScope } from '../scope.ts';
import { cellAt, cellIn, type WeekGrid } from './weekGrid.ts';

/** Where the steps of a trend begin, in epoch ms, ascending (none: the whole range is one step), or the cells of a week. */
export type Places = readonly number[] | WeekGrid;

/** What is asked of `performance_trends`. */
export interface VisitQuestion {
  pieces: readonly Piece[];
  queues: QueueScope;
  /** A sum for every queue, or one of all of them. */
  by: 'queue' | 'total';
  starts: Places;
}

/** The sums of one step (its place among `starts`, or of its cell in the week, from 0) and one queue, '' for the total. */
export interface VisitGroup {
  place: number;
  queueId: string;
  sums: VisitSums;
}

/** Sums added up by the database, one row a step and queue that has any. */
export async function readVisits(
  tx: TransactionSql,
  tenantId: string,
  question: VisitQuestion,
): Promise<VisitGroup[]> {
  const { pieces, queues, by, starts } = question;
  if (pieces.length === 0 || queues?.length === 0) return [];
  const rows = await tx<VisitRow[]>`
    select ${placeOf(tx, starts)} as place, ${by === 'queue' ? tx`queue_id` : tx`''`} as "queueId", ${sums(tx)}
    from (${unionOf(tx, 'performance_trends', tenantId, pieces, scopeOf(tx, question))}) as piece
    group by 1, 2`;
  return rows.map(groupOf);
}

/** Which rows a question is about: of its queues, or of their total where it is about all. */
export function scopeOf(tx: TransactionSql, { queues, by }: VisitQuestion) {
  if (queues !== null) return tx`queue_id = any(${[...queues]}::text[])`;
  return by === 'total' ? tx`queue_id = ''` : tx`queue_id <> ''`;
}

/** The rows of all pieces, each read through the key of its grain. */
export function unionOf(
  tx: TransactionSql,
  table: 'performance_trends' | 'team_trends' | 'agent_trends',
  tenantId: string,
  pieces: readonly Piece[],
  scope: PendingQuery<Row[]>,
) {
  return pieces
    .map(
      ({ grain, from, to }) => tx`
        select * from ${tx(table)} where tenant_id = ${tenantId} and grain = ${grain}
          and bucket >= ${new Date(from)} and bucket < ${new Date(to)} and ${scope}`,
    )
    .reduce((all, piece) => tx`${all} union all ${piece}`);
}

/** In which of the steps a row's bucket lies, from 0. */
export function placeOf(tx: TransactionSql, starts: Places) {
  if ('stepMinutes' in starts) return cellIn(tx, starts);
  if (starts.length === 0) return tx`0`;
  const instants = starts.map((start) => new Date(start).toISOString());
  // In a query of its own: otherwise every row would read all the instants again.
  return tx`width_bucket(bucket, (select ${instants}::text[]::timestamptz[])) - 1`;
}

/** The same of an instant, in epoch ms. */
export function placeAt(instant: number, starts: Places): number {
  if ('stepMinutes' in starts) return cellAt(instant, starts);
  return starts.length === 0 ? 0 : starts.findLastIndex((start) => start <= instant);
}

type VisitRow = CountedRow & { place: number; queueId: string; repeats: RepeatEntry[][] | null };

/** Added up as float8, which is exact to 2^53: the sum of bigints is a numeric, and takes PostgreSQL three times as long. */
function sums(tx: TransactionSql) {
  return tx`
    sum(offered::float8) as offered, sum(refused::float8) as refused, sum(answered::float8) as answered,
    sum(handled::float8) as handled, sum(abandoned::float8) as abandoned, sum(timed_out::float8) as "timedOut",
    sum(no_agents::float8) as "noAgents", sum(key_exits::float8) as "keyExits", sum(callbacks::float8) as callbacks,
    sum(overflowed::float8) as overflowed, sum(withdrawn::float8) as withdrawn, sum(lost::float8) as lost,
    sum(open::float8) as open, sum(transferred::float8) as transferred, sum(completed::float8) as completed,
    sum(missed_rings::float8) as "missedRings", sum(callback_offered::float8) as "callbackOffered",
    sum(callback_answered::float8) as "callbackAnswered", sum(callback_abandoned::float8) as "callbackAbandoned",
    sum(callback_unsettled::float8) as "callbackUnsettled", sum(answered_wait_ms::float8) as "answeredWaitMs",
    sum(abandoned_wait_ms::float8) as "abandonedWaitMs", sum(talk_ms::float8) as "talkMs",
    sum(hold_ms::float8) as "holdMs", sum(hold_known::float8) as "holdKnown", sum(wrap_up_ms::float8) as "wrapUpMs",
    max(max_wait_ms)::float8 as "maxWaitMs", max(max_answered_wait_ms)::float8 as "maxAnsweredWaitMs",
    sum(met::float8) as met, sum(missed::float8) as missed, sum(abandoned_within::float8) as "abandonedWithin",
    sum(short::float8) as short, sum(short_within::float8) as "shortWithin",
    sum(callback_within::float8) as "callbackWithin", sum(other_within::float8) as "otherWithin",
    sum(flow_outs::float8) as "flowOuts", sum(unsettled::float8) as unsettled,
    string_agg(answered_waits, ''::bytea) as "answeredWaits",
    string_agg(abandoned_waits, ''::bytea) as "abandonedWaits",
    string_agg(callback_waits, ''::bytea) as "callbackWaits", string_agg(other_waits, ''::bytea) as "otherWaits",
    jsonb_agg(repeats) filter (where repeats <> '[]') as repeats`;
}

function groupOf(row: VisitRow): VisitGroup {
  const { place, queueId } = row;
  return { place, queueId, sums: sumsOf(row, (row.repeats ?? []).flat()) };
}
