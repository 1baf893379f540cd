import type { Sql, TransactionSql } from 'postgres';

/** What `append_events` did with a list of items [L1]; places are indexes into that list. */
export interface Appended {
  accepted: number;
  duplicates: number;
  /** Items whose key is known with other content [L2]. */
  conflicts: number[];
  /** The tenant's last log position after this transaction. */
  lastSeq: number;
  /** Log position of each item; null for a duplicate. */
  seqs: (number | null)[];
  /** When the accepted were recorded, epoch ms; null where nothing was. */
  recordedAt: number | null;
}

interface Row {
  accepted: number;
  duplicates: number;
  conflicts: number[];
  last_seq: string;
  seqs: (number | null)[];
  recorded_at: number | null;
}

/**
 * Appends items made by `eventItem` to the log of the transaction's tenant: the only door there is [L1]. Keep what else
 * the transaction does short: it holds the tenant's head lock from here to its end.
 */
export async function appendItems(tx: TransactionSql, items: string[]): Promise<Appended> {
  // Sent as text: the driver would serialise a jsonb parameter once more.
  // As JSON back: it gives no nulls in arrays.
  const rows = await tx<Row[]>`
    select ${outcome(tx)} from append_events(${`[${items.join(',')}]`}::text::jsonb)`;
  return appended(rows[0]);
}

/**
 * The same as a transaction of its own, in one exchange with the database in place of four: the live path waits for
 * this. The tenant is set by the statement that uses it; the dependency makes PostgreSQL set it first.
 */
export async function appendAlone(sql: Sql, tenantId: string, items: string[]): Promise<Appended> {
  const rows = await sql<Row[]>`
    select ${outcome(sql)}
    from (select set_config('app.tenant_id', ${tenantId}, true) as tenant offset 0) as entered,
      lateral append_events(case when tenant is not null then ${`[${items.join(',')}]`}::text::jsonb end)`;
  return appended(rows[0]);
}

const outcome = (sql: Sql | TransactionSql) => sql`
  accepted, duplicates, to_jsonb(conflicts) as conflicts, last_seq::text, to_jsonb(seqs) as seqs,
  (extract(epoch from recorded_at) * 1000)::float8 as recorded_at`;

function appended(row: Row | undefined): Appended {
  if (row === undefined) throw new Error('append_events returned nothing');
  return {
    accepted: row.accepted,
    duplicates: row.duplicates,
    conflicts: row.conflicts,
    lastSeq: Number(row.last_seq),
    seqs: row.seqs,
    recordedAt: row.recorded_at,
  };
}

/** The part of a shared transaction's answer that is one request's own: `count` items from `from`. */
export function sliceAppended(whole: Appended, from: number, count: number): Appended {
  const seqs = whole.seqs.slice(from, from + count);
  const accepted = seqs.filter((seq) => seq !== null).length;
  return {
    accepted,
    duplicates: count - accepted,
    conflicts: whole.conflicts
      .filter((index) => index >= from && index < from + count)
      .map((index) => index - from),
    lastSeq: whole.lastSeq,
    seqs,
    recordedAt: whole.recordedAt,
  };
}
