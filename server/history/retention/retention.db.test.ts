import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { readMarks } from './marks.ts';
import { counts, decide, monthAgo, NOW, nameOf, openMonth, record, runRetention } from './testing.ts';

let test: TestDatabase;
beforeEach(async () => {
  test = await createTestDatabase();
});
afterEach(() => test.close());

async function months(): Promise<string[]> {
  const rows = await test.ownerSql<{ name: string }[]>`
    select relname as name from pg_class where relname ~ '^call_events_\\d' and relkind = 'r' order by 1`;
  return rows.map(({ name }) => name);
}

const run = (eventMonths: number | null, { batch = 5_000 } = {}) =>
  runRetention(test, { eventMonths, batch });

describe('months of the log', () => {
  it('older than the installation’s term go whole, whatever they hold, and their keys after them', async () => {
    const { tenantId, tenantB } = test;
    for (const month of [5, 4, 3]) await openMonth(test, month);
    await record(test, tenantId, 5, 150_000);
    await record(test, tenantB, 4, 10);
    await record(test, tenantId, 4, 50_000);
    await record(test, tenantId, 3, 20);
    const before = new Date(monthAgo(3).toMillis());
    const steps: (string | null)[] = [];
    do {
      const [row] = await test.db.sql<
        { step: string | null }[]
      >`select drop_event_partitions(${before}) as step`;
      steps.push(row?.step ?? null);
    } while (steps.at(-1) !== null);
    expect(steps).toEqual([
      `detached ${nameOf(5)}`,
      `dropped ${nameOf(5)}`,
      `detached ${nameOf(4)}`,
      `dropped ${nameOf(4)}`,
      null,
    ]);
    expect(await counts(test, tenantId)).toEqual({ events: 20, keys: 200_020, first: 200_001 });

    const removed = await run(3, { batch: 50_000 });
    expect(removed).toMatchObject({ partitions: [], events: 0, keys: 200_010 });
    expect(await counts(test, tenantId)).toEqual({ events: 20, keys: 20, first: 200_001 });
    expect(await counts(test, tenantB)).toEqual({ events: 0, keys: 0, first: null });
    expect(await readMarks(test.db, tenantId)).toMatchObject({
      eventsSince: monthAgo(3).toMillis(),
      keysFrom: 200_001,
    });
    expect(await run(3)).toMatchObject({ partitions: [], events: 0, keys: 0 });
  });

  it('are kept without a term; this month and the last whatever is asked', async () => {
    await openMonth(test, 2);
    await record(test, test.tenantId, 2, 5);
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
    await openMonth(test, 4);
    await record(test, test.tenantId, 4, 5);
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
    await openMonth(test, 3);
    await openMonth(test, 2);
    for (const tenant of [tenantId, tenantB]) {
      await record(test, tenant, 3, 25);
      await record(test, tenant, 2, 10);
    }
    await decide(test, tenantId, { event_retention_months: 2 });
    expect(await run(null, { batch: 4 })).toMatchObject({ partitions: [], events: 25, keys: 25 });
    expect(await counts(test, tenantId)).toEqual({ events: 10, keys: 10, first: 26 });
    expect(await counts(test, tenantB)).toEqual({ events: 35, keys: 35, first: 1 });
    expect(await run(null, { batch: 4 })).toMatchObject({ events: 0, keys: 0 });
  });

  it('never reach what live is made of', async () => {
    await inTenant(test.db, test.tenantId, async (tx) => {
      await expect(
        tx.savepoint((save) => save`select forget_events(now() - interval '20 days', 10)`),
      ).rejects.toThrow('too recent');
    });
  });
});
