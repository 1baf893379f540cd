import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inTenant } from '../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { createCentres } from './centre.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

it('[S41] how far a tenant is is read without a transaction, and leaves its name to nobody on the connection', async () => {
  const sql = postgres(test.db.directUrl, { max: 1, fetch_types: false });
  const centres = createCentres({ ...test.db, sql });
  const versionOf = async (tenantId: string) => (await centres.read(tenantId)).checkpoint.settingsVersion;
  const [a, b] = [await versionOf(test.tenantId), await versionOf(test.tenantB)];
  await inTenant(test.db, test.tenantB, (tx) => tx`update settings set week_start = 7`);
  const of = async (tenantId: string) => {
    const { calendar, checkpoint } = await centres.read(tenantId);
    return [checkpoint.settingsVersion, calendar.weekStart];
  };
  // All at once on one connection: each still is of its own tenant.
  const unnamed = sql`select current_setting('app.tenant_id', true) as tenant, (select count(*)::int from settings) as seen`;
  expect(await Promise.all([of(test.tenantId), of(test.tenantB), unnamed])).toEqual([
    [a, 1],
    [b + 1, 7],
    [{ tenant: '', seen: 0 }],
  ]);
  await expect(centres.read('0c000000-0000-4000-8000-00000000000f')).rejects.toMatchObject({
    code: 'not_found',
  });
  await sql.end();
});
