import type { TransactionSql } from 'postgres';
import { FIRST_CONTACT_DAYS_LIMIT, UNASSIGNED_SECTOR } from '../../../shared/contract/settings.ts';
import { addContact, type Contacts, emptyContacts, NEVER_AGAIN } from '../../../shared/metrics/contacts.ts';
import type { Span } from './facts.ts';
import { spansOf } from './queueRowsOf.ts';
import { instants } from './table.ts';

/** First contacts [H4] from the facts: who called again, and whose earlier calls a call tells something of. */

/** Hours, for a day of the session's zone may have 23 of them. */
const REACH = `${FIRST_CONTACT_DAYS_LIMIT * 24} hours`;
/** What every withheld number is in the log (server/ingest/caller.ts). */
export const WITHHELD = 'anonymous';

/** A visit as far as it tells that somebody called. */
export interface CallerVisit {
  caller: string | null;
  callId: string;
  queueId: string;
  origin: string;
  /** Epoch ms. */
  enteredAt: number;
}

/** Whether a visit is its caller's doing, and says who he is: callbacks are ours. */
export function tellsCaller({ caller, origin }: Pick<CallerVisit, 'caller' | 'origin'>): boolean {
  return caller !== null && caller !== WITHHELD && origin !== 'callback';
}

/** The contacts of each span, in their order; `days`: when the local day of each began. None: undefined. */
export async function readContacts(
  tx: TransactionSql,
  tenantId: string,
  spans: readonly Span[],
  days: readonly number[],
): Promise<(Contacts | undefined)[]> {
  const rows = await tx<{ n: number; day: number; earlier: string[]; calls: number }[]>`
    select s.n::int, v.day, v.earlier, count(*)::int as calls
    from ${spansOf(tx, spans)}
    join unnest(${instants(days)}::timestamptz[]) with ordinality as d(began, n) using (n)
    cross join lateral (select ${sectorOf(tx, tenantId, 's.id')} as sector offset 0) own
    cross join lateral (
      select coalesce(again.day, ${NEVER_AGAIN}) as day,
        case when f.earlier_queues = '{}' then f.earlier_queues else array(
          select distinct e.queue_id from queue_visits e
          where e.tenant_id = ${tenantId} and e.call_id = f.call_id and e.entered_at >= d.began
            and (e.entered_at, e.nth) < (f.entered_at, f.nth) and e.outcome = 'answered' and e.origin <> 'callback'
          order by 1
        ) end as earlier
      from queue_visits f
      left join lateral (
        select greatest(ceil(extract(epoch from a.entered_at - f.entered_at) / 86400), 1)::int as day
        from queue_visits a
        where a.tenant_id = ${tenantId} and a.caller = f.caller and a.entered_at > f.entered_at
          and a.entered_at <= f.entered_at + ${REACH}::interval and a.call_id <> f.call_id and a.origin <> 'callback'
          and ${sectorOf(tx, tenantId, 'a.queue_id')} = own.sector
        order by a.entered_at limit 1
      ) again on true
      where f.tenant_id = ${tenantId} and f.queue_id = s.id and f.entered_at >= s.low and f.entered_at < s.high
        and f.outcome = 'answered' and f.caller <> ${WITHHELD} and f.origin <> 'callback'
      offset 0
    ) v
    group by s.n, v.day, v.earlier`;
  const contacts: (Contacts | undefined)[] = spans.map(() => undefined);
  for (const { n, day, earlier, calls } of rows) {
    const of = contacts[n - 1] ?? emptyContacts();
    contacts[n - 1] = of;
    addContact(of, earlier, day, calls);
  }
  return contacts;
}

/**
 * The answered visits for which one of `changed`, that has come, gone or is another's now, is or was the caller's next call: those
 * since his call before it. What the facts hold of `changed` is in place already.
 */
export async function contactsBefore(
  tx: TransactionSql,
  tenantId: string,
  changed: readonly CallerVisit[],
): Promise<{ queueId: string; at: number }[]> {
  if (changed.length === 0) return [];
  return tx<{ queueId: string; at: number }[]>`
    select distinct before.queue_id as "queueId", (extract(epoch from before.entered_at) * 1000)::float8 as at
    from jsonb_to_recordset(${JSON.stringify(changed)}::text::jsonb)
      as given (caller text, "callId" text, "queueId" text, "enteredAt" bigint)
    cross join lateral (
      select timestamptz 'epoch' + given."enteredAt" * interval '1 millisecond' as at,
        ${sectorOf(tx, tenantId, 'given.queueId')} as sector offset 0
    ) c
    cross join lateral (
      select p.call_id, p.entered_at from queue_visits p
      where p.tenant_id = ${tenantId} and p.caller = given.caller and p.entered_at < c.at
        and p.entered_at >= c.at - ${REACH}::interval and p.call_id <> given."callId" and p.origin <> 'callback'
        and ${sectorOf(tx, tenantId, 'p.queue_id')} = c.sector
      order by p.entered_at desc limit 1
    ) last
    cross join lateral (
      select v.queue_id, v.entered_at from queue_visits v
      where v.tenant_id = ${tenantId} and v.caller = given.caller and v.entered_at < c.at
        and v.entered_at >= c.at - ${REACH}::interval and v.outcome = 'answered'
        and (v.entered_at >= last.entered_at or v.call_id = last.call_id)
      offset 0
    ) before`;
}

/** The sector a queue is in now [T9]; `column` names its id. */
function sectorOf(tx: TransactionSql, tenantId: string, column: string) {
  return tx`coalesce(
    (select q.sector_id from queues q where q.tenant_id = ${tenantId} and q.id = ${tx(column)}), ${UNASSIGNED_SECTOR}
  )`;
}
