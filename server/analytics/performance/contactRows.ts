import type { TransactionSql } from 'postgres';
import type { ContactsRead } from '../../../shared/metrics/contacts.ts';
import { waitsOf } from '../../../shared/metrics/packedWaits.ts';
import { DAY_MS, INTERVAL_MS } from '../calendar.ts';
import type { Centre } from '../centre.ts';
import { endedBefore, type Piece } from '../pieces.ts';
import { type ContactRepeatColumns, contactRepeatColumns, contactRepeatsIn } from './repeatRows.ts';
import { placeOf, scopeOf, unionOf, type VisitQuestion } from './visitRows.ts';

/** The first contacts of one step and one queue, '' for the total. */
export interface ContactGroup {
  place: number;
  queueId: string;
  contacts: ContactsRead;
}

/** Of what is asked about, the part whose first contacts [H4] are counted by `now` (epoch ms). */
export function countedPieces(
  { settings, calendar }: Centre,
  pieces: readonly Piece[],
  now: number,
): Piece[] {
  return endedBefore(pieces, countedUntil(settings, now), calendar);
}

/** First contacts by themselves, one row a step and queue that has any: where they are counted of a part only. */
export async function readContacts(
  tx: TransactionSql,
  tenantId: string,
  question: VisitQuestion,
): Promise<ContactGroup[]> {
  const { pieces, queues, by, starts, within } = question;
  if (pieces.length === 0 || queues?.length === 0) return [];
  const rows = await tx<(ContactRepeatColumns & { place: number; queueId: string; days: Uint8Array })[]>`
    select ${placeOf(tx, starts)} as place, ${by === 'queue' ? tx`queue_id` : tx`''`} as "queueId",
      string_agg(contacts, '') as days, ${contactRepeatColumns(tx, within)}
    from (${unionOf(tx, 'performance_trends', tenantId, pieces, scopeOf(tx, question))}) as piece
    group by 1, 2`;
  return rows.map((row) => ({
    place: row.place,
    queueId: row.queueId,
    contacts: { days: waitsOf(row.days), repeats: contactRepeatsIn(row.queueId, row) },
  }));
}

/** Calls of intervals that ended so many days ago are counted: until then one of them is younger. */
function countedUntil({ firstContactDays }: Centre['settings'], now: number): number {
  return Math.floor((now - firstContactDays * DAY_MS) / INTERVAL_MS) * INTERVAL_MS;
}
