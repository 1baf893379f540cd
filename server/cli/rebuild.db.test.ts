import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { around, createTrial, SETTINGS } from '../history/rollUps/trial.ts';
import { rebuild } from './rebuild.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

it('[L11] counts a tenant’s figures from its visits, by its own settings; stopped, it leaves the rest marked', async () => {
  const trial = createTrial(test);
  const tenantId = await trial.aTenant();
  const { timeZone, dayStartMinutes } = SETTINGS;
  await test.ownerSql`
    update settings set time_zone = ${timeZone}, day_start_minutes = ${dayStartMinutes} where tenant_id = ${tenantId}`;
  await trial.write(tenantId, around(3));
  await test.ownerSql`delete from dirty_buckets where tenant_id = ${tenantId}`;
  const stopped = { signal: AbortSignal.abort(), stream: process.stderr };
  expect(await rebuild(test.db, tenantId, stopped)).toBe(false);
  expect(await trial.marks(tenantId)).toBeGreaterThan(100);
  expect(await rebuild(test.db, tenantId, { ...stopped, signal: new AbortController().signal })).toBe(true);
  await trial.expectCounted(tenantId, { settings: SETTINGS, now: Date.now() });
});
