import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from './connect.ts';
import { append, type Item, item } from './testing/items.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const appendTo = (tenant: string, items: Item[]) => inTenant(test.db, tenant, (tx) => append(tx, items));

describe('what append_events refuses', () => {
  const refusal = (attempt: Promise<unknown>) =>
    attempt.then(
      () => 'accepted',
      (error: Error) => error.message,
    );

  it('[L1] refuses to append without a tenant, for a tenant that does not exist, or under another isolation', async () => {
    const { sql } = test.db;
    const call = JSON.stringify([item('a')]);
    expect(await refusal(sql`select append_events(${call}::text::jsonb)`)).toContain('no tenant');
    const nobody = '99999999-0000-4000-8000-000000000000';
    expect(await refusal(appendTo(nobody, [item('a')]))).toContain('no tenant');
    const serializable = sql.begin('isolation level repeatable read', async (tx) => {
      await tx`select set_config('app.tenant_id', ${test.tenantId}, true)`;
      await append(tx, [item('a')]);
    });
    expect(await refusal(serializable)).toContain('read committed');
  });

  it('[L1] refuses a second tenant in one transaction, and more than 1,000 events', async () => {
    const both = inTenant(test.db, test.tenantId, async (tx) => {
      await append(tx, [item('a')]);
      await tx`select set_config('app.tenant_id', ${test.tenantB}, true)`;
      await append(tx, [item('a')]);
    });
    expect(await refusal(both)).toContain('one tenant a transaction');
    const many = Array.from({ length: 1_001 }, (_, i) => item(`m${i}`));
    expect(await refusal(appendTo(test.tenantId, many))).toContain('1,000');
  });

  it('[L1] the runtime role cannot write the log, the keys or the heads itself', async () => {
    const tables = ['call_events', 'event_keys', 'event_heads'];
    for (const table of tables) {
      for (const action of ['insert', 'update', 'delete', 'truncate']) {
        const [row] = await test.db.sql`select has_table_privilege(${table}, ${action}) as allowed`;
        expect({ table, action, ...row }).toEqual({ table, action, allowed: false });
      }
    }
  });
});
