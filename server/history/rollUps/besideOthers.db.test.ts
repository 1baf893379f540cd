import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { recomputeDue } from './recomputeDue.ts';
import { randomFacts, readRollUps, recomputeAll, writeFacts } from './testing.ts';
import { around, createTrial, DAY_MS, SETTINGS, START, type Trial } from './trial.ts';

let test: TestDatabase;
let aTenant: Trial['aTenant'];
let write: Trial['write'];
let marks: Trial['marks'];
let expectCounted: Trial['expectCounted'];
beforeAll(async () => {
  test = await createTestDatabase();
  ({ aTenant, write, marks, expectCounted } = createTrial(test));
});
afterAll(() => test.close());

describe('recomputing beside others', () => {
  it('[L11] two at once leave what one would', async () => {
    const tenantId = await aTenant();
    const expectation = { settings: SETTINGS, now: START + 9 * DAY_MS };
    await write(tenantId, around(8));
    const options = { ...expectation, limit: 20 };
    const done = await Promise.all([1, 2, 3].map(() => recomputeAll(test.db, tenantId, options)));
    expect(done.every((buckets) => buckets > 0)).toBe(true);
    await expectCounted(tenantId, expectation);
  });

  it('[L11] facts written while their bucket is recomputed are not lost, whoever is first', async () => {
    const tenantId = await aTenant();
    const expectation = { settings: SETTINGS, now: START + 9 * DAY_MS };
    const [visit, ...more] = randomFacts({
      seed: 9,
      calls: 40,
      start: START,
      end: START + 60_000,
      queues: 1,
    }).visits;
    if (visit === undefined) throw new Error('no visit');
    await write(tenantId, { visits: [visit] });
    let committed = () => {};
    const held = new Promise<void>((resolve) => (committed = resolve));
    let isMarked = () => {};
    const marked = new Promise<void>((resolve) => (isMarked = resolve));
    // It marks the bucket, which is marked, and stays open: recomputing passes it by.
    const writer = inTenant(test.db, tenantId, async (tx) => {
      await writeFacts(tx, tenantId, { visits: more.slice(0, 5) }, SETTINGS);
      isMarked();
      await held;
    });
    await marked;
    expect(await recomputeDue(test.db, tenantId, expectation)).toEqual({ buckets: 0, more: false });
    committed();
    await writer;
    expect(await recomputeAll(test.db, tenantId, expectation)).toBe(1);
    await expectCounted(tenantId, expectation);
    // Many times over, with both at once.
    for (const late of more.slice(5)) {
      await Promise.all([write(tenantId, { visits: [late] }), recomputeDue(test.db, tenantId, expectation)]);
    }
    await recomputeAll(test.db, tenantId, expectation);
    await expectCounted(tenantId, expectation);
  });

  it('[L11] a round that fails leaves every mark', async () => {
    const tenantId = await aTenant();
    await write(tenantId, around(10, 30));
    const before = await marks(tenantId);
    const zone = { ...SETTINGS, timeZone: 'Nowhere/At_All' };
    await expect(
      recomputeDue(test.db, tenantId, { settings: zone, now: START + 9 * DAY_MS }),
    ).rejects.toThrow();
    expect(await marks(tenantId)).toBe(before);
    expect((await readRollUps(test.ownerSql, tenantId)).queues).toEqual([]);
  });

  it('[L10] another tenant’s marks and facts are no affair of this one', async () => {
    const [one, other] = [await aTenant(), await aTenant()];
    for (const tenantId of [one, other]) await write(tenantId, around(11, 20));
    const before = await marks(other);
    await recomputeAll(test.db, one, { settings: SETTINGS, now: START + 9 * DAY_MS });
    expect(await marks(other)).toBe(before);
    expect((await readRollUps(test.ownerSql, other)).queues).toEqual([]);
  });
});
