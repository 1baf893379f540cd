import pino from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { inTenant } from './connect.ts';
import { keepPartitionsAhead } from './partitions.ts';
import { append, item } from './testing/items.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let test: TestDatabase;
beforeEach(async () => {
  test = await createTestDatabase();
});
afterEach(() => test.close());

const silent = pino({ level: 'silent' });

async function partitions(): Promise<string[]> {
  const rows = await test.ownerSql<{ name: string }[]>`
    select inhrelid::regclass::text as name from pg_inherits where inhparent = 'call_events'::regclass order by 1`;
  return rows.map((row) => row.name);
}

it('covers last month to three months ahead, and a second call makes nothing', async () => {
  // The ones there are may have been made last month, before this run's last midnight.
  for (const name of await partitions()) await test.ownerSql`drop table ${test.ownerSql(name)}`;
  const [row] = await test.ownerSql`
    with made as materialized (select ensure_partitions())
    select (select count(*) from made), array_agg('call_events_' || to_char(month, 'YYYY_MM') order by month) as expected
    from generate_series(date_trunc('month', now() at time zone 'UTC') - interval '1 month',
      date_trunc('month', now() at time zone 'UTC') + interval '3 months', '1 month') month`;
  expect(await partitions()).toEqual(row?.expected);
  expect(await test.db.sql`select ensure_partitions() as made`).toEqual([{ made: [] }]);
});

it('makes a partition while readers and writers hold the log open, and they go on', async () => {
  const last = (await partitions()).at(-1) ?? '';
  await test.ownerSql`drop table ${test.ownerSql(last)}`;
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isInside: () => void = () => {};
  const inside = new Promise<void>((resolve) => {
    isInside = resolve;
  });
  const holder = inTenant(test.db, test.tenantId, async (tx) => {
    await tx`select count(*) from call_events`;
    await append(tx, [item('held')]);
    isInside();
    await released;
    return append(tx, [item('after')]);
  });
  await inside;
  expect(await test.db.sql`select ensure_partitions() as made`).toEqual([{ made: [last] }]);
  const other = await inTenant(test.db, test.tenantB, (tx) => append(tx, [item('other')]));
  expect(other.accepted).toBe(1);
  release();
  expect(await holder).toMatchObject({ lastSeq: 2 });
});

it('a new partition has the log’s indexes, and the policy holds for what is in it', async () => {
  await test.ownerSql`update event_heads set recorded_at = now() + interval '3 months'`;
  await inTenant(test.db, test.tenantId, (tx) => append(tx, [item('a')]));
  const [row] = await test.ownerSql`
    select tableoid::regclass::text as partition,
      (select count(*)::integer from pg_index where indrelid = call_events.tableoid) as indexes,
      (select count(*)::integer from pg_index where indrelid = 'call_events'::regclass) as expected
    from call_events`;
  expect(row?.partition).toBe((await partitions()).at(-1));
  expect(row?.indexes).toBe(row?.expected);
  const seen = await inTenant(test.db, test.tenantB, (tx) => tx`select seq from call_events`);
  expect(seen).toEqual([]);
});

it('keeps on trying: what could not be made is made at the next turn', async () => {
  const last = (await partitions()).at(-1) ?? '';
  await test.ownerSql`revoke execute on function ensure_partitions() from callboard_app`;
  const keeper = await keepPartitionsAhead(test.db.sql, silent, 20);
  await test.ownerSql`drop table ${test.ownerSql(last)}`;
  await test.ownerSql`grant execute on function ensure_partitions() to callboard_app`;
  await vi.waitFor(async () => expect(await partitions()).toContain(last), { timeout: 30_000, interval: 20 });
  await keeper.close();
});
