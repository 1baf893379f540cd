import type { TransactionSql } from 'postgres';
import type { ContactRepeatEntry } from '../../../shared/metrics/contacts.ts';
import { unpackWaits } from '../../../shared/metrics/packedWaits.ts';
import type { RepeatEntry } from '../../../shared/metrics/repeats.ts';

/** What rows of `performance_trends` say of calls that had been in queues before [T5] [H4]: columns of a `select`, and what came of them. */

/**
 * What is told of every queue: itself, or as one of its sector's, whole sectors. Their rows know both as sums; for any other
 * choice of queues, undefined, the lists of which queues calls had been in are read, thousands of entries a year.
 */
export type Within = 'queue' | 'sector' | undefined;

export interface RepeatColumns {
  /** Entries as JSON; null: none. */
  repeats?: string | null;
  repeatsWithin?: number;
}

export interface ContactRepeatColumns {
  /** Entries as JSON; null: none. */
  contactRepeats?: string | null;
  contactRepeatsWithin?: Uint8Array;
}

/** Added up, as {@link RepeatColumns} has them. */
export function repeatColumns(tx: TransactionSql, within: Within) {
  if (within === undefined) return tx`${listed(tx, 'repeats')} as repeats`;
  return tx`sum(${tx(`repeats_in_${within}`)}::float8) as "repeatsWithin"`;
}

/** Added up, as {@link ContactRepeatColumns} has them. */
export function contactRepeatColumns(tx: TransactionSql, within: Within) {
  return within === undefined
    ? tx`${listed(tx, 'contact_repeats')} as "contactRepeats"`
    : tx`string_agg(${tx(`contact_repeats_in_${within}`)}, '') as "contactRepeatsWithin"`;
}

/** The entries of all rows in one list, as text: to add JSON up as JSON takes several times as long. */
function listed(tx: TransactionSql, column: 'repeats' | 'contact_repeats') {
  const name = tx(column);
  return tx`'[' || string_agg(substr(${name}::text, 2, length(${name}::text) - 2), ',') filter (where ${name} <> '[]') || ']'`;
}

/** Where all that is known is that calls had been within what is asked about, they count as ones that had been in the queue itself. */
export function repeatsIn(queueId: string, { repeats, repeatsWithin = 0 }: RepeatColumns): RepeatEntry[] {
  if (repeats !== undefined) return entriesOf(repeats);
  return repeatsWithin === 0 ? [] : [[[queueId], repeatsWithin]];
}

/** The same of first contacts. */
export function contactRepeatsIn(
  queueId: string,
  { contactRepeats, contactRepeatsWithin }: ContactRepeatColumns,
): ContactRepeatEntry[] {
  if (contactRepeatsWithin === undefined) return entriesOf(contactRepeats);
  return [...unpackWaits(contactRepeatsWithin)].map(([day, calls]) => [[queueId], day, calls]);
}

/** Of what this module's SQL says; most rows have none. */
function entriesOf<T>(text: string | null | undefined): T[] {
  return text == null || text === '[]' ? [] : JSON.parse(text);
}
