import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { schema } from './schema.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

it('schema.ts names the same tables, columns, types, nulls, defaults and primary keys as the migrations', async () => {
  const columns = await test.ownerSql<{ table: string; column: string }[]>`
    select c.relname::text as table, a.attname::text as column, format_type(a.atttypid, a.atttypmod) as type,
      a.attnotnull as required, a.atthasdef as default,
      coalesce(a.attnum = any (k.conkey), false) as key
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`;
  const declared = Object.values(schema).flatMap((table: PgTable) => {
    const { name, columns, primaryKeys } = getTableConfig(table);
    const key = new Set(primaryKeys.flatMap((primary) => primary.columns.map((column) => column.name)));
    return columns.map((column) => ({
      table: name,
      column: column.name,
      type: column.getSQLType(),
      required: column.notNull,
      default: column.hasDefault,
      key: column.primary || key.has(column.name),
    }));
  });
  const sorted = <T extends { table: string; column: string }>(rows: readonly T[]) =>
    [...rows].sort((a, b) => (`${a.table}.${a.column}` < `${b.table}.${b.column}` ? -1 : 1));
  expect(sorted(declared)).toEqual(sorted(columns));
});

it('Drizzle reads and writes through a client of its own: the pool’s dates stay dates', async () => {
  const rows = await test.db.orm.transaction(async (tx) => {
    await tx.execute(`select set_config('app.tenant_id', '${test.tenantId}', true)`);
    return tx.select().from(schema.sectors);
  });
  expect(rows).toMatchObject([{ id: 'unassigned', createdAt: expect.any(Date) }]);
  expect(await test.db.sql`select now() as now`).toMatchObject([{ now: expect.any(Date) }]);
});
