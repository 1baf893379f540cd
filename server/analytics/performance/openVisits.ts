import type { PendingQuery, TransactionSql } from 'postgres';
import type { QueueScope } from '../scope.ts';

/** A visit that still waits; epoch ms. */
export interface OpenVisit {
  queueId: string;
  enteredAt: number;
}

/**
 * Waiting visits that entered in [from, to) and may miss a threshold [SL0]: roll-ups know only whether they have missed the
 * one those are stamped with. `since` is before the oldest that is no ghost [V10].
 */
export function readOpenVisits(
  tx: TransactionSql,
  tenantId: string,
  { from, to, since, queues }: { from: number; to: number; since: number; queues: QueueScope },
): PendingQuery<OpenVisit[]> {
  return tx<OpenVisit[]>`
    select queue_id as "queueId", floor(extract(epoch from entered_at) * 1000)::float8 as "enteredAt"
    from queue_visits
    where tenant_id = ${tenantId} and entered_at >= ${new Date(Math.max(from, since))}
      and entered_at < ${new Date(to)} and outcome = 'open' and origin <> 'callback'
      and ${queues === null ? tx`true` : tx`queue_id = any(${[...queues]}::text[])`}`;
}
