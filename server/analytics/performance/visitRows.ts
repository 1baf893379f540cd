import { getTableColumns } from 'drizzle-orm';
import type { PendingQuery, Row, TransactionSql } from 'postgres';
import { type ContactsRead, mergedContacts } from '../../../shared/metrics/contacts.ts';
import type { Waits } from '../../../shared/metrics/histogram.ts';
import { waitsOf } from '../../../shared/metrics/packedWaits.ts';
import type { WaitKind } from '../../../shared/metrics/verdicts.ts';
import { mergedSums, type SumsRead } from '../../../shared/metrics/visitSums.ts';
import { performanceTrends } from '../../db/schema/history.ts';
import { COUNTED, sumsRead } from '../../history/rollUps/queueRow.ts';
import { grouped } from '../grouped.ts';
import type { Piece } from '../pieces.ts';
import type { QueueScope } from '../scope.ts';
import {
  type ContactRepeatColumns,
  contactRepeatColumns,
  contactRepeatsIn,
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
    const rows = await tx<TotalRow[]>`
      select date_part('epoch', bucket) * 1000 as at, array[${tx.unsafe(COUNTS)}] as counts,
        ${tx.unsafe(PACKED)} ${areContactsCounted ? tx`|| contacts` : tx``} as packed
      from ${from}`;
    return [...grouped(rows, ({ at }) => placeAt(at, starts))].map(([place, own]) =>
      mergedGroup(own.map((row) => totalOf(place, row, areContactsCounted))),
    );
  }
  const rows = await tx<VisitRow[]>`
    select ${placeOf(tx, starts)} as place, ${by === 'queue' ? tx`queue_id` : tx`''`} as "queueId",
      array[${tx.unsafe(SUMS)}] as counts,
      ${tx.unsafe(PACKED_SUMS)} ${areContactsCounted ? tx`|| string_agg(contacts, '')` : tx``} as packed,
      ${repeatColumns(tx, within)} ${areContactsCounted ? tx`, ${contactRepeatColumns(tx, within)}` : tx``}
    from ${from}
    group by 1, 2`;
  return rows.map((row) => groupOf(row, areContactsCounted));
}

/** At most a hundred buckets, or two a step: days by the clock of another zone are made of a hundred intervals each. */
export function areFew(pieces: readonly Piece[], steps: number): boolean {
  return bucketsIn(pieces) <= Math.max(100, 2 * steps);
}

/** At most so many. */
function bucketsIn(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { grain, from, to }) => sum + (to - from) / SHORTEST_MS[grain], 0);
}

const HOUR_MS = 3_600_000;
const SHORTEST_MS = { interval: HOUR_MS / 4, hour: HOUR_MS, day: 23 * HOUR_MS, month: 28 * 24 * HOUR_MS };

function mergedGroup(groups: readonly VisitGroup[]): VisitGroup {
  const [first] = groups;
  // As with sums: a step mostly is one row.
  if (groups.length === 1 && first) return first;
  const { place = 0, queueId = '' } = first ?? {};
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

/** Of more buckets than these other processes may help, which they cannot where pieces are looked for one after the other. */
const BUCKETS_IN_TURN = 1_000;

/**
 * The rows of all pieces, each read through the key of its grain. Of few, as the months and days of a range are, in one text
 * whatever range it is: it is parsed and planned once. The `offset 0` keeps the planner from reading whole tables for all of them.
 */
export function unionOf(
  tx: TransactionSql,
  table: 'performance_trends' | 'team_trends' | 'agent_trends',
  tenantId: string,
  pieces: readonly Piece[],
  scope: PendingQuery<Row[]>,
) {
  if (bucketsIn(pieces) <= BUCKETS_IN_TURN) {
    const instants = (of: 'from' | 'to') => pieces.map((piece) => new Date(piece[of]).toISOString());
    return tx`
      select found.* from unnest(${pieces.map(({ grain }) => grain)}::text[], ${instants('from')}::text[]::timestamptz[],
        ${instants('to')}::text[]::timestamptz[]) as span (of_grain, since, until), lateral (
        select * from ${tx(table)}
        where tenant_id = ${tenantId} and grain = of_grain and bucket >= since and bucket < until and ${scope} offset 0) as found`;
  }
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

/** As two columns: of rows of fifty fields the driver makes objects that are slow to make and to read. */
interface Counted {
  /** In the order of `COUNTED`; then the lengths in bytes of the four kinds of waits. */
  counts: number[];
  /** The four kinds of waits, and first contacts where they are asked for, one after the other. */
  packed: Uint8Array;
}

/** Rows added up. */
interface VisitRow extends Counted, RepeatColumns, ContactRepeatColumns {
  place: number;
  queueId: string;
}

/** A row of a total, whose repeats are one number: of visits whose calls had been in any queue before. The last of the counts. */
interface TotalRow extends Counted {
  /** When its bucket begins, in epoch ms. */
  at: number;
}

const columns = getTableColumns(performanceTrends);
/** In the order in which they are packed. */
const WAITS = (['answeredWaits', 'abandonedWaits', 'callbackWaits', 'otherWaits'] as const).map(
  (kind) => columns[kind].name,
);
const PACKED = WAITS.join(' || ');
const PACKED_SUMS = WAITS.map((name) => `string_agg(${name}, '')`).join(' || ');
const COUNTS = [
  ...COUNTED.map((field) => `${columns[field].name}::float8`),
  ...WAITS.map((name) => `length(${name})::float8`),
  'coalesce((repeats -> 0 ->> 1)::float8, 0)',
].join(', ');
/** Added up as float8, which is exact to 2^53: the sum of bigints is a numeric, and takes PostgreSQL three times as long. */
const SUMS = [
  ...COUNTED.map((field) => {
    const { name } = columns[field];
    return field.startsWith('max') ? `max(${name})::float8` : `sum(${name}::float8)`;
  }),
  ...WAITS.map((name) => `sum(length(${name}))::float8`),
].join(', ');

function groupOf(row: VisitRow, areContactsCounted: boolean): VisitGroup {
  const { place, queueId } = row;
  const { waits, rest } = unpacked(row);
  const sums = sumsRead(row.counts, waits, repeatsIn(queueId, row));
  const contacts = areContactsCounted ? { days: rest, repeats: contactRepeatsIn(queueId, row) } : null;
  return { place, queueId, sums, contacts };
}

function totalOf(place: number, row: TotalRow, areContactsCounted: boolean): VisitGroup {
  const { waits, rest } = unpacked(row);
  const repeated = row.counts.at(-1) ?? 0;
  const sums = sumsRead(row.counts, waits, repeated === 0 ? NONE : [[ANY_QUEUE, repeated]]);
  // A total tells no call twice: what had been answered before is taken off where it is counted.
  return { place, queueId: '', sums, contacts: areContactsCounted ? { days: rest, repeats: NONE } : null };
}

const ANY_QUEUE = [''];
const NONE: never[] = [];

function unpacked({ counts, packed }: Counted): { waits: Record<WaitKind, Waits>; rest: Waits } {
  let place = COUNTED.length;
  let end = 0;
  const next = () => {
    const from = end;
    end += counts[place++] ?? 0;
    return waitsOf(packed, from, end);
  };
  const waits = {
    answeredWaits: next(),
    abandonedWaits: next(),
    callbackWaits: next(),
    otherWaits: next(),
  };
  return { waits, rest: waitsOf(packed, end) };
}
