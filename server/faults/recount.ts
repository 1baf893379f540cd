import type { Sql } from 'postgres';
import { expect } from 'vitest';
import { ingestEvent, type LogEvent } from '../../shared/contract/events.ts';
import type { LiveMetrics } from '../../shared/contract/rest.ts';
import type { LiveSettings } from '../../shared/contract/settings.ts';
import { evolve } from '../../shared/live/evolve.ts';
import { measure } from '../../shared/live/measure.ts';
import { compareOrder } from '../../shared/live/order.ts';
import { createState } from '../../shared/live/state.ts';

interface Row {
  seq: string;
  recorded_ms: string;
  occurred_ms: string;
  kind: string;
  source: string;
  source_key: string;
  source_order: string;
  call_id: string | null;
  queue_id: string | null;
  agent_id: string | null;
  body: object;
}

/** Every event of a tenant's log, read by a query of its own: nothing the live state is built with is trusted here. */
export async function readLog(sql: Sql, tenantId: string): Promise<LogEvent[]> {
  const rows = await sql<Row[]>`
      select seq, (extract(epoch from recorded_at) * 1000)::bigint as recorded_ms,
        (extract(epoch from occurred_at) * 1000)::bigint as occurred_ms,
        kind, source, source_key, source_order, call_id, queue_id, agent_id, body
      from call_events where tenant_id = ${tenantId} order by seq`;
  return rows.map((row) => ({
    ...ingestEvent.parse({
      ...row.body,
      kind: row.kind,
      occurredAt: Number(row.occurred_ms),
      source: row.source,
      sourceKey: row.source_key,
      sourceOrder: Number(row.source_order),
      ...(row.call_id === null ? {} : { callId: row.call_id }),
      ...(row.queue_id === null ? {} : { queue: row.queue_id }),
      ...(row.agent_id === null ? {} : { agent: row.agent_id }),
    }),
    seq: Number(row.seq),
    recordedAt: Number(row.recorded_ms),
  }));
}

/** [L1] Numbered 1, 2, 3 … without a gap, and every event that was sent is there exactly once [L2]. */
export function expectLossless(log: LogEvent[], sent: { sourceKey: string }[]): void {
  expect(log.map((event) => event.seq)).toEqual(log.map((_, index) => index + 1));
  expect(log.map((event) => event.sourceKey).sort()).toEqual(sent.map((event) => event.sourceKey).sort());
}

/** [L15] What the live state answered equals folding the whole table once, in event order, on a clean slate. */
export function expectRecount(
  log: LogEvent[],
  answer: LiveMetrics,
  settings: LiveSettings,
  dayStart: number,
): void {
  const state = createState({ dayStart, settings });
  for (const event of [...log].sort(compareOrder)) evolve(state, event);
  const recounted = measure(state, settings, Date.parse(answer.asOf), { window: answer.window });
  expect(answer.seq).toBe(log.length);
  expect({ totals: answer.totals, sectors: answer.sectors, queues: answer.queues }).toEqual({
    totals: recounted.totals,
    sectors: recounted.sectors,
    queues: recounted.queues,
  });
}
