import type { Sql } from 'postgres';

/**
 * Tests and benches only: fills a table of which there is nothing yet, as the owner. Its indexes but for the primary key are made
 * afterwards, of all rows at once, in a third of the time; what is left is as after any autovacuum.
 */
export async function withoutIndexes(
  ownerSql: Sql,
  table: string,
  fill: () => Promise<unknown>,
): Promise<void> {
  const indexes = await ownerSql<{ name: string; definition: string }[]>`
    select indexname as name, indexdef as definition from pg_indexes
    where tablename = ${table} and indexname <> ${`${table}_pkey`}`;
  for (const { name } of indexes) await ownerSql`drop index ${ownerSql(name)}`;
  await fill();
  await ownerSql.begin(async (tx) => {
    await tx`set local maintenance_work_mem = '256MB'`;
    for (const { definition } of indexes) await tx.unsafe(definition);
  });
  await ownerSql`vacuum (analyze) ${ownerSql(table)}`;
}
