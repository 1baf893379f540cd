import { getTableColumns } from 'drizzle-orm';
import type { PendingQuery, Row, TransactionSql } from 'postgres';
import type { RepeatEntry } from '../../../shared/metrics/repeats.ts';
import type { WaitKind } from '../../../shared/metrics/verdicts.ts';
import type { VisitSums } from '../../../shared/metrics/visitSums.ts';
import { performanceTrends } from '../../db/schema/history.ts';
import { COUNTED, type QueueRow, sumsOf } from '../../history/rollUps/queueRow.ts';
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

type VisitRow = Pick<QueueRow, WaitKind> & {
  place: number;
  queueId: string;
  counts: number[];
  repeats: RepeatEntry[][] | null;
};

const columns = getTableColumns(performanceTrends);
/** Added up as float8, which is exact to 2^53: the sum of bigints is a numeric, and takes PostgreSQL three times as long. */
const COUNTS = COUNTED.map((field) => {
  const { name } = columns[field];
  return field.startsWith('max') ? `max(${name})::float8` : `sum(${name}::float8)`;
}).join(', ');

/** Counts as one array: of rows of forty fields the driver makes objects that are slow to make and to read. */
function sums(tx: TransactionSql) {
  return tx`
    array[${tx.unsafe(COUNTS)}] as counts,
    string_agg(answered_waits, ''::bytea) as "answeredWaits",
    string_agg(abandoned_waits, ''::bytea) as "abandonedWaits",
    string_agg(callback_waits, ''::bytea) as "callbackWaits", string_agg(other_waits, ''::bytea) as "otherWaits",
    jsonb_agg(repeats) filter (where repeats <> '[]') as repeats`;
}

function groupOf(row: VisitRow): VisitGroup {
  const { place, queueId } = row;
  return { place, queueId, sums: sumsOf(row.counts, row, (row.repeats ?? []).flat()) };
}
