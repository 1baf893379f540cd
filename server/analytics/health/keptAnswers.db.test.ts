import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/contract/settings.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { append } from '../../live/testing.ts';
import { answeredVisit, insertVisits } from '../calls/testing.ts';
import { recountHealth } from './recountHealth.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await test.ownerSql`insert into projection_checkpoints (tenant_id) values (${test.tenantId})`;
});
afterAll(() => test.close());

const DAY_MS = 86_400_000;
const day = { start: Date.UTC(2026, 1, 2), end: Date.UTC(2026, 1, 3) };

/** Whether counting the day anew makes answers that are kept worthless. */
async function moves(): Promise<boolean> {
  const { db, ownerSql, tenantId } = test;
  await ownerSql`update projection_checkpoints set version = 0`;
  await recountHealth(db, tenantId, day, DEFAULT_SETTINGS, day.end + DAY_MS);
  const [row] = await ownerSql<{ version: number }[]>`select version::int from projection_checkpoints`;
  return row?.version !== 0;
}

const tell = (callId: string, queueId: string) =>
  insertVisits(test.ownerSql, test.tenantId, [
    answeredVisit({ callId, queueId, source: 'pbx', enteredAt: day.start, waitMs: 1, talkMs: 1 }),
  ]);

it('kept answers hold until a warning changes, or whom it concerns, and through any number of visits', async () => {
  await tell('1', 'help');
  await moves();
  expect(await moves()).toBe(false);
  await append(test.db, test.tenantId, [
    { kind: 'source.restarted', source: 'pbx', occurredAt: day.start + 1 },
  ]);
  expect(await moves()).toBe(true);
  await tell('2', 'help');
  expect(await moves()).toBe(false);
  await tell('3', 'sales');
  expect(await moves()).toBe(true);
});
