import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { until } from '../../live/testing.ts';
import { marksIn, moveMarks, readMarks } from './marks.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const isWaiting = async () => {
  const rows = await test.ownerSql`
    select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like '%retention_marks%'`;
  return rows.length > 0;
};

describe('retention marks', () => {
  it('[L10] of a tenant’s first night stand still, too, for whoever writes by them', async () => {
    const tenantId = await test.newTenant('new');
    const factsSince = Date.parse('2026-01-01T00:00:00Z');
    const [before, meanwhile, moving] = await inTenant(test.db, tenantId, async (tx) => {
      const first = await marksIn(tx, tenantId);
      const move = moveMarks(test.db, tenantId, { factsSince });
      await until(isWaiting, 'whoever moves them waits');
      return [first, await marksIn(tx, tenantId), move.then(() => null, String)] as const;
    });
    expect(before).toEqual({ eventsSince: 0, factsSince: 0, rollupsSince: 0, keysFrom: 1 });
    expect(meanwhile).toEqual(before);
    expect(await moving).toBeNull();
    expect(await readMarks(test.db, tenantId)).toEqual({ ...before, factsSince });
  });
});
