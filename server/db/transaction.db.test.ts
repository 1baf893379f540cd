import { afterAll, beforeAll, expect, it } from 'vitest';
import { inTenant } from './connect.ts';
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
