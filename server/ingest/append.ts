import type { TransactionSql } from 'postgres';

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
}

interface Row {
  accepted: number;
  duplicates: number;
  conflicts: number[];
  last_seq: string;
  seqs: (number | null)[];
}

/**
 * Appends items made by `eventItem` to the log of the transaction's tenant: the only door there is [L1]. Keep what else
 * the transaction does short: it holds the tenant's head lock from here to its end.
 */
export async function appendItems(tx: TransactionSql, items: string[]): Promise<Appended> {
  // Sent as text: the driver would serialise a jsonb parameter once more.
  // As JSON back: it gives no nulls in arrays.
  const rows = await tx<Row[]>`
    select accepted, duplicates, to_jsonb(conflicts) as conflicts, last_seq::text, to_jsonb(seqs) as seqs
    from append_events(${`[${items.join(',')}]`}::text::jsonb)`;
  const row = rows[0];
  if (row === undefined) throw new Error('append_events returned nothing');
  return {
    accepted: row.accepted,
    duplicates: row.duplicates,
    conflicts: row.conflicts,
    lastSeq: Number(row.last_seq),
    seqs: row.seqs,
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
  };
}
