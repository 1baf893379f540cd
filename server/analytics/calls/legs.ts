import type { TransactionSql } from 'postgres';
import type { LegFact } from '../../../shared/metrics/facts.ts';
import { planForValues } from './visits.ts';

/** Rings nobody took, and outbound calls, one by one. */

/** Instants in epoch ms; what is left out is not asked. */
export interface LegFilter {
  kind: 'missed' | 'outbound';
  from?: number;
  to?: number;
  /** Of these queues; null: of any. */
  queues: readonly string[] | null;
  /** Those of no queue as well, of these agents, null: of any; undefined: none of them. */
  others?: readonly string[] | null | undefined;
  identity?: string;
}

/** A leg's place in the list. */
export type LegPlace = Pick<LegFact, 'countedAt' | 'identity' | 'callId' | 'nth'>;

/** A page of the legs that fit, the latest first, from behind `after`. Changes planner settings of its transaction. */
export async function readLegsBy(
  tx: TransactionSql,
  tenantId: string,
  page: { filter: LegFilter; after: LegPlace | null; limit: number },
): Promise<LegFact[]> {
  const [, rows] = await Promise.all([planForValues(tx), tx<LegFact[]>`${legsQuery(tx, tenantId, page)}`]);
  return rows;
}

/** For tests that look at its plan. */
export function legsQuery(
  tx: TransactionSql,
  tenantId: string,
  { filter, after, limit }: { filter: LegFilter; after: LegPlace | null; limit: number },
) {
  const { kind, from, to, queues, others, identity } = filter;
  const ofQueues = queues === null ? tx`queue_id <> ''` : tx`queue_id = any(${[...queues]}::text[])`;
  const ofNone =
    others === null
      ? tx`queue_id = ''`
      : tx`(queue_id = '' and identity = any(${[...(others ?? [])]}::text[]))`;
  const scope =
    others === undefined
      ? ofQueues
      : queues === null && others === null
        ? tx`true`
        : tx`(${ofQueues} or ${ofNone})`;
  return tx`
    select ${legColumns(tx)} from agent_metrics
    where tenant_id = ${tenantId} and kind = ${kind} and ${scope}
      ${from === undefined ? tx`` : tx`and counted_at >= ${new Date(from)}`}
      ${to === undefined ? tx`` : tx`and counted_at < ${new Date(to)}`}
      ${identity === undefined ? tx`` : tx`and identity = ${identity}`}
      ${
        after === null
          ? tx``
          : tx`
            and (counted_at, identity, call_id, nth)
              < (${new Date(after.countedAt)}, ${after.identity}, ${after.callId}, ${after.nth})`
      }
    order by agent_metrics.counted_at desc, identity desc, call_id desc, nth desc limit ${limit}`;
}

/** A leg as {@link LegFact} has it. */
export function legColumns(tx: TransactionSql) {
  return tx`
    identity, (extract(epoch from counted_at) * 1000)::float8 as "countedAt", call_id as "callId", kind, nth,
    queue_id as "queueId", (extract(epoch from started_at) * 1000)::float8 as "startedAt",
    (extract(epoch from ended_at) * 1000)::float8 as "endedAt", wait_ms::float8 as "waitMs",
    talk_ms::float8 as "talkMs", hold_ms::float8 as "holdMs", wrap_up_ms::float8 as "wrapUpMs",
    (extract(epoch from handled_at) * 1000)::float8 as "handledAt", is_transferred as "isTransferred",
    is_completed as "isCompleted"`;
}
