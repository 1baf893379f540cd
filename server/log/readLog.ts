import type { Sql, TransactionSql } from 'postgres';
import type { LogEvent } from '../../shared/contract/events.ts';
import { logEvent } from '../../shared/contract/logEvent.ts';
import { compareOrder } from '../../shared/live/order.ts';
import type { RefoldRequest } from '../../shared/live/refold.ts';
import type { Database } from '../db/connect.ts';
import { within } from '../db/deadline.ts';
import { ANSWER_MS, ask } from './ask.ts';

/** Everything live reads from the log of one tenant. Instants leave SQL as whole epoch milliseconds. */

/** A place in a tenant's log: the last event read. `recordedAt` (epoch ms) lets a read skip older partitions. */
export interface Cursor {
  seq: number;
  recordedAt: number;
}

/** A row of the log, by the names of its columns. */
export interface Row {
  seq: number;
  recorded_at: number;
  occurred_at: number;
  kind: string;
  source: string;
  source_key: string;
  source_order: number;
  call_id: string | null;
  queue_id: string | null;
  agent_id: string | null;
  body: Record<string, unknown>;
}

// float8 holds every millisecond and every seq up to 2^53 exactly, and the driver reads it as a number; not so bigint.
export const columns = (sql: Sql | TransactionSql) => sql`
  seq::float8, (extract(epoch from recorded_at) * 1000)::float8 as recorded_at,
  (extract(epoch from occurred_at) * 1000)::float8 as occurred_at,
  kind, source, source_key, source_order::float8, call_id, queue_id, agent_id, body`;

export function toEvent(row: Row): LogEvent {
  return logEvent({
    seq: row.seq,
    recordedAt: row.recorded_at,
    occurredAt: row.occurred_at,
    kind: row.kind,
    source: row.source,
    sourceKey: row.source_key,
    sourceOrder: row.source_order,
    callId: row.call_id,
    queue: row.queue_id,
    agent: row.agent_id,
    body: row.body,
  });
}

/** What one look at the log tells the feed. */
export interface LogPage {
  events: LogEvent[];
  /** The last number given out, by the time of the read or a little later. */
  headSeq: number;
  /** Moves whenever settings, sectors, queues, agents or aliases change. */
  settingsVersion: number;
}

/**
 * The next events after `cursor`, in commit order [L1]; `recorded_at` never falls as seq rises, so it prunes. One
 * statement and so one exchange with the database in place of three: the live path waits for this. The tenant is set
 * by the statement that uses it, and everything else depends on that; unset, row security would show nothing [L10].
 */
export async function readPage(
  db: Database,
  tenantId: string,
  cursor: Cursor,
  limit: number,
): Promise<LogPage> {
  const { sql } = db;
  const rows = await within(
    sql<((Row | { [column in keyof Row]: null }) & { head_seq: number; version: number })[]>`
      select head.seq::float8 as head_seq, head.version::float8, page.*
      from
        (select set_config('app.tenant_id', ${tenantId}, true)::uuid as tenant offset 0) as entered,
        lateral (
          select event_heads.seq, settings.version from event_heads join settings using (tenant_id)
          where event_heads.tenant_id = entered.tenant
        ) as head
        left join lateral (
          select ${columns(sql)} from call_events
          where tenant_id = entered.tenant and seq > ${cursor.seq} and recorded_at >= ${new Date(cursor.recordedAt)}
          order by call_events.seq limit ${limit}
        ) as page on true
      order by page.seq`,
    ANSWER_MS,
  );
  const events: LogEvent[] = [];
  // Without news there is one row all the same, with the head.
  for (const row of rows) if (row.seq !== null) events.push(toEvent(row));
  return { events, headSeq: rows[0]?.head_seq ?? cursor.seq, settingsVersion: rows[0]?.version ?? 0 };
}

/** The end of the log now. */
export function readHead(db: Database, tenantId: string): Promise<Cursor> {
  return ask(db, tenantId, async (tx) => {
    const [head] = await tx<{ seq: number; recorded_at: number }[]>`
      select seq::float8, (extract(epoch from recorded_at) * 1000)::float8 as recorded_at
      from event_heads where tenant_id = ${tenantId}`;
    return { seq: head?.seq ?? 0, recordedAt: head?.recorded_at ?? 0 };
  });
}

/** Where an event of the log stands; null when it is not there (any more). */
export function readCursorAt(db: Database, tenantId: string, seq: number): Promise<Cursor | null> {
  return ask(db, tenantId, async (tx) => {
    const [row] = await tx<{ recorded_at: number }[]>`
      select (extract(epoch from recorded_at) * 1000)::float8 as recorded_at
      from call_events where tenant_id = ${tenantId} and seq = ${seq}`;
    return row ? { seq, recordedAt: row.recorded_at } : null;
  });
}

/** What `refold` asks for [L15]: the stories of these calls and agents since `since`, up to `seq`. */
export function readStories(
  db: Database,
  tenantId: string,
  request: RefoldRequest,
  range: { since: number; seq: number },
): Promise<LogEvent[]> {
  return ask(db, tenantId, async (tx) => {
    const within = tx`
      tenant_id = ${tenantId} and seq <= ${range.seq} and occurred_at >= ${new Date(range.since)}`;
    const theirs = tx`${within} and agent_id = any(${request.agentNames})`;
    // Four lookups, each with its index, rather than one condition no index serves.
    const found = await Promise.all([
      tx<Row[]>`select ${columns(tx)} from call_events where ${within} and kind = 'source.restarted'`,
      tx<Row[]>`select ${columns(tx)} from call_events where ${within} and call_id = any(${request.callIds})`,
      tx<Row[]>`select ${columns(tx)} from call_events where ${theirs}`,
      tx<Row[]>`
        select ${columns(tx)} from call_events
        where ${within} and call_id = any(array(select distinct call_id from call_events where ${theirs}))`,
    ]);
    const events = new Map<number, LogEvent>();
    for (const rows of found) for (const row of rows) events.set(row.seq, toEvent(row));
    return [...events.values()];
  });
}

/** Rows a page of the ordered reading: large enough that the round trip does not count, small enough to hold. */
const ORDERED_PAGE = 2_000;

/**
 * Every event between two instants (both included) numbered up to `seq`, in event order [L15]: what live state is
 * built from [L14]. Pages by (occurred_at, seq); events of one millisecond straddling two pages are put in order
 * within their page only, which folding mends.
 */
export async function* readOrdered(
  db: Database,
  tenantId: string,
  range: { since: number; until: number; seq: number },
): AsyncGenerator<LogEvent[]> {
  const read = (at: number, after: number) =>
    ask(
      db,
      tenantId,
      (tx) => tx<Row[]>`
        select ${columns(tx)} from call_events
        where tenant_id = ${tenantId} and seq <= ${range.seq}
          and occurred_at <= ${new Date(range.until)} and (occurred_at, seq) > (${new Date(at)}, ${after})
        order by call_events.occurred_at, call_events.seq limit ${ORDERED_PAGE}`,
    );
  for (let page = read(range.since, 0); ; ) {
    const rows = await page;
    const last = rows.at(-1);
    if (!last) return;
    const isFull = rows.length === ORDERED_PAGE;
    if (isFull) {
      // While the reader folds these, the database finds the next.
      page = read(last.occurred_at, last.seq);
      page.catch(() => {}); // A reader who goes on hears of it.
    }
    yield rows.map(toEvent).sort(compareOrder);
    if (!isFull) return;
  }
}

/** When the earliest event since `since` occurred (epoch ms); null where there is none. */
export function readFirstInstant(db: Database, tenantId: string, since: number): Promise<number | null> {
  return ask(db, tenantId, async (tx) => {
    const [row] = await tx<{ at: number | null }[]>`
      select (extract(epoch from min(occurred_at)) * 1000)::float8 as at
      from call_events where tenant_id = ${tenantId} and occurred_at >= ${new Date(since)}`;
    return row?.at ?? null;
  });
}

/** How many events occurred in `[since, until)`, counted no further than `limit`. */
export function countUpTo(
  db: Database,
  tenantId: string,
  { since, until, limit }: { since: number; until: number; limit: number },
): Promise<number> {
  return ask(db, tenantId, async (tx) => {
    const [row] = await tx<{ count: number }[]>`
      select count(*)::float8 as count from (
        select from call_events
        where tenant_id = ${tenantId} and occurred_at >= ${new Date(since)} and occurred_at < ${new Date(until)}
        limit ${limit}
      ) as found`;
    return row?.count ?? 0;
  });
}
