import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type LiveSettings } from '../../../shared/contract/settings.ts';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import {
  countAgents,
  countQueues,
  countTeams,
  rowsOfAgents,
  rowsOfQueues,
  rowsOfTeams,
} from './countedBySql.ts';
import { rebuildRollUps } from './rebuildRollUps.ts';
import { randomFacts, recomputeAll, writeFacts } from './testing.ts';

const START = Date.UTC(2026, 4, 30, 20);
const HOUR_MS = 3_600_000;
const NOW = START + 60 * HOUR_MS;
const SETTINGS: LiveSettings = { ...DEFAULT_SETTINGS, timeZone: 'Europe/Berlin' };

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

/** Facts without any mark. */
async function centre(name: string): Promise<string> {
  const tenantId = await test.newTenant(name);
  const facts = randomFacts({ seed: 31, calls: 120, start: START, end: START + 40 * HOUR_MS });
  await inTenant(test.db, tenantId, (tx) => writeFacts(tx, tenantId, facts, SETTINGS));
  await test.ownerSql`delete from dirty_buckets where tenant_id = ${tenantId}`;
  return tenantId;
}

async function expectCounted(tenantId: string, settings = SETTINGS): Promise<void> {
  const { ownerSql } = test;
  const expectation = { settings, now: NOW };
  expect(await rowsOfQueues(ownerSql, tenantId)).toEqual([
    ...(await countQueues(ownerSql, tenantId, expectation)),
  ]);
  expect(await rowsOfTeams(ownerSql, tenantId)).toEqual(await countTeams(ownerSql, tenantId, expectation));
  expect(await rowsOfAgents(ownerSql, tenantId)).toEqual(await countAgents(ownerSql, tenantId, expectation));
}

it('[L11] a rebuild makes every row from the facts alone, and says how far it is', async () => {
  const tenantId = await centre('Rebuilt');
  const heard: number[] = [];
  const options = { settings: SETTINGS, now: () => NOW, onProgress: (done: number) => heard.push(done) };
  expect(await rebuildRollUps(test.db, tenantId, options)).toEqual({ done: true });
  expect(heard.at(-1)).toBe(1);
  await expectCounted(tenantId);
});

it('[L11] rows of which no fact is left are gone after it', async () => {
  const tenantId = await centre('Emptied');
  await rebuildRollUps(test.db, tenantId, { settings: SETTINGS, now: () => NOW });
  for (const table of ['queue_visits', 'agent_metrics', 'agent_intervals'])
    await test.ownerSql`delete from ${test.ownerSql(table)} where tenant_id = ${tenantId} and
      ${test.ownerSql(table === 'queue_visits' ? 'entered_at' : table === 'agent_metrics' ? 'counted_at' : 'started_at')}
      < ${new Date(START + 30 * HOUR_MS)}`;
  await rebuildRollUps(test.db, tenantId, { settings: SETTINGS, now: () => NOW });
  await expectCounted(tenantId);
});

it('[T1] after another zone or start of day no row is left under a key of the old', async () => {
  const tenantId = await centre('Moved');
  await rebuildRollUps(test.db, tenantId, { settings: SETTINGS, now: () => NOW });
  const moved = { ...SETTINGS, timeZone: 'America/New_York', dayStartMinutes: 120 };
  await rebuildRollUps(test.db, tenantId, { settings: moved, now: () => NOW });
  await expectCounted(tenantId, moved);
});

it('[L11] stopped, it goes on where it was, or whoever recomputes next does', async () => {
  const tenantId = await centre('Stopped');
  expect(
    await rebuildRollUps(test.db, tenantId, { settings: SETTINGS, now: () => NOW, isOver: () => true }),
  ).toEqual({
    done: false,
  });
  const left = async () =>
    (await test.ownerSql`select from dirty_buckets where tenant_id = ${tenantId}`).length;
  const before = await left();
  expect(before).toBeGreaterThan(100);
  await recomputeAll(test.db, tenantId, { settings: SETTINGS, now: START + 20 * HOUR_MS });
  const rest = await left();
  expect(rest).toBeLessThan(before);
  expect(
    await rebuildRollUps(test.db, tenantId, { settings: SETTINGS, now: () => NOW, isOver: () => true }),
  ).toEqual({
    done: false,
  });
  expect(await left()).toBe(rest);
  await rebuildRollUps(test.db, tenantId, { settings: SETTINGS, now: () => NOW });
  await expectCounted(tenantId);
});
