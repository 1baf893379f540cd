import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type LiveSettings } from '../../../shared/contract/settings.ts';
import { queueSettings } from '../../../shared/live/testing.ts';
import { thresholdsFingerprint } from '../../../shared/metrics/thresholds.ts';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { recomputeDue } from './recomputeDue.ts';
import { restampAll } from './restampAll.ts';
import { randomFacts, readRollUps, recomputeAll, writeFacts } from './testing.ts';

const START = Date.UTC(2026, 4, 30, 20);
const HOUR_MS = 3_600_000;
/** While callers still wait. */
const NOW = START + 13 * HOUR_MS;
const OLD: LiveSettings = {
  ...DEFAULT_SETTINGS,
  queues: new Map([['q1', { ...queueSettings('s'), thresholdSeconds: 45 }]]),
};

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

let tenants = 0;

/** A tenant whose roll-ups were made under `settings`. */
async function centre(settings: LiveSettings): Promise<string> {
  const tenantId = await test.newTenant(`Tenant ${tenants++}`);
  const { visits } = randomFacts({ seed: 21, calls: 150, start: START, end: START + 12 * HOUR_MS });
  await inTenant(test.db, tenantId, (tx) => writeFacts(tx, tenantId, { visits }, settings));
  await recomputeAll(test.db, tenantId, { settings, now: NOW });
  return tenantId;
}

const rowsOf = async (tenantId: string) =>
  JSON.stringify((await readRollUps(test.ownerSql, tenantId)).queues).replaceAll(tenantId, '');

const stampedOf = async (tenantId: string) => {
  const [row] = await test.ownerSql`select stamped from projection_checkpoints where tenant_id = ${tenantId}`;
  return row?.stamped;
};

it.each([
  ['thresholds up to 600 s', { thresholdSeconds: 90, shortAbandonSeconds: 8 }],
  ['a threshold beyond 600 s', { thresholdSeconds: 800 }],
  ['another maximum wait', { maxWaitSeconds: 60 }],
  ['a queue that has its own no longer', { queues: new Map() }],
])('[L11] after a change to %s every row is as if made under it', async (_, change) => {
  const settings = { ...OLD, ...change };
  const [tenantId, fresh] = [await centre(OLD), await centre(settings)];
  expect(await rowsOf(tenantId)).not.toBe(await rowsOf(fresh));
  expect(await restampAll(test.db, tenantId, { settings, now: () => NOW })).toEqual({ done: true });
  expect(await rowsOf(tenantId)).toBe(await rowsOf(fresh));
  expect(await stampedOf(tenantId)).toBe(thresholdsFingerprint(settings));
});

it('[L11] stopped at any point it leaves rows that say how they are stamped, and goes on when called again', async () => {
  const settings = { ...OLD, thresholdSeconds: 90 };
  const [tenantId, fresh] = [await centre(OLD), await centre(settings)];
  for (let calls = 0, steps = 0; ; calls++) {
    let left = steps++;
    const { done } = await restampAll(test.db, tenantId, {
      settings,
      now: () => NOW,
      isOver: () => left-- <= 0,
    });
    if (done) break;
    expect(await stampedOf(tenantId)).not.toBe(thresholdsFingerprint(settings));
    expect(calls).toBeLessThan(40);
  }
  expect(await rowsOf(tenantId)).toBe(await rowsOf(fresh));
});

it('[L11] rows written under other thresholds take the stamp off the whole', async () => {
  const tenantId = await centre(OLD);
  await restampAll(test.db, tenantId, { settings: OLD, now: () => NOW });
  expect(await stampedOf(tenantId)).toBe(thresholdsFingerprint(OLD));
  const { visits } = randomFacts({ seed: 22, calls: 3, start: START, end: START + HOUR_MS });
  await inTenant(test.db, tenantId, (tx) => writeFacts(tx, tenantId, { visits }, OLD));
  await recomputeDue(test.db, tenantId, { settings: OLD, now: NOW });
  expect(await stampedOf(tenantId)).toBe(thresholdsFingerprint(OLD));
  await inTenant(test.db, tenantId, (tx) => writeFacts(tx, tenantId, { visits }, OLD));
  await recomputeDue(test.db, tenantId, { settings: { ...OLD, thresholdSeconds: 21 }, now: NOW });
  expect(await stampedOf(tenantId)).toBe('');
});

it('a centre without any rows is stamped at once', async () => {
  const tenantId = await test.newTenant('Empty');
  expect(await restampAll(test.db, tenantId, { settings: OLD, now: () => NOW })).toEqual({ done: true });
  expect(await stampedOf(tenantId)).toBe(thresholdsFingerprint(OLD));
});
