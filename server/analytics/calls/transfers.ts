import type { Fragment, TransactionSql } from 'postgres';

/**
 * Where a transferred visit went [H6], a row of `queue_visits` by that name: to the queue its call entered next, as soon as a
 * continuation would be [T6], or to none. One look into the visits of its call.
 */

const SOON = '60 seconds';

/** The queue's id; null: elsewhere. */
export function nextQueue(tx: TransactionSql): Fragment {
  return tx`(
    select next.queue_id from queue_visits as next
    where next.tenant_id = queue_visits.tenant_id and next.call_id = queue_visits.call_id and next.nth > queue_visits.nth
      and next.entered_at <= queue_visits.ended_at + ${SOON}::interval
    order by next.entered_at, next.nth limit 1
  )`;
}

export function wentTo(tx: TransactionSql, queues: readonly string[]): Fragment {
  return tx`outcome = 'answered' and ${wasTransferred(tx)} and ${nextQueue(tx)} = any(${[...queues]}::text[])`;
}

export function wentToQueue(tx: TransactionSql): Fragment {
  return tx`${wasTransferred(tx)} and ${nextQueue(tx)} is not null`;
}

export function wentElsewhere(tx: TransactionSql): Fragment {
  return tx`${wasTransferred(tx)} and ${nextQueue(tx)} is null`;
}

function wasTransferred(tx: TransactionSql): Fragment {
  return tx`ended_at is not null and is_transferred`;
}
