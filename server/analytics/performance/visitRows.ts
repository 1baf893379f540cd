import { getTableColumns } from 'drizzle-orm';
import type { PendingQuery, Row, TransactionSql } from 'postgres';
import type { ContactsRead } from '../../../shared/metrics/contacts.ts';
import type { Waits } from '../../../shared/metrics/histogram.ts';
import { waitsOf } from '../../../shared/metrics/packedWaits.ts';
import type { WaitKind } from '../../../shared/metrics/verdicts.ts';
import type { SumsRead } from '../../../shared/metrics/visitSums.ts';
import { performanceTrends } from '../../db/schema/history.ts';
import { COUNTED, sumsRead } from '../../history/rollUps/queueRow.ts';
import type { Piece } from '../pieces.ts';
import type { QueueScope } from '../scope.ts';
import { countsListed, countsOf, instantsListed } from './columns.ts';
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

/**
 * What was read of one step (its place among `starts`, or of its cell in the week, from 0) and one queue, '' for the total. It
 * stays as it came, two columns, until somebody asks for its sums: an answer holds thousands of groups at once, and every
 * collection would have to move what they are taken apart into.
 */
export interface VisitGroup extends RepeatColumns, ContactRepeatColumns {
  place: number;
  queueId: string;
  /** From `countsFrom` on, left out: from the first, in the order of `COUNTED`; then how many bytes of `packed` are what. */
  counts: readonly number[] | Float64Array;
  countsFrom?: number;
  /** From `packedFrom` on, likewise: the four kinds of waits, and first contacts, one after the other. */
  packed: Uint8Array;
  packedFrom?: number;
}

/** Groups of all steps and queues that have any rows; first contacts with them only where every row's are counted. */
export async function readVisits(
  tx: TransactionSql,
  tenantId: string,
  question: VisitQuestion,
  areContactsCounted = false,
): Promise<VisitGroup[]> {
  const { pieces, queues, by, starts, within } = question;
  if (pieces.length === 0 || queues?.length === 0) return [];
  const from = tx`(${unionOf(tx, 'performance_trends', tenantId, pieces, scopeOf(tx, question))}) as piece`;
  const isOfAll = queues === null && by === 'total';
  // One row a bucket: of a trend it is a step mostly, and of a range there are few. Those are quicker read than added up.
  if (isOfAll && !('stepMinutes' in starts) && areFew(pieces, starts.length)) {
    const [row] = await tx<TotalRows[]>`
      select ${instantsListed(tx)} as at, ${countsListed(tx, COUNTS)} as counts, string_agg(${tx.unsafe(PACKED)}, '') as packed
      from ${from}`;
    return row ? totalsOf(row, starts) : [];
  }
  const repeats = isOfAll
    ? tx`sum(${tx.unsafe(REPEATED_IN_ALL)})::float8 as "repeatsWithin"`
    : tx`${repeatColumns(tx, within)} ${areContactsCounted ? tx`, ${contactRepeatColumns(tx, within)}` : tx``}`;
  return tx<VisitGroup[]>`
    select ${placeOf(tx, starts)} as place, ${by === 'queue' ? tx`queue_id` : tx`''`} as "queueId",
      array[${tx.unsafe(SUMS)}] as counts,
      ${tx.unsafe(PACKED_SUMS)} as packed, ${repeats}
    from ${from}
    group by 1, 2`;
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

/** Rows of the total, one after the other in each column; null where there is none. */
interface TotalRows {
  /** When their buckets begin, in epoch ms. */
  at: number[] | null;
  /** As in a group; the last of each row are the visits whose calls had been in any queue before. */
  counts: string | null;
  packed: Uint8Array | null;
}

const columns = getTableColumns(performanceTrends);
/** In the order in which they are packed. */
const PACKED_COLUMNS = (
  ['answeredWaits', 'abandonedWaits', 'callbackWaits', 'otherWaits', 'contacts'] as const
).map((kind) => columns[kind].name);
const PACKED = PACKED_COLUMNS.join(' || ');
const PACKED_SUMS = PACKED_COLUMNS.map((name) => `string_agg(${name}, '')`).join(' || ');
const REPEATED_IN_ALL = 'coalesce((repeats -> 0 ->> 1)::bigint, 0)';
const COUNTS = [
  ...COUNTED.map((field) => columns[field].name),
  ...PACKED_COLUMNS.map((name) => `length(${name})`),
  REPEATED_IN_ALL,
];
/** Added up as float8, which is exact to 2^53: the sum of bigints is a numeric, and takes PostgreSQL three times as long. */
const SUMS = [
  ...COUNTED.map((field) => {
    const { name } = columns[field];
    return field.startsWith('max') ? `max(${name})::float8` : `sum(${name}::float8)`;
  }),
  ...PACKED_COLUMNS.map((name) => `sum(length(${name}))::float8`),
].join(', ');

const UNSETTLED = COUNTED.indexOf('unsettled');
const LENGTHS = COUNTED.length;
const CONTACTS = LENGTHS + PACKED_COLUMNS.indexOf('contacts');

function totalsOf({ at, counts: text, packed }: TotalRows, starts: readonly number[]): VisitGroup[] {
  if (at === null || text === null || packed === null) return [];
  const counts = countsOf(text, at.length * COUNTS.length);
  let packedFrom = 0;
  return at.map((instant, row) => {
    const countsFrom = row * COUNTS.length;
    const repeatsWithin = counts[countsFrom + COUNTS.length - 1] ?? 0;
    const group = {
      place: placeAt(instant, starts),
      queueId: '',
      counts,
      countsFrom,
      packed,
      packedFrom,
      repeatsWithin,
    };
    for (let length = LENGTHS; length <= CONTACTS; length++) packedFrom += counts[countsFrom + length] ?? 0;
    return group;
  });
}

/** What a group's visits add up to. Made anew each time. */
export function sumsIn(group: VisitGroup): SumsRead {
  const { queueId, counts, countsFrom = 0 } = group;
  let at = countsFrom;
  return sumsRead(() => counts[at++] ?? 0, waitsIn(group), repeatsIn(queueId, group));
}

/** First contacts of a group that was read with them. A total tells no call twice: its rows say so themselves. */
export function contactsIn(group: VisitGroup): ContactsRead {
  const { queueId, counts, countsFrom = 0, packed, packedFrom = 0 } = group;
  let from = packedFrom;
  for (let length = LENGTHS; length < CONTACTS; length++) from += counts[countsFrom + length] ?? 0;
  const days = waitsOf(packed, from, from + (counts[countsFrom + CONTACTS] ?? 0));
  return { days, repeats: contactRepeatsIn(queueId, group) };
}

/** Visits of a group that still wait, talk or are wrapped up. */
export function unsettledIn({ counts, countsFrom = 0 }: VisitGroup): number {
  return counts[countsFrom + UNSETTLED] ?? 0;
}

function waitsIn({ counts, countsFrom = 0, packed, packedFrom = 0 }: VisitGroup): Record<WaitKind, Waits> {
  let length = countsFrom + LENGTHS;
  let end = packedFrom;
  const next = () => {
    const from = end;
    end += counts[length++] ?? 0;
    return waitsOf(packed, from, end);
  };
  return {
    answeredWaits: next(),
    abandonedWaits: next(),
    callbackWaits: next(),
    otherWaits: next(),
  };
}
