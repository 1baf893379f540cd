import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { recordAudit, SYSTEM, stranger } from './audit.ts';
import { createRefusals } from './refusals.ts';

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

describe('refusals', () => {
  const from = stranger({ address: '192.0.2.1', requestId: 'r' });
  const written = (tenantId: string) =>
    inTenant(
      test.db,
      tenantId,
      (tx) => tx<{ after: { more?: number } }[]>`
        select after from analytics_audit_log where action = 'session.refused' order by occurred_at`,
    );

  it('[S74] [L13] of thousands to one account are four lines: three, and how many more there were', async () => {
    const tenantId = await test.newTenant('sprayed');
    const refusals = createRefusals({ db: test.db, log: pino({ level: 'silent' }) });
    for (let i = 0; i < 5_000; i++)
      refusals.note('account', async () => [tenantId], from, { action: 'session.refused', after: {} });
    await refusals.close();
    expect((await written(tenantId)).map(({ after }) => after.more)).toEqual([
      undefined,
      undefined,
      undefined,
      4_997,
    ]);
  });

  it('[L13] of thousands of accounts at once are dropped beyond what waits, and never in the way', async () => {
    const tenantId = await test.newTenant('scanned');
    const refusals = createRefusals({ db: test.db, log: pino({ level: 'silent' }) });
    for (let i = 0; i < 10_000; i++)
      refusals.note(`account ${i}`, async () => [tenantId], from, { action: 'session.refused', after: {} });
    await refusals.close();
    expect(await written(tenantId)).toHaveLength(200);
  });

  it('that cannot be written are somebody else’s trouble', async () => {
    const refusals = createRefusals({ db: test.db, log: pino({ level: 'silent' }) });
    const away = async () => {
      throw new Error('the database is away');
    };
    refusals.note('account', away, from, { action: 'session.refused' });
    await refusals.close();
  });
});
