import { afterAll, beforeAll, expect, it } from 'vitest';
import { story } from '../../shared/live/testing.ts';
import { projectAll } from '../analytics/reconciliation/testing.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { appendStory } from '../live/testing.ts';
import { proveDay } from './reconcileDay.ts';

let test: TestDatabase;
const NOW = Date.parse('2026-10-20T12:00:00Z');
const DATE = '2026-10-12';
beforeAll(async () => {
  test = await createTestDatabase();
  const start = Date.parse(`${DATE}T06:00:00Z`);
  await appendStory(
    test.db,
    test.tenantId,
    story({ seed: 3, calls: 30, agents: 3, queues: 2, start, everyMs: 240_000 }),
  );
  await projectAll(test.db, test.tenantId, NOW);
});
afterAll(() => test.close());

const said = (date: string) => proveDay(test.db, test.tenantId, date, NOW);

it('[R1] says that a day agrees, with its totals side by side', async () => {
  const { text, isProven } = await said(DATE);
  expect(isProven).toBe(true);
  expect(text).toMatch(
    /^2026-10-12: \d+ visits, settled at 2026-10-13T00:00:00.000Z; every one of \d+ figures agrees\.\n/,
  );
  expect(text).toMatch(/^ +metric +live +history +facts +recount +difference$/m);
  expect(text).toMatch(/^total +offered +(\d+) +\1 +\1 +\1 +0$/m);
  expect(text).not.toMatch(/^queue/m);
});

it('names what differs, and says why a day cannot be proven', async () => {
  const { ownerSql, tenantId } = test;
  await ownerSql`
    update performance_trends set answered = answered + 1
    where tenant_id = ${tenantId} and grain = 'day' and queue_id = 'q0' and bucket = ${DATE}::date`;
  const { text, isProven } = await said(DATE);
  expect(isProven).toBe(false);
  expect(text).toMatch(/; \d+ of \d+ figures differ\.$/m);
  expect(text).toMatch(/^queue q0 +answered +\d+ +\d+ +\d+ +\d+ +1$/m);
  expect(await said('2026-10-20')).toEqual({
    text: '2026-10-20: the day has not settled yet, not before 2026-10-21T00:00:00.000Z.\n',
    isProven: false,
  });
  await expect(said('2026-10-21')).rejects.toThrow('2026-10-21: must not be in the future');
});
