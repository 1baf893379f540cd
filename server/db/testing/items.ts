import { createHash } from 'node:crypto';
import type { TransactionSql } from 'postgres';

/** One item of `append_events`, as ingest sends it. */
export interface Item {
  key: string;
  kind: string;
  occurredAt: number;
  source: string;
  sourceKey: string;
  sourceOrder: number;
  callId?: string;
  queue?: string;
  agent?: string;
  importId?: string;
  isPerson: boolean;
  body: Record<string, unknown>;
}

export interface Appended {
  accepted: number;
  duplicates: number;
  conflicts: number[];
  lastSeq: number;
  seqs: (number | null)[];
}

/** An item whose key follows from `sourceKey`, as [L2] says. */
export function item(sourceKey: string, changes: Partial<Item> = {}): Item {
  return {
    key: createHash('sha256').update(`test\u001f${sourceKey}`).digest('hex').slice(0, 32),
    kind: 'call.queued',
    occurredAt: Date.UTC(2026, 10, 23, 10),
    source: 'test',
    sourceKey,
    sourceOrder: 0,
    callId: sourceKey,
    queue: 'sales',
    isPerson: false,
    body: { origin: 'inbound' },
    ...changes,
  };
}

/**
 * Calls the function itself, within a transaction that has its tenant. `seqs` as JSON, because postgres.js reads a
 * null within an array as the text NULL.
 */
export async function append(tx: TransactionSql, items: Item[]): Promise<Appended> {
  const [row] = await tx<Appended[]>`
    select accepted, duplicates, conflicts, last_seq::integer as "lastSeq", to_json(seqs) as seqs
    from append_events(${JSON.stringify(items)}::text::jsonb)`;
  if (!row) throw new Error('append_events answered nothing');
  return row;
}
