import type { TransactionSql } from 'postgres';
import {
  addContacts,
  type ContactRepeatEntry,
  type Contacts,
  contactsOf,
  emptyContacts,
} from '../../../shared/metrics/contacts.ts';
import { unpackWaits } from '../../../shared/metrics/packedWaits.ts';
import { placeOf, scopeOf, unionOf, type VisitQuestion } from './visitRows.ts';

/** The first contacts of one step and one queue, '' for the total. */
export interface ContactGroup {
  place: number;
  queueId: string;
  contacts: Contacts;
}

/** First contacts [H4], one row a step and queue that has any. */
export async function readContacts(
  tx: TransactionSql,
  tenantId: string,
  question: VisitQuestion,
): Promise<ContactGroup[]> {
  const { pieces, queues, by, starts } = question;
  if (pieces.length === 0 || queues?.length === 0) return [];
  const rows = await tx<
    { place: number; queueId: string; days: Uint8Array | null; repeats: ContactRepeatEntry[][] | null }[]
  >`
    select ${placeOf(tx, starts)} as place, ${by === 'queue' ? tx`queue_id` : tx`''`} as "queueId",
      string_agg(contacts, ''::bytea) as days,
      jsonb_agg(contact_repeats) filter (where contact_repeats <> '[]') as repeats
    from (${unionOf(tx, 'performance_trends', tenantId, pieces, scopeOf(tx, question))}) as piece
    group by 1, 2`;
  return rows.map(({ place, queueId, days, repeats }) => ({
    place,
    queueId,
    contacts: contactsOf(unpackWaits(days ?? new Uint8Array()), (repeats ?? []).flat()),
  }));
}

export function mergedContacts(all: Iterable<Contacts>): Contacts {
  const total = emptyContacts();
  for (const contacts of all) addContacts(total, contacts);
  return total;
}
