import { getTableColumns } from 'drizzle-orm';
import type { PendingQuery, Row, TransactionSql } from 'postgres';
import { type ContactsRead, mergedContacts } from '../../../shared/metrics/contacts.ts';
import type { WaitKind } from '../../../shared/metrics/verdicts.ts';
import { mergedSums, type SumsRead } from '../../../shared/metrics/visitSums.ts';
import { performanceTrends } from '../../db/schema/history.ts';
import { COUNTED, type QueueRow, sumsRead } from '../../history/rollUps/queueRow.ts';
import { grouped } from '../grouped.ts';
import type { Piece } from '../pieces.ts';
import type { QueueScope } from '../scope.ts';
import {
  type ContactColumns,
  contactColumns,
  contactsIn,
  type RepeatColumns,
  repeatColumns,
  repeatsIn,
  type Within,
} from './repeatRows.ts';
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
  /** With `by: 'queue'`: in which of the queues a call counts once. */
  within?: Within;
}

/** The sums of one step (its place among `starts`, or of its cell in the week, from 0) and one queue, '' for the total. */
export interface VisitGroup {
  place: number;
  queueId: string;
  sums: SumsRead;
  /** Null where they were not asked for. */
  contacts: ContactsRead | null;
}

/** One group a step and queue that has any rows; first contacts with them only where every row's are counted. */
export async function readVisits(
  tx: TransactionSql,
  tenantId: string,
  question: VisitQuestion,
  areContactsCounted = false,
): Promise<VisitGroup[]> {
  const { pieces, queues, by, starts, within } = question;
  if (pieces.length === 0 || queues?.length === 0) return [];
  const from = tx`(${unionOf(tx, 'performance_trends', tenantId, pieces, scopeOf(tx, question))}) as piece`;
  // One row a bucket: of a trend it is a step mostly, and of a range there are few. Those are quicker read than added up.
  if (queues === null && by === 'total' && !('stepMinutes' in starts) && areFew(pieces, starts.length)) {
    const rows = await tx<(Omit<VisitRow, 'place'> & { at: number })[]>`
      select date_part('epoch', bucket) * 1000 as at, '' as "queueId", array[${tx.unsafe(COUNTS)}] as counts,
        answered_waits as "answeredWaits", abandoned_waits as "abandonedWaits", callback_waits as "callbackWaits",
        other_waits as "otherWaits", repeats::text
        ${areContactsCounted ? tx`, contacts, contact_repeats::text as "contactRepeats"` : tx``}
      from ${from}`;
    return [...grouped(rows, ({ at }) => placeAt(at, starts))].map(([place, own]) =>
      mergedGroup(own.map((row) => groupOf({ ...row, place }))),
    );
  }
  const rows = await tx<VisitRow[]>`
    select ${placeOf(tx, starts)} as place, ${by === 'queue' ? tx`queue_id` : tx`''`} as "queueId",
      array[${tx.unsafe(SUMS)}] as counts,
      string_agg(answered_waits, ''::bytea) as "answeredWaits", string_agg(abandoned_waits, ''::bytea) as "abandonedWaits",
      string_agg(callback_waits, ''::bytea) as "callbackWaits", string_agg(other_waits, ''::bytea) as "otherWaits",
      ${repeatColumns(tx, within)} ${areContactsCounted ? tx`, ${contactColumns(tx, within)}` : tx``}
    from ${from}
    group by 1, 2`;
  return rows.map(groupOf);
}

/** At most a hundred buckets, or two a step: days by the clock of another zone are made of a hundred intervals each. */
function areFew(pieces: readonly Piece[], steps: number): boolean {
  const buckets = pieces.reduce((sum, { grain, from, to }) => sum + (to - from) / SHORTEST_MS[grain], 0);
  return buckets <= Math.max(100, 2 * steps);
}

const HOUR_MS = 3_600_000;
const SHORTEST_MS = { interval: HOUR_MS / 4, hour: HOUR_MS, day: 23 * HOUR_MS, month: 28 * 24 * HOUR_MS };

function mergedGroup(groups: readonly VisitGroup[]): VisitGroup {
  const { place = 0, queueId = '' } = groups[0] ?? {};
  const contacts = groups.flatMap((group) => group.contacts ?? []);
  return {
    place,
    queueId,
    sums: mergedSums(groups.map(({ sums }) => sums)),
    contacts: contacts.length < groups.length ? null : mergedContacts(contacts),
  };
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
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= instant) low = middle;
    else high = middle;
  }
  return low;
}

type VisitRow = Pick<QueueRow, WaitKind> &
  RepeatColumns &
  ContactColumns & { place: number; queueId: string; counts: number[] };

const columns = getTableColumns(performanceTrends);
/** As one array: of rows of forty fields the driver makes objects that are slow to make and to read. */
const COUNTS = COUNTED.map((field) => `${columns[field].name}::float8`).join(', ');
/** Added up as float8, which is exact to 2^53: the sum of bigints is a numeric, and takes PostgreSQL three times as long. */
const SUMS = COUNTED.map((field) => {
  const { name } = columns[field];
  return field.startsWith('max') ? `max(${name})::float8` : `sum(${name}::float8)`;
}).join(', ');

function groupOf(row: VisitRow): VisitGroup {
  const { place, queueId, counts } = row;
  const sums = sumsRead(counts, row, repeatsIn(queueId, row));
  return { place, queueId, sums, contacts: contactsIn(queueId, row) };
}
