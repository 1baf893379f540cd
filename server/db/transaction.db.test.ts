import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { inTenant, readInTenant } from './connect.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

it('[S67] of two transactions that wait for each other one is done again: neither is an error to whoever asked', async () => {
  const { db, tenantId } = test;
  await inTenant(
    db,
    tenantId,
    (tx) =>
      tx`insert into sectors (tenant_id, id, name) values (${tenantId}, 'a', ''), (${tenantId}, 'b', '')`,
  );
  let both: () => void = () => {};
  const bothHold = new Promise<void>((resolve) => {
    both = resolve;
  });
  let holding = 0;
  const cross = (first: string, second: string) =>
    inTenant(db, tenantId, async (tx) => {
      await tx`select from sectors where tenant_id = ${tenantId} and id = ${first} for update`;
      if (++holding === 2) both();
      await bothHold;
      await tx`select from sectors where tenant_id = ${tenantId} and id = ${second} for update`;
      return first;
    });
  expect(await Promise.all([cross('a', 'b'), cross('b', 'a')])).toEqual(['a', 'b']);
  // One more than two; or more, where PostgreSQL finds each of them waiting at the same moment and undoes both.
  expect(holding).toBeGreaterThan(2);
});

describe('what is read, and not waited for at its end,', () => {
  /** One connection: whatever is asked next is asked on the one that read. */
  function oneConnection() {
    const sql = postgres(test.db.directUrl, { max: 1, fetch_types: false });
    onTestFinished(() => sql.end());
    return { sql };
  }
  const settings = ['app.tenant_id', 'plan_cache_mode', 'max_parallel_workers_per_gather'];
  const settingsOf = async ({ sql }: ReturnType<typeof oneConnection>) => {
    const [row] =
      await sql`select ${sql.unsafe(settings.map((name) => `current_setting('${name}', true)`).join(" || '/' || "))} as all`;
    return row?.all;
  };

  it('[S41] leaves neither its tenant nor its settings to who comes next, who may come before it has ended', async () => {
    const db = oneConnection();
    const read = () =>
      readInTenant(
        db,
        test.tenantId,
        (tx) => tx`select tenant_id from settings union all select tenant_id from settings`,
      );
    const seen = { tenant_id: test.tenantId };
    expect(await Promise.all([read(), db.sql`select tenant_id from settings`])).toEqual([[seen, seen], []]);
    expect(await settingsOf(db)).toBe('/auto/2');
    expect(await readInTenant(db, test.tenantB, (tx) => tx`select tenant_id from settings`)).toEqual([
      { tenant_id: test.tenantB },
    ]);
  });

  it('says what failed, and its connection is as it was', async () => {
    const db = oneConnection();
    const failing = (tx: Parameters<Parameters<typeof readInTenant>[2]>[0]) =>
      Promise.all([tx`select 1 / (select 0) as one`, tx`select tenant_id from settings`]);
    await expect(readInTenant(db, test.tenantId, failing)).rejects.toThrow('division by zero');
    expect(await settingsOf(db)).toBe('/auto/2');
    expect(await readInTenant(db, test.tenantB, (tx) => tx`select tenant_id from settings`)).toEqual([
      { tenant_id: test.tenantB },
    ]);
  });

  it('writes nothing: whoever tries is told, since nobody would hear of it at the end', async () => {
    const writing = readInTenant(
      test.db,
      test.tenantId,
      (tx) => tx`insert into sectors (tenant_id, id, name) values (${test.tenantId}, 'read', '')`,
    );
    await expect(writing).rejects.toThrow('read-only transaction');
  });

  it('is of one instant, whatever is committed between two of its statements', async () => {
    const count = (tx: Parameters<Parameters<typeof readInTenant>[2]>[0]) =>
      tx`select count(*)::int as n from sectors`;
    const [before, after] = await readInTenant(test.db, test.tenantId, async (tx) => {
      const before = await count(tx);
      await inTenant(
        test.db,
        test.tenantId,
        (other) => other`
        insert into sectors (tenant_id, id, name) values (${test.tenantId}, 'meanwhile', '')`,
      );
      return [before, await count(tx)];
    });
    expect(after).toEqual(before);
  });

  it('fails where its connection is lost, and others go on', async () => {
    const db = oneConnection();
    const losing = readInTenant(db, test.tenantId, async (tx) => {
      const [own] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      await test.ownerSql`select pg_terminate_backend(${own?.pid ?? 0})`;
      return tx`select tenant_id from settings`;
    });
    await expect(losing).rejects.toThrow();
    // The driver may tell the first one on a new connection, too, why the old one was ended.
    await vi.waitFor(async () => {
      const rows = await readInTenant(db, test.tenantB, (tx) => tx`select tenant_id from settings`);
      expect(rows).toEqual([{ tenant_id: test.tenantB }]);
    });
  });
});
