import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from '../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { recordAudit, SYSTEM } from './audit.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

describe('the audit log', () => {
  it('is added to and read, and by the runtime role neither changed nor emptied', async () => {
    const { db, tenantId } = test;
    await inTenant(db, tenantId, (tx) =>
      recordAudit(tx, tenantId, SYSTEM, {
        action: 'key.created',
        subject: { id: '1', name: 'pbx' },
        after: { scopes: ['events:write'] },
      }),
    );
    const read = () => inTenant(db, tenantId, (tx) => tx`select action, after from analytics_audit_log`);
    const written = [{ action: 'key.created', after: { scopes: ['events:write'] } }];
    expect(await read()).toEqual(written);
    for (const statement of [
      "update analytics_audit_log set action = 'key.revoked'",
      'delete from analytics_audit_log',
      'truncate analytics_audit_log',
    ]) {
      const tried = inTenant(db, tenantId, (tx) => tx.unsafe(statement));
      await expect(tried, statement).rejects.toThrow('permission denied');
    }
    expect(await read()).toEqual(written);
  });

  it('is written with what it tells of or not at all', async () => {
    const { db, tenantId } = test;
    const failed = inTenant(db, tenantId, async (tx) => {
      await recordAudit(tx, tenantId, SYSTEM, { action: 'sector.added' });
      throw new Error('after all not');
    });
    await expect(failed).rejects.toThrow('after all not');
    const rows = await inTenant(
      db,
      tenantId,
      (tx) => tx`select from analytics_audit_log where action = 'sector.added'`,
    );
    expect(rows).toHaveLength(0);
  });
});
