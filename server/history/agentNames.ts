import type { TransactionSql } from 'postgres';
import type { LogEvent } from '../../shared/contract/events.ts';

/** Notes the names that events use for agents, and how well each names a person: see `agent_names`. */
export interface AgentNames {
  write(tx: TransactionSql, tenantId: string, events: readonly LogEvent[]): Promise<void>;
  /** What was written may not have been. */
  forget(): void;
}

/** Names known to be there; beyond so many they are told again, which changes nothing. */
const KNOWN_LIMIT = 20_000;

export function createAgentNames(): AgentNames {
  const known = new Map<string, number>();
  return {
    async write(tx, tenantId, events) {
      const found = new Map<string, number>();
      for (const event of events) {
        if (!('agent' in event) || event.agent === undefined) continue;
        const rank = rankOf(event);
        const before = Math.min(found.get(event.agent) ?? 10, known.get(event.agent) ?? 10);
        if (rank < before) found.set(event.agent, rank);
      }
      if (found.size === 0) return;
      const rows = [...found].map(([name, rank]) => ({ name, rank }));
      await tx`
        insert into agent_names (tenant_id, name, rank)
        select ${tenantId}, name, rank from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as row (name text, rank integer)
        order by name
        on conflict (tenant_id, name) do update set rank = least(agent_names.rank, excluded.rank)`;
      if (known.size > KNOWN_LIMIT) known.clear();
      for (const [name, rank] of found) known.set(name, rank);
    },
    forget: () => known.clear(),
  };
}

/** The name used in an answer is the one people know; a membership's may be an interface's. */
function rankOf({ kind }: LogEvent): number {
  if (kind === 'call.answered') return 0;
  if (kind.startsWith('call.')) return 1;
  return kind === 'agent.joined' || kind === 'agent.left' ? 9 : 2;
}
