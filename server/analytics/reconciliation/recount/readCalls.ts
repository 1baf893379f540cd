import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TransactionSql } from 'postgres';
import type { LogEvent } from '../../../../shared/contract/events.ts';
import { type Database, inTenant } from '../../../db/connect.ts';
import { columns, type Row, toEvent } from '../../../log/readLog.ts';

/** Events of a tenant's log numbered up to `seq` that occurred between two instants, both included; epoch ms. */
export interface LogRange {
  since: number;
  until: number;
  seq: number;
}

/** Rows held at once: some milliseconds of work. */
const ROWS = 500;

/**
 * Hands over the calls of which anything occurred since `from`, one whole call at a time, whatever their number: the
 * database puts them in order, and no more than a few hundred rows are here at once.
 */
export async function readCalls(
  db: Database,
  tenantId: string,
  range: LogRange & { from: number },
  take: (callId: string, events: LogEvent[]) => void,
): Promise<void> {
  await inTenant(db, tenantId, async (tx) => {
    let call: LogEvent[] = [];
    let callId: string | null = null;
    const done = () => {
      if (callId !== null) take(callId, call);
    };
    const rows = tx<Row[]>`
      select ${columns(tx)} from call_events
      where ${within(tx, tenantId, range)} and kind like 'call.%' and call_id in (
        select call_id from call_events
        where tenant_id = ${tenantId} and seq <= ${range.seq} and occurred_at >= ${new Date(range.from)}
          and occurred_at <= ${new Date(range.until)} and call_id is not null
      )
      order by call_id`;
    for await (const page of rows.cursor(ROWS)) {
      for (const row of page) {
        if (row.call_id !== callId) {
          done();
          call = [];
          callId = row.call_id;
        }
        call.push(toEvent(row));
      }
      await nextTurn();
    }
    done();
  });
}

/** The events of these calls. */
export function readCallsById(
  db: Database,
  tenantId: string,
  range: LogRange,
  callIds: readonly string[],
): Promise<LogEvent[]> {
  return inTenant(db, tenantId, async (tx) => {
    const rows = await tx<Row[]>`
      select ${columns(tx)} from call_events
      where ${within(tx, tenantId, range)} and kind like 'call.%' and call_id = any(${[...callIds]}::text[])`;
    return rows.map(toEvent);
  });
}

export function readRestarts(db: Database, tenantId: string, range: LogRange): Promise<LogEvent[]> {
  return inTenant(db, tenantId, async (tx) => {
    const rows = await tx<Row[]>`
      select ${columns(tx)} from call_events
      where ${within(tx, tenantId, range)} and kind = 'source.restarted'`;
    return rows.map(toEvent);
  });
}

function within(tx: TransactionSql, tenantId: string, { since, until, seq }: LogRange) {
  return tx`tenant_id = ${tenantId} and seq <= ${seq} and occurred_at >= ${new Date(since)}
    and occurred_at <= ${new Date(until)}`;
}
