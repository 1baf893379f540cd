import type { TransactionSql } from 'postgres';
import { QUARTER_MS } from '../../shared/live/facts.ts';
import type { LocalDay } from '../log/localDay.ts';

/** Collects the buckets that facts of one day count in, and marks them dirty in the transaction that writes the facts [L11]. */
export interface Marks {
  /** A visit or missed ring of a queue at an instant (epoch ms). */
  queue(queueId: string, at: number): void;
  /** An agent's part in a call. */
  leg(queueId: string, identity: string, at: number): void;
  /** Something of the agent's day. */
  agent(identity: string): void;
  /** A piece of some agent's timeline. */
  team(at: number): void;
  /** Answers whether there were any. */
  write(tx: TransactionSql, tenantId: string): Promise<boolean>;
}

/**
 * What adds up many agents' time changes with every event of any of them: while the day runs it is recomputed no more often
 * than this. How calls went is recomputed at once.
 */
const TIME_SETTLES_MS = 10_000;

type Kind = 'agent' | 'queue' | 'team';

/** `now` in epoch ms. */
export function createMarks(day: LocalDay, now: number): Marks {
  const found = new Map<string, { kind: Kind; bucket: number; id: string }>();
  const mark = (kind: Kind, bucket: number, id: string): void => {
    found.set(`${kind} ${bucket} ${id}`, { kind, bucket, id });
  };
  const quarter = (at: number): number => Math.floor(at / QUARTER_MS) * QUARTER_MS;
  const queue = (queueId: string, at: number): void => {
    if (queueId !== '') mark('queue', quarter(at), queueId);
  };
  const agent = (identity: string): void => mark('agent', day.start, identity);
  return {
    queue,
    leg(queueId, identity, at) {
      queue(queueId, at);
      agent(identity);
    },
    agent,
    team: (at) => mark('team', quarter(at), ''),
    async write(tx, tenantId) {
      if (found.size === 0) return false;
      const soon = now < day.end ? now + TIME_SETTLES_MS : null;
      const rows = [...found.values()].map((row) => ({ ...row, due: row.kind === 'queue' ? null : soon }));
      // In the order of their key: two writers of the same buckets wait for each other, and never both ways round. The
      // update takes the row's lock, so that whoever recomputes it now waits for what is written here.
      await tx`
        insert into dirty_buckets (tenant_id, kind, bucket, id, due_at)
        select ${tenantId}, kind, timestamptz 'epoch' + bucket * interval '1 millisecond', id,
          coalesce(timestamptz 'epoch' + due * interval '1 millisecond', '-infinity')
        from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as mark (kind text, bucket bigint, id text, due bigint)
        order by kind, bucket, id
        on conflict (tenant_id, kind, bucket, id) do update set due_at = least(dirty_buckets.due_at, excluded.due_at)`;
      return true;
    },
  };
}
