import type { TransactionSql } from 'postgres';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { identityOf } from '../../../shared/live/identity.ts';

/** An answered call of an agent, as history knows it. */
export interface KnownCall {
  agentId: string;
  queueId: string;
  /** When it entered the queue, as the database wrote it. */
  calledAt: Date;
}

interface Leg {
  callId: string;
  identity: string;
  queueId: string;
  calledAt: Date;
}

/** Who answered these calls; asked for one, with the agent a review names, or null for whoever answered it last. */
export async function readCalls(
  tx: TransactionSql,
  tenantId: string,
  callIds: readonly string[],
  { aliases }: LiveSettings,
): Promise<(callId: string, agentId: string | null) => KnownCall | null> {
  const legs = await tx<Leg[]>`
    select call_id as "callId", identity, queue_id as "queueId", counted_at as "calledAt" from agent_metrics
    where tenant_id = ${tenantId} and call_id = any(${[...callIds]}) and kind = 'answered'
    order by counted_at desc, nth desc`;
  const byCall = new Map<string, Leg[]>();
  for (const leg of legs) byCall.set(leg.callId, [...(byCall.get(leg.callId) ?? []), leg]);
  // Facts know an agent by his identity, people by the name that tells best who he is.
  const names = await tx<{ name: string }[]>`
    select name from agent_names where tenant_id = ${tenantId} order by rank, name`;
  const nameOf = new Map<string, string>();
  for (const { name } of names) {
    const identity = identityOf(name, aliases);
    if (!nameOf.has(identity)) nameOf.set(identity, name);
  }
  return (callId, agentId) => {
    const asked = agentId === null ? null : identityOf(agentId, aliases);
    const leg = byCall.get(callId)?.find(({ identity }) => asked === null || identity === asked);
    if (leg === undefined) return null;
    const { identity, queueId, calledAt } = leg;
    return { agentId: agentId ?? nameOf.get(identity) ?? identity, queueId, calledAt };
  };
}
