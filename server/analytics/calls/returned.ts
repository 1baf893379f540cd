import type { Fragment, TransactionSql } from 'postgres';
import { UNASSIGNED_SECTOR } from '../../../shared/contract/settings.ts';
import type { VisitRules } from './visitRules.ts';

/**
 * Whether the caller of a visit (a row of `queue_visits`, by that name) called its sector again within so many days and was
 * answered [V12], by the rules of first contacts [H4]: another call, callbacks of ours left out. One look into an index a visit.
 */
export function returned(tx: TransactionSql, { firstContactDays }: VisitRules): Fragment {
  return tx`exists (
    select from queue_visits as again
    where again.tenant_id = queue_visits.tenant_id and again.caller = queue_visits.caller
      and again.entered_at > queue_visits.entered_at
      and again.entered_at <= queue_visits.entered_at + ${firstContactDays * 24}::int * interval '1 hour'
      and again.call_id <> queue_visits.call_id and again.outcome = 'answered' and again.origin <> 'callback'
      and ${sectorOf(tx, 'again')} = ${sectorOf(tx, 'queue_visits')}
  )`;
}

/** The sector a visit's queue is in now [T9]. */
function sectorOf(tx: TransactionSql, visit: string): Fragment {
  const [tenant, queue] = [tx(`${visit}.tenant_id`), tx(`${visit}.queue_id`)];
  return tx`coalesce((select q.sector_id from queues q where q.tenant_id = ${tenant} and q.id = ${queue}), ${UNASSIGNED_SECTOR})`;
}
