import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from '../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { claimFold, moveCheckpoint } from './checkpoint.ts';

/** Two that lead at once: one of them was deposed, and does not know yet. */

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

describe('a leader deposed without knowing', () => {
  const place = { seq: 0, recordedAt: 0 };
  const claim = (id: string, version: number, foldName: string) =>
    inTenant(test.db, id, (tx) => claimFold(tx, id, { version, foldName }));
  const write = (id: string, foldName: string) =>
    inTenant(test.db, id, (tx) => moveCheckpoint(tx, id, foldName, place, place));

  it('[L15] writes nothing it folded under settings that have changed since, though the log has not moved', async () => {
    const tenantId = await test.newTenant('two');
    await claim(tenantId, 1, 'old');
    await write(tenantId, 'old');
    await claim(tenantId, 2, 'new');
    await expect(write(tenantId, 'old')).rejects.toThrow('checkpoint');
    await write(tenantId, 'new');
  });

  it('does not claim a fold of settings older than those somebody folds by', async () => {
    const tenantId = await test.newTenant('claims');
    await claim(tenantId, 7, 'a');
    await claim(tenantId, 7, 'b');
    await expect(claim(tenantId, 6, 'a')).rejects.toThrow('later settings');
    await claim(tenantId, 9, 'a');
    await expect(claim(tenantId, 8, 'b')).rejects.toThrow('later settings');
  });
});
