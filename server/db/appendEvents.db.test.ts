import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inTenant } from './connect.ts';
import { append, type Item, item } from './testing/items.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let test: TestDatabase;
let tenantId: string;
let tenants = 0;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());
beforeEach(async () => {
  tenantId = await test.newTenant(`Tenant ${++tenants}`);
});

const appendTo = (tenant: string, items: Item[]) => inTenant(test.db, tenant, (tx) => append(tx, items));

describe('numbering [L1]', () => {
  it('[L1] gives a tenant 1, 2, 3 … in the order of the batch, and each tenant its own', async () => {
    const first = await appendTo(tenantId, [item('a'), item('b')]);
    const second = await appendTo(tenantId, [item('c')]);
    const other = await appendTo(test.tenantB, [item('a')]);
    expect(first).toEqual({ accepted: 2, duplicates: 0, conflicts: [], lastSeq: 2, seqs: [1, 2] });
    expect(second).toMatchObject({ lastSeq: 3, seqs: [3] });
    expect(other).toMatchObject({ lastSeq: 1, seqs: [1] });
  });

  it('[L1] many writers with rollbacks leave no gap, and a reader at any moment sees 1…n without a hole', async () => {
    const writers = 8;
    const rounds = 30;
    const sql = postgres(test.db.directUrl, { max: writers });
    const reading = new AbortController();
    const reader = readWithoutHoles(tenantId, reading.signal);
    let committed = 0;
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (let round = 0; round < rounds; round++) {
          const size = 1 + ((writer + round) % 4);
          const items = Array.from({ length: size }, (_, i) => item(`${writer}-${round}-${i}`));
          const isKept = (writer + round) % 3 !== 0;
          await inTenant({ sql }, tenantId, async (tx) => {
            const { accepted } = await append(tx, items);
            if (!isKept) throw new Error('rolled back');
            committed += accepted;
          }).catch((error: Error) => {
            if (error.message !== 'rolled back') throw error;
          });
        }
      }),
    );
    reading.abort();
    expect(await reader).toBeGreaterThan(0);
    await sql.end();
    const [row] = await test.ownerSql`
      select count(*)::integer as rows, min(seq)::integer as first, max(seq)::integer as last,
        count(distinct seq)::integer as numbers
      from call_events where tenant_id = ${tenantId}`;
    expect(row).toEqual({ rows: committed, first: 1, last: committed, numbers: committed });
  });

  it('[L1] numbers follow the order of commits: recorded_at never falls as seq rises, even from a head ahead of the clock', async () => {
    await appendTo(tenantId, [item('a')]);
    await test.ownerSql`
      update event_heads set recorded_at = recorded_at + interval '1 hour' where tenant_id = ${tenantId}`;
    await appendTo(tenantId, [item('b')]);
    await appendTo(tenantId, [item('c')]);
    const rows = await inTenant(
      test.db,
      tenantId,
      (tx) => tx<{ ahead: boolean; falls: boolean | null }[]>`
      select recorded_at > now() + interval '59 minutes' as ahead,
        recorded_at < lag(recorded_at) over (order by seq) as falls
      from call_events order by seq`,
    );
    expect(rows.map((row) => row.ahead)).toEqual([false, true, true]);
    expect(rows.some((row) => row.falls)).toBe(false);
  });

  /** What a feed does: always `seq > cursor`. A hole would be an event lost for good. */
  async function readWithoutHoles(tenant: string, signal: AbortSignal): Promise<number> {
    let cursor = 0;
    while (!signal.aborted) {
      const rows = await inTenant(
        test.db,
        tenant,
        (tx) => tx<{ seq: number }[]>`
        select seq::integer as seq from call_events where seq > ${cursor} order by seq`,
      );
      for (const { seq } of rows) {
        expect(seq).toBe(cursor + 1);
        cursor = seq;
      }
    }
    return cursor;
  }
});

describe('a writer that hangs', () => {
  it('is cut off after a minute: its transaction holds the lock every other writer of the tenant waits for', async () => {
    const limit = async (tx: postgres.ISql) => {
      const [row] = await tx`select current_setting('idle_in_transaction_session_timeout') as value`;
      return row?.value;
    };
    const sql = postgres(test.db.directUrl, { max: 1 });
    const within = await inTenant({ sql }, tenantId, async (tx) => {
      await append(tx, [item('a')]);
      return limit(tx);
    });
    expect([within, await limit(sql)]).toEqual(['1min', '0']);
    await sql.end();
  });
});

describe('idempotency [L2]', () => {
  it('[L2] [S60] a batch sent again changes nothing and is counted as duplicates', async () => {
    const batch = [item('a'), item('b'), item('c')];
    await appendTo(tenantId, batch);
    const again = await appendTo(tenantId, [item('z'), ...batch]);
    expect(again).toEqual({
      accepted: 1,
      duplicates: 3,
      conflicts: [],
      lastSeq: 4,
      seqs: [4, null, null, null],
    });
  });

  it('[L2] [S60] the same batch from many clients at once is stored once', async () => {
    const batch = Array.from({ length: 50 }, (_, i) => item(`same-${i}`));
    const answers = await Promise.all(Array.from({ length: 8 }, () => appendTo(tenantId, batch)));
    expect(answers.reduce((sum, answer) => sum + answer.accepted, 0)).toBe(50);
    expect(answers.reduce((sum, answer) => sum + answer.duplicates, 0)).toBe(350);
    expect(answers.every((answer) => answer.lastSeq === 50)).toBe(true);
  });

  it('[L2] the same key with other content is a duplicate, named in conflicts, and the stored event stays', async () => {
    await appendTo(tenantId, [item('a', { body: { position: 1 } })]);
    const answer = await appendTo(tenantId, [
      item('a', { body: { position: 1 } }),
      item('a', { body: { position: 2 } }),
      item('a', { body: { position: 1 }, queue: 'support' }),
      item('b'),
      item('b', { occurredAt: 0 }),
    ]);
    expect(answer).toMatchObject({ accepted: 1, duplicates: 4, conflicts: [1, 2, 4] });
    const [row] = await inTenant(test.db, tenantId, (tx) => tx`select body from call_events where seq = 1`);
    expect(row).toEqual({ body: { position: 1 } });
  });

  it('[L2] where an event was read is not its content: another line or import is no conflict', async () => {
    await appendTo(tenantId, [item('a', { sourceOrder: 7 })]);
    const again = item('a', { sourceOrder: 12, importId: '6b6f6e7a-0000-4000-8000-000000000000' });
    expect(await appendTo(tenantId, [again])).toMatchObject({ duplicates: 1, conflicts: [] });
  });
});

describe('what is stored', () => {
  it('keeps any millisecond since 2000 exactly, and every field', async () => {
    const instants = fc.sample(fc.integer({ min: Date.UTC(2000), max: Date.UTC(2100) }), {
      numRuns: 990,
      seed: 7,
    });
    const batch = [...instants, 0, Date.UTC(2000) + 1, 1_763_892_000_999].map((occurredAt, i) =>
      item(`t${i}`, { occurredAt, sourceOrder: i, agent: 'Agent/1', body: { text: 'a|b "c" \u{1f600}' } }),
    );
    await appendTo(tenantId, batch);
    const rows = await inTenant(
      test.db,
      tenantId,
      (tx) => tx`
      select kind, source, source_key, source_order::integer, call_id, queue_id, agent_id, body,
        occurred_at, extract(microseconds from occurred_at)::integer % 1000 as rest
      from call_events order by seq`,
    );
    expect(rows.map((row) => ({ ...row, occurred_at: row.occurred_at.getTime() }))).toEqual(
      batch.map((given) => ({
        kind: given.kind,
        source: given.source,
        source_key: given.sourceKey,
        source_order: given.sourceOrder,
        call_id: given.callId,
        queue_id: given.queue,
        agent_id: given.agent,
        body: given.body,
        occurred_at: given.occurredAt,
        rest: 0,
      })),
    );
  });

  it('makes queues and people seen for the first time, but no membership names and no aliases', async () => {
    await appendTo(tenantId, [item('a', { queue: 'sales', agent: 'Agent/7', isPerson: true })]);
    await inTenant(
      test.db,
      tenantId,
      (tx) => tx`
      insert into agent_aliases (tenant_id, alias, agent_id, origin)
      values (${tenantId}, 'SIP/7', 'Agent/7', 'inferred')`,
    );
    await appendTo(tenantId, [
      item('b', { queue: 'sales', agent: 'SIP/7', isPerson: true }),
      item('c', { queue: 'support', agent: 'SIP/9', isPerson: false }),
    ]);
    const { queues, agents } = await inTenant(test.db, tenantId, async (tx) => ({
      queues: await tx`select id, name, sector_id from queues order by id`,
      agents: await tx`select id from agents`,
    }));
    expect(queues).toEqual([
      { id: 'sales', name: 'sales', sector_id: 'unassigned' },
      { id: 'support', name: 'support', sector_id: 'unassigned' },
    ]);
    expect(agents).toEqual([{ id: 'Agent/7' }]);
  });

  it('moves settings.version when a queue is new, and leaves it when nothing is', async () => {
    const version = () =>
      inTenant(test.db, tenantId, (tx) => tx`select version::integer from settings`).then(
        ([row]) => row?.version,
      );
    const before = await version();
    await appendTo(tenantId, [item('a', { queue: 'new' })]);
    const after = await version();
    await appendTo(tenantId, [item('b', { queue: 'new' })]);
    expect(after).toBeGreaterThan(before);
    expect(await version()).toBe(after);
  });
});

describe('waking [L3]', () => {
  it('[L3] one notification a transaction with the tenant id only, none for duplicates or a rollback', async () => {
    const listener = postgres(test.db.directUrl, { max: 1 });
    const heard: string[] = [];
    let settle: (payload: string) => void = () => {};
    await listener.listen('callboard_events', (payload) => {
      heard.push(payload);
      if (payload === test.tenantB) settle(payload);
    });
    const heardLast = new Promise((resolve) => {
      settle = resolve;
    });
    await inTenant(test.db, tenantId, async (tx) => {
      await append(tx, [item('a'), item('b')]);
      await append(tx, [item('c')]);
    });
    await appendTo(tenantId, [item('a')]);
    await inTenant(test.db, tenantId, async (tx) => {
      await append(tx, [item('d')]);
      throw new Error('rolled back');
    }).catch(() => {});
    // Notifications arrive in commit order, so once this one is here, all before it are.
    await appendTo(test.tenantB, [item(`last-${tenantId}`)]);
    await heardLast;
    await listener.end();
    expect(heard).toEqual([tenantId, test.tenantB]);
  });
});
