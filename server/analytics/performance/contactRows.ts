import type { TransactionSql } from 'postgres';
import {
  addContacts,
  type ContactRepeatEntry,
  type Contacts,
  contactsOf,
  emptyContacts,
} from '../../../shared/metrics/contacts.ts';
import { unpackWaits } from '../../../shared/metrics/packedWaits.ts';
import { DAY_MS, INTERVAL_MS } from '../calendar.ts';
import type { Centre } from '../centre.ts';
import { endedBefore } from '../pieces.ts';
import { placeOf, scopeOf, unionOf, type VisitQuestion } from './visitRows.ts';

/** The first contacts of one step and one queue, '' for the total. */
export interface ContactGroup {
  place: number;
  queueId: string;
  contacts: Contacts;
}

/** First contacts [H4] that are counted by `now` (epoch ms), one row a step and queue that has any. */
export async function readContacts(
  tx: TransactionSql,
  { tenantId, settings, calendar }: Centre,
  question: VisitQuestion,
  now: number,
): Promise<ContactGroup[]> {
  const { queues, by, starts } = question;
  const pieces = endedBefore(question.pieces, countedUntil(settings, now), calendar);
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

/** Added up. */
export function contactsIn(groups: readonly ContactGroup[]): Contacts {
  // As with visits: a step of a trend mostly is one row.
  if (groups.length === 1 && groups[0]) return groups[0].contacts;
  const total = emptyContacts();
  for (const { contacts } of groups) addContacts(total, contacts);
  return total;
}

/** Calls of intervals that ended so many days ago are counted: until then one of them is younger. */
function countedUntil({ firstContactDays }: Centre['settings'], now: number): number {
  return Math.floor((now - firstContactDays * DAY_MS) / INTERVAL_MS) * INTERVAL_MS;
}
