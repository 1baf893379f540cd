import { DateTime } from 'luxon';
import { pino } from 'pino';
import type { TransactionSql } from 'postgres';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SYSTEM } from '../../access/audit/audit.ts';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { createIngest } from '../../ingest/ingest.ts';
import { startEngine } from '../../live/engine.ts';
import { startFeed } from '../../live/feed.ts';
import { createTurns } from '../../live/lastWeek.ts';
import { type Cursor, readPage } from '../../live/readLog.ts';
import { append, silent, until } from '../../live/testing.ts';
import { readMarks } from './marks.ts';
import { runRetention } from './retention.ts';

let test: TestDatabase;
beforeEach(async () => {
  test = await createTestDatabase();
});
afterEach(() => test.close());

const NOW = Date.now();
/** The first of the UTC month so many before this one. */
const monthAgo = (months: number): DateTime =>
  DateTime.fromMillis(NOW, { zone: 'UTC' }).startOf('month').minus({ months });
const nameOf = (months: number): string => `call_events_${monthAgo(months).toFormat('yyyy_LL')}`;

/** Makes a month of the log as it was made then, for what is recorded in it afterwards. */
async function openMonth(months: number): Promise<void> {
  const sql = test.ownerSql;
  const [owner] = await sql<{ name: string }[]>`
    select relowner::regrole::text as name from pg_class where oid = 'call_events'::regclass`;
  const name = nameOf(months);
  await sql.unsafe(`
    create table ${name} (like call_events including defaults including constraints including indexes);
    alter table ${name} owner to ${owner?.name};
    alter table call_events attach partition ${name}
      for values from ('${monthAgo(months).toISO()}') to ('${monthAgo(months - 1).toISO()}')`);
}

/** Events with their keys, recorded and occurred on the second day of that month, numbered on. */
async function record(tenantId: string, months: number, count: number): Promise<void> {
  const at = monthAgo(months).plus({ days: 1 }).toJSDate();
  await test.ownerSql.begin(async (tx) => {
    await tx`
      insert into call_events (tenant_id, seq, recorded_at, occurred_at, kind, source, source_key, source_order, call_id,
        queue_id, body)
      select ${tenantId}, seq + n, ${at}, ${at}, 'call.queued', 'pbx', 'k' || seq + n, 0, 'c' || seq + n, 'q', '{}'
      from event_heads, generate_series(1, ${count}) n where tenant_id = ${tenantId}`;
    await tx`
      insert into event_keys (tenant_id, key, seq, digest)
      select ${tenantId}, md5('k' || seq + n)::uuid, seq + n, '' from event_heads, generate_series(1, ${count}) n
      where tenant_id = ${tenantId}`;
    await tx`update event_heads set seq = seq + ${count}, recorded_at = ${at} where tenant_id = ${tenantId}`;
  });
}

async function counts(tenantId: string) {
  const [row] = await test.ownerSql<{ events: number; keys: number; first: number | null }[]>`
    select (select count(*)::int from call_events where tenant_id = ${tenantId}) as events,
      (select count(*)::int from event_keys where tenant_id = ${tenantId}) as keys,
      (select min(seq)::int from call_events where tenant_id = ${tenantId}) as first`;
  return row;
}

async function months(): Promise<string[]> {
  const rows = await test.ownerSql<{ name: string }[]>`
    select relname as name from pg_class where relname ~ '^call_events_\\d' and relkind = 'r' order by 1`;
  return rows.map(({ name }) => name);
}

const run = (eventMonths: number | null, options: { now?: number; batch?: number } = {}) =>
  runRetention(test.db, options.now ?? NOW, silent, { eventMonths, batch: options.batch ?? 5_000 });

async function decide(tenantId: string, terms: Record<string, number>): Promise<void> {
  await inTenant(
    test.db,
    tenantId,
    (tx) => tx`update settings set ${tx(terms)} where tenant_id = ${tenantId}`,
  );
}

describe('months of the log', () => {
  it('older than the installation’s term go whole, in under a second each whatever they hold, and their keys after them', async () => {
    const { tenantId, tenantB } = test;
    for (const month of [5, 4, 3]) await openMonth(month);
    await record(tenantId, 5, 150_000);
    await record(tenantB, 4, 10);
    await record(tenantId, 4, 50_000);
    await record(tenantId, 3, 20);
    const before = new Date(monthAgo(3).toMillis());
    const took: number[] = [];
    const steps: (string | null)[] = [];
    do {
      const began = performance.now();
      const [row] = await test.db.sql<
        { step: string | null }[]
      >`select drop_event_partitions(${before}) as step`;
      took.push(performance.now() - began);
      steps.push(row?.step ?? null);
    } while (steps.at(-1) !== null);
    expect(steps).toEqual([
      `detached ${nameOf(5)}`,
      `dropped ${nameOf(5)}`,
      `detached ${nameOf(4)}`,
      `dropped ${nameOf(4)}`,
      null,
    ]);
    expect(Math.max(...took)).toBeLessThan(1_000);
    expect(await counts(tenantId)).toEqual({ events: 20, keys: 200_020, first: 200_001 });

    const removed = await run(3, { batch: 50_000 });
    expect(removed).toMatchObject({ partitions: [], events: 0, keys: 200_010 });
    expect(await counts(tenantId)).toEqual({ events: 20, keys: 20, first: 200_001 });
    expect(await counts(tenantB)).toEqual({ events: 0, keys: 0, first: null });
    expect(await readMarks(test.db, tenantId)).toMatchObject({
      eventsSince: monthAgo(3).toMillis(),
      keysFrom: 200_001,
    });
    expect(await run(3)).toMatchObject({ partitions: [], events: 0, keys: 0 });
  });

  it('are kept without a term; this month and the last whatever is asked', async () => {
    await openMonth(2);
    await record(test.tenantId, 2, 5);
    const all = await months();
    expect(await run(null)).toMatchObject({ partitions: [], events: 0, keys: 0 });
    expect(await months()).toEqual(all);
    const inTenYears = new Date(NOW + 3_650 * 86_400_000);
    for (let step: string | null = ''; step !== null; ) {
      const [row] = await test.db.sql<
        { step: string | null }[]
      >`select drop_event_partitions(${inTenYears}) as step`;
      step = row?.step ?? null;
    }
    expect(await months()).toEqual(all.filter((name) => name !== nameOf(2)));
    expect(await test.db.sql`select ensure_partitions() as made`).toEqual([{ made: [] }]);
  });

  it('are dropped by the next run where one stopped half-way, or somebody held the log', async () => {
    await openMonth(4);
    await record(test.tenantId, 4, 5);
    const before = new Date(monthAgo(2).toMillis());
    await test.ownerSql.begin(async (tx) => {
      await tx`select from call_events limit 1`;
      expect(await run(2)).toMatchObject({ partitions: [] });
    });
    expect(await months()).toContain(nameOf(4));
    expect((await readMarks(test.db, test.tenantId)).eventsSince).toBe(before.getTime());
    await test.db.sql`select drop_event_partitions(${before})`;
    expect(await run(2)).toMatchObject({ partitions: [nameOf(4)] });
    expect(await months()).not.toContain(nameOf(4));
  });

  it('are not the runtime role’s to drop by any other way', async () => {
    await expect(test.db.sql.unsafe(`drop table ${nameOf(0)}`)).rejects.toThrow('owner');
    await expect(test.db.sql.unsafe('delete from call_events')).rejects.toThrow('permission denied');
  });
});

describe('a tenant’s own terms', () => {
  it('[L1] take its oldest events in batches, their keys too; the rest is still without a gap, and others keep theirs', async () => {
    const { tenantId, tenantB } = test;
    await openMonth(3);
    await openMonth(2);
    for (const tenant of [tenantId, tenantB]) {
      await record(tenant, 3, 25);
      await record(tenant, 2, 10);
    }
    await decide(tenantId, { event_retention_months: 2 });
    expect(await run(null, { batch: 4 })).toMatchObject({ partitions: [], events: 25, keys: 25 });
    expect(await counts(tenantId)).toEqual({ events: 10, keys: 10, first: 26 });
    expect(await counts(tenantB)).toEqual({ events: 35, keys: 35, first: 1 });
    expect(await run(null, { batch: 4 })).toMatchObject({ events: 0, keys: 0 });
  });

  it('never reach what live is made of', async () => {
    await inTenant(test.db, test.tenantId, async (tx) => {
      await expect(
        tx.savepoint((save) => save`select forget_events(now() - interval '20 days', 10)`),
      ).rejects.toThrow('too recent');
    });
  });

  it('for facts and for roll-ups take what took place before, of every kind, and neither takes the other', async () => {
    const { db, tenantId, tenantB, ownerSql } = test;
    for (const tenant of [tenantId, tenantB]) await fill(tenant);
    const before = await rowsOf(tenantB);
    await ownerSql`insert into projection_checkpoints (tenant_id, version) values (${tenantId}, 7)`;
    await decide(tenantId, { fact_retention_months: 3 });
    expect(await run(null, { batch: 3 })).toMatchObject({ facts: 6 * 2, rollups: 0 });
    expect(await rowsOf(tenantId)).toEqual({ ...before, facts: before.facts / 2 });
    await decide(tenantId, { rollup_retention_months: 3 });
    expect(await run(null, { batch: 3 })).toMatchObject({ facts: 0, rollups: (4 + 4 + 4) * 2 });
    expect(await rowsOf(tenantId)).toEqual({ facts: before.facts / 2, rollups: before.rollups / 2 });
    expect(await rowsOf(tenantB)).toEqual(before);
    const [{ version } = { version: 0 }] = await ownerSql<{ version: number }[]>`
      select version::int from projection_checkpoints where tenant_id = ${tenantId}`;
    expect(version).toBe(8);
    expect(await readMarks(db, tenantId)).toEqual({
      eventsSince: 0,
      factsSince: monthAgo(3).toMillis(),
      rollupsSince: monthAgo(3).toMillis(),
      keysFrom: 1,
    });
  });

  /** Two of everything before the beginning of the month three ago, and two from then on. */
  async function fill(tenantId: string): Promise<void> {
    const cut = monthAgo(3).toJSDate();
    await test.ownerSql.begin(async (tx) => {
      for (const [i, days] of [-40, -1, 0, 1].entries()) {
        const at = new Date(cut.getTime() + days * 86_400_000);
        const id = `x${i % 2}`;
        await tx`
          insert into queue_visits (tenant_id, entered_at, call_id, nth, queue_id, source, origin, outcome, wait_ms,
            is_transferred, is_completed, is_inferred, is_called_back, earlier_queues)
          values (${tenantId}, ${at}, ${id}, 0, 'q', 's', 'inbound', 'abandoned', 1, false, false, false, false, '{}')`;
        for (const kind of ['missed', 'outbound'])
          await tx`
            insert into agent_metrics (tenant_id, identity, counted_at, call_id, kind, nth, queue_id, started_at,
              is_transferred, is_completed)
            values (${tenantId}, ${id}, ${at}, 'c', ${kind}, 0, 'q', ${at}, false, false)`;
        await tx`
          insert into agent_intervals (tenant_id, identity, started_at, state, queues)
          values (${tenantId}, ${id}, ${at}, 'paused', '{}')`;
        await tx`insert into dirty_buckets (tenant_id, kind, bucket, id) values (${tenantId}, 'queue', ${at}, 'q')`;
        await tx`
          insert into history_days (tenant_id, started_at, ended_at, fold)
          values (${tenantId}, ${at}, ${new Date(at.getTime() + 86_400_000)}, 'f')`;
        for (const grain of ['interval', 'hour', 'day', 'month']) {
          await zeros(tx, 'performance_trends', { tenant_id: tenantId, grain, bucket: at, queue_id: id });
          await zeros(tx, 'team_trends', { tenant_id: tenantId, grain, bucket: at });
        }
        for (const grain of ['day', 'month'])
          for (const queue_id of ['', 'q'])
            await zeros(tx, 'agent_trends', {
              tenant_id: tenantId,
              grain,
              bucket: at,
              queue_id,
              identity: id,
            });
      }
    });
  }

  /** A row with nothing in it but what is given. */
  async function zeros(
    tx: TransactionSql,
    table: string,
    given: Record<string, string | Date>,
  ): Promise<void> {
    const columns = await tx<{ name: string; type: string }[]>`
      select column_name as name, data_type as type from information_schema.columns
      where table_name = ${table} and is_nullable = 'NO' and column_default is null
        and not column_name = any (${Object.keys(given)})`;
    const empty = Object.fromEntries(
      columns.map(({ name, type }) => [
        name,
        type === 'bytea' ? Buffer.alloc(0) : type === 'jsonb' ? '[]' : type === 'ARRAY' ? '{}' : 0,
      ]),
    );
    await tx`insert into ${tx(table)} ${tx({ ...given, ...empty })}`;
  }

  async function rowsOf(tenantId: string): Promise<{ facts: number; rollups: number }> {
    const of = async (tables: string[]): Promise<number> => {
      let sum = 0;
      for (const table of tables) {
        const [row] = await test.ownerSql<{ rows: number }[]>`
          select count(*)::int as rows from ${test.ownerSql(table)} where tenant_id = ${tenantId}`;
        sum += row?.rows ?? 0;
      }
      return sum;
    };
    return {
      facts: await of(['queue_visits', 'agent_metrics', 'agent_intervals', 'dirty_buckets', 'history_days']),
      rollups: await of(['performance_trends', 'team_trends', 'agent_trends']),
    };
  }
});

describe('what is older than what is kept', () => {
  const parts = () => ({
    db: test.db,
    log: pino({ level: 'silent' }),
    registry: new Registry(),
    intervals: { policyMs: 0 },
    now: () => NOW,
  });
  const queued = (at: DateTime) => ({
    kind: 'call.queued',
    source: 'pbx',
    sourceKey: String(at.toMillis()),
    occurredAt: at.toMillis(),
    callId: 'c',
    queue: 'q',
  });

  it('[L2] is not taken in: its key may be gone, and it would count twice', async () => {
    const ingest = createIngest({ ...parts(), eventMonths: 3 });
    const send = (at: DateTime) => ingest.receive(test.tenantId, { events: [queued(at)], partial: true });
    expect(await send(monthAgo(3))).toMatchObject({ accepted: 1, rejected: 0 });
    expect(await send(monthAgo(3).minus({ milliseconds: 1 }))).toMatchObject({
      accepted: 0,
      rejections: [{ index: 0, field: 'occurredAt', message: expect.stringContaining('older is not kept') }],
    });
    await decide(test.tenantId, { event_retention_months: 2 });
    expect(await send(monthAgo(2).minus({ milliseconds: 1 }))).toMatchObject({ accepted: 0, rejected: 1 });
    expect(await send(monthAgo(2))).toMatchObject({ accepted: 1 });
    await ingest.close();
  });

  it('is not taken in either once the term has been made longer, or in a file, line by line', async () => {
    await decide(test.tenantId, { event_retention_months: 2 });
    await run(null);
    await inTenant(test.db, test.tenantId, (tx) => tx`update settings set event_retention_months = null`);
    const ingest = createIngest(parts());
    const line = (at: DateTime, id: string) => `${at.toSeconds()}|${id}|q|NONE|ENTERQUEUE||5551234|1\n`;
    async function* file(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${line(monthAgo(4), 'old')}${line(monthAgo(2), 'kept')}`);
    }
    const answer = await ingest.importAsterisk(
      {
        tenantId: test.tenantId,
        by: SYSTEM,
        source: 'asterisk',
        timeZone: 'UTC',
        name: 'x',
        format: 'lines',
        isFollowed: false,
      },
      file(),
    );
    expect(answer).toMatchObject({
      accepted: 1,
      rejected: 1,
      rejections: [{ line: 1, field: 'occurredAt' }],
    });
    await ingest.close();
  });
});

describe('[L1] with the beginning of the log gone', () => {
  it('a feed that starts from scratch reads all that is left, and live goes on', async () => {
    const { db, tenantId } = test;
    await openMonth(4);
    await openMonth(2);
    await record(tenantId, 4, 30);
    await record(tenantId, 2, 20);
    await run(3);
    expect(await counts(tenantId)).toMatchObject({ events: 20, first: 31 });

    let cursor: Cursor = { seq: 0, recordedAt: 0 };
    const taken: number[] = [];
    const feed = startFeed({
      read: (from, limit) => readPage(db, tenantId, from, limit),
      log: silent,
      onStatus() {},
      intervals: { pollMs: 10, pageSize: 7 },
      follower: {
        cursor: () => cursor,
        async settle() {},
        async take(events) {
          for (const event of events) {
            taken.push(event.seq);
            cursor = { seq: event.seq, recordedAt: event.recordedAt };
          }
        },
      },
    });
    const engine = startEngine({
      db,
      tenantId,
      log: silent,
      inTurn: createTurns(),
      intervals: { feed: { pollMs: 10 } },
      watcher: { onFolded() {}, onReset() {}, onStatus() {} },
    });
    await until(() => engine.view(), 'live state is built');
    const last = await append(db, tenantId, [
      { kind: 'call.queued', occurredAt: Date.now(), callId: 'new', queue: 'q', origin: 'inbound' },
    ]);
    expect(last).toBe(51);
    expect(await engine.untilSeq(last, 20_000)).toBe(true);
    expect(engine.view()?.state.open.size).toBe(1);
    await until(() => taken.length === 21, 'the feed has read everything');
    expect(taken).toEqual(Array.from({ length: 21 }, (_, i) => 31 + i));
    await engine.close();
    await feed.close();
  });
});
